package dev.metaprompt.image;

import java.util.Arrays;
import java.util.Objects;

/**
 * What an image goes through before the encoder, as {@code preprocessor_config.json} states it.
 *
 * @param resize pixels the shorter side is resized to, at least {@code crop}
 * @param crop side of the central square in pixels, at least 1
 * @param mean of each channel, of values in [0, 1]
 * @param std standard deviation of each channel, above 0
 * @param colorOrder whether an image becomes RGB before it is resized or after, which no such file states
 */
public record Preprocessing(int resize, int crop, float[] mean, float[] std, ColorOrder colorOrder) {
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
        Objects.requireNonNull(colorOrder, "colorOrder");
        mean = mean.clone();
        std = std.clone();
    }

    /**
     * Describes what images go through that become RGB first.
     *
     * @param resize as above
     * @param crop as above
     * @param mean as above
     * @param std as above
     */
    public Preprocessing(int resize, int crop, float[] mean, float[] std) {
        this(resize, crop, mean, std, ColorOrder.CONVERT_FIRST);
    }

    /**
     * Returns the same in another order of colour conversion.
     *
     * @param order the order
     * @return sizes and normalisation as here
     */
    public Preprocessing with(ColorOrder order) {
        return new Preprocessing(resize, crop, mean, std, order);
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
