package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.feature.Rows;

/**
 * Labelled training images of one half of the classes, from which supports are drawn.
 *
 * @param classes C
 * @param shots images a class
 * @param features unnormalised image features [C · shots, D], class by class
 */
public record SupportSet(int classes, int shots, NDArray features) {
    /**
     * Picks the supports of T tasks at once.
     *
     * @param classIndices [T][N] which classes
     * @param images [T][N][K] which images of each class, 0 ≤ image &lt; shots
     * @return [T, N, K, D]
     */
    NDArray pick(int[][] classIndices, int[][][] images) {
        int way = images[0].length;
        int shot = images[0][0].length;
        long[] rows = new long[images.length * way * shot];
        int next = 0;
        for (int t = 0; t < images.length; t++) {
            for (int i = 0; i < way; i++) {
                for (int image : images[t][i]) {
                    rows[next++] = (long) classIndices[t][i] * shots + image;
                }
            }
        }
        return Rows.pick(features, rows)
                .reshape(images.length, way, shot, features.getShape().get(1));
    }
}
