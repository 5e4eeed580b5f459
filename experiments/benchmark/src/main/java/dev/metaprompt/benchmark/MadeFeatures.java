package dev.metaprompt.benchmark;

import dev.metaprompt.RandomStream;

/**
 * Image features that need no image: a direction for each class, and noise about it. What a training costs does not
 * depend on their values; they differ by class so that there is something to learn.
 */
final class MadeFeatures {
    private static final double NOISE = 0.8;

    private MadeFeatures() {}

    /**
     * Makes features.
     *
     * @param purpose another one gives other noise about other directions
     * @param classes C
     * @param rowsPerClass r
     * @param width D
     * @return C · r · D values, class by class
     */
    static float[] of(String purpose, int classes, int rowsPerClass, int width) {
        float[] values = new float[classes * rowsPerClass * width];
        double[] direction = new double[width];
        int next = 0;
        for (int c = 0; c < classes; c++) {
            RandomStream random = RandomStream.of(PreparedTraining.SEED, purpose, c);
            for (int i = 0; i < width; i++) {
                direction[i] = random.nextGaussian();
            }
            for (int row = 0; row < rowsPerClass; row++) {
                for (int i = 0; i < width; i++) {
                    values[next++] = (float) (direction[i] + NOISE * random.nextGaussian());
                }
            }
        }
        return values;
    }
}
