package dev.metaprompt.feature;

import dev.metaprompt.image.Preprocessing;
import java.util.Arrays;

/**
 * Describes what images go through before the encoder: two that differ in anything give two descriptions, but for the
 * order of colour conversion, which matters for some images alone and stands beside it.
 */
final class Preparation {
    private Preparation() {}

    static String describe(Preprocessing preprocessing) {
        return "resize " + preprocessing.resize() + " crop " + preprocessing.crop() + " bicubic mean "
                + Arrays.toString(preprocessing.mean()) + " std " + Arrays.toString(preprocessing.std());
    }
}
