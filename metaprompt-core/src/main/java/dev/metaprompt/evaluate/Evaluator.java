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

    // Rows of supports that are looked at together: 24 classes of 2 in all draws at once, a thousand classes of 16 not.
    private static final int SUPPORTS_AT_ONCE = 4096;

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
     * Scores of the same images with and without multi-modal prototypes.
     *
     * @param text zero-shot inference; empty if the method cannot score these classes
     * @param multimodal percent, mean over {@link #SUPPORT_DRAWS} fixed draws of K supports; empty for methods without
     *     prototypes
     */
    public record Both(Optional<Scores> text, Optional<Double> multimodal) {}

    /**
     * Scores images in both ways; the classes are encoded once.
     *
     * @param parameters the method's parameters
     * @param images the images
     * @param supports where supports are drawn from
     * @return the scores
     */
    public Both both(Map<String, NDArray> parameters, TestSet images, SupportSet supports) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Optional<NDArray> features = method.textFeatures(parameters, images.set());
            if (features.isEmpty()) {
                return new Both(text(parameters, images), Optional.empty());
            }
            NDArray text = features.get();
            Scores scores = Scores.of(text.normalize(2, -1), images.features(), images.labels(), scale);
            return new Both(Optional.of(scores), Optional.of(multimodal(parameters, images, supports, text)));
        }
    }

    private double multimodal(Map<String, NDArray> parameters, TestSet images, SupportSet supports, NDArray text) {
        int shots = Math.min(shot, supports.shots());
        int atOnce = Math.max(1, SUPPORTS_AT_ONCE / (supports.classes() * shots));
        NDArray queries = Scores.scaled(images.features(), scale);
        double sum = 0;
        for (int from = 0; from < SUPPORT_DRAWS; from += atOnce) {
            int draws = Math.min(atOnce, SUPPORT_DRAWS - from);
            sum += multimodal(parameters, queries, images.labels(), draw(supports, shots, from, draws), text);
        }
        return sum / SUPPORT_DRAWS;
    }

    // [draws, C, K, D]
    private NDArray draw(SupportSet supports, int shots, int from, int draws) {
        int[][] classes = new int[draws][];
        int[][][] images = new int[draws][supports.classes()][];
        for (int i = 0; i < draws; i++) {
            classes[i] = IntStream.range(0, supports.classes()).toArray();
            for (int c : classes[i]) {
                images[i][c] =
                        RandomStream.of(seed, "evaluation-support", from + i, c).sample(supports.shots(), shots);
            }
        }
        return supports.pick(classes, images);
    }

    // The sum of the accuracies of some draws: one product gives the logits of all of them.
    private double multimodal(
            Map<String, NDArray> parameters, NDArray queries, int[] labels, NDArray support, NDArray text) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            long draws = support.getShape().get(0);
            int classes = (int) support.getShape().get(1);
            long width = text.getShape().get(1);
            NDArray repeated = text.expandDims(0).broadcast(draws, classes, width);
            NDArray prototypes = method.prototypes(parameters, repeated, support);
            float[] p = queries.matMul(
                            prototypes.reshape(draws * classes, width).transpose())
                    .reshape(labels.length * draws, classes)
                    .softmax(-1)
                    .toFloatArray();
            int correct = 0;
            for (int i = 0; i < p.length / classes; i++) {
                correct += Scores.best(p, i * classes, classes) == labels[i / (int) draws] ? 1 : 0;
            }
            return 100.0 * correct / labels.length;
        }
    }
}
