package dev.metaprompt.pretrain;

import dev.metaprompt.InvalidInputException;

/**
 * How long and on what nano-CLIP is trained.
 *
 * @param steps optimiser steps, at least 1
 * @param groups groups of 47 images a step, at least 1
 * @param learningRate highest learning rate, above 0
 * @param warmup steps over which the learning rate rises, at least 1
 * @param seed seed of weights, images, captions and batches
 * @param imagesPerClass distinct images a class, at least 1
 */
public record PretrainingOptions(
        int steps, int groups, double learningRate, int warmup, long seed, int imagesPerClass) {
    /** What the embedded weights were trained with. */
    public static final PretrainingOptions SHIPPED = new PretrainingOptions(1500, 4, 3e-3, 100, 20, 400);

    /** Checks the ranges. */
    public PretrainingOptions {
        atLeastOne("pretrain.steps", steps);
        atLeastOne("pretrain.groups", groups);
        atLeastOne("pretrain.warmup", warmup);
        atLeastOne("pretrain.imagesPerClass", imagesPerClass);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new InvalidInputException(
                    "pretrain.learningRate is " + learningRate + "; a number above 0 and at most 1 is allowed.");
        }
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new InvalidInputException(key + " is " + value + "; a whole number of at least 1 is allowed.");
        }
    }
}
