package dev.metaprompt.image;

import java.util.Arrays;

/**
 * What an image goes through before the encoder, as {@code preprocessor_config.json} states it.
 *
 * @param resize pixels the shorter side is resized to, at least {@code crop}
 * @param crop side of the central square in pixels, at least 1
 * @param mean of each channel, of values in [0, 1]
 * @param std standard deviation of each channel, above 0
 */
public record Preprocessing(int resize, int crop, float[] mean, float[] std) {
    /** OpenAI's: 224 pixels, the mean and deviation of CLIP's training images. */
    public static final Preprocessing CLIP_224 =
            new Preprocessing(224, 224, new float[] {0.48145466f, 0.4578275f, 0.40821073f}, new float[] {
                0.26862954f, 0.26130258f, 0.27577711f
            });

    private static final int LARGEST = 4096;

    /** Checks the ranges and copies the arrays. */
    public Preprocessing {
        if (crop < 1 || resize < crop || resize > LARGEST) {
            throw new IllegalArgumentException(
                    "resize " + resize + ", crop " + crop + ": allowed is 1 ≤ crop ≤ resize ≤ " + LARGEST);
        }
        if (mean.length != 3 || std.length != 3) {
            throw new IllegalArgumentException(
                    mean.length + " means and " + std.length + " deviations: allowed is one a channel, 3");
        }
        for (int i = 0; i < 3; i++) {
            if (!Float.isFinite(mean[i]) || !Float.isFinite(std[i]) || std[i] <= 0) {
                throw new IllegalArgumentException("mean " + Arrays.toString(mean) + ", std " + Arrays.toString(std)
                        + ": allowed are finite numbers, std above 0");
            }
        }
        mean = mean.clone();
        std = std.clone();
    }

    /**
     * Returns the means.
     *
     * @return a copy, [3]
     */
    @Override
    public float[] mean() {
        return mean.clone();
    }

    /**
     * Returns the standard deviations.
     *
     * @return a copy, [3]
     */
    @Override
    public float[] std() {
        return std.clone();
    }
}
