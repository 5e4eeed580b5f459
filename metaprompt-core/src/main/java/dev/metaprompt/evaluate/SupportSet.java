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
     * Picks supports.
     *
     * @param classIndices [N] which classes
     * @param images [N][K] which images of each class, 0 ≤ image &lt; shots
     * @return [N, K, D]
     */
    public NDArray pick(int[] classIndices, int[][] images) {
        int shot = images[0].length;
        long[] rows = new long[classIndices.length * shot];
        for (int i = 0; i < classIndices.length; i++) {
            for (int k = 0; k < shot; k++) {
                rows[i * shot + k] = (long) classIndices[i] * shots + images[i][k];
            }
        }
        return Rows.pick(features, rows)
                .reshape(classIndices.length, shot, features.getShape().get(1));
    }
}
