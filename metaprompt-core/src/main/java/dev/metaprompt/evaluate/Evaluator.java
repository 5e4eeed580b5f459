package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.metaprompt.RandomStream;
import dev.metaprompt.method.Method;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Scores a method with given parameters on given images. */
public final class Evaluator {
    /** Fixed draws of supports over which multi-modal accuracy is a mean. */
    public static final int SUPPORT_DRAWS = 10;

    private final Method method;
    private final double scale;
    private final int shot;
    private final long seed;

    /**
     * Creates the evaluator.
     *
     * @param method what is scored
     * @param scale s
     * @param shot K, supports a class of a multi-modal prototype
     * @param seed the run's seed: it alone decides the draws
     */
    public Evaluator(Method method, double scale, int shot, long seed) {
        this.method = method;
        this.scale = scale;
        this.shot = shot;
        this.seed = seed;
    }

    /**
     * Scores images by zero-shot inference: text classifier alone.
     *
     * @param parameters the method's parameters
     * @param images the images
     * @return the scores; empty if the method cannot score these classes
     */
    public Optional<Scores> text(Map<String, NDArray> parameters, TestSet images) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return method.classifier(parameters, images.set())
                    .map(classifier -> Scores.of(classifier, images.features(), images.labels(), scale));
        }
    }

    /**
     * Computes the accuracy with multi-modal prototypes, mean over {@link #SUPPORT_DRAWS} fixed draws of K supports.
     *
     * @param parameters the method's parameters
     * @param images the images
     * @param supports where supports are drawn from
     * @return percent; empty for methods without prototypes
     */
    public Optional<Double> multimodal(Map<String, NDArray> parameters, TestSet images, SupportSet supports) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return method.textFeatures(parameters, images.set()).map(text -> {
                double sum = 0;
                for (int draw = 0; draw < SUPPORT_DRAWS; draw++) {
                    sum += multimodal(parameters, images, supports, text, draw);
                }
                return sum / SUPPORT_DRAWS;
            });
        }
    }

    private double multimodal(
            Map<String, NDArray> parameters, TestSet images, SupportSet supports, NDArray text, int draw) {
        int[] classes = IntStream.range(0, supports.classes()).toArray();
        int[][] support = new int[classes.length][];
        for (int c : classes) {
            support[c] = RandomStream.of(seed, "evaluation-support", draw, c)
                    .sample(supports.shots(), Math.min(shot, supports.shots()));
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray prototypes = method.prototypes(parameters, text, supports.pick(classes, support));
            return Scores.of(prototypes, images.features(), images.labels(), scale)
                    .accuracy();
        }
    }
}
