package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.metaprompt.RandomStream;
import dev.metaprompt.feature.Rows;
import dev.metaprompt.method.Method;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** N-way K-shot accuracy over test episodes: supports from the training split, queries from the test split. */
public final class TestEpisodes {
    /** Query images of a class in an episode, at most; as in Snell et al. 2017. */
    public static final int QUERIES = 15;

    private final Method method;
    private final double scale;
    private final int way;
    private final int shot;
    private final long seed;

    /**
     * Creates the evaluation.
     *
     * @param method a method with prototypes
     * @param scale s
     * @param way N; fewer where there are fewer classes
     * @param shot K
     * @param seed the run's seed
     */
    public TestEpisodes(Method method, double scale, int way, int shot, long seed) {
        this.method = method;
        this.scale = scale;
        this.way = way;
        this.shot = shot;
        this.seed = seed;
    }

    /**
     * Runs the episodes.
     *
     * @param parameters the method's parameters
     * @param images test images
     * @param supports where supports are drawn from
     * @param episodes how many, at least 2
     * @return mean and interval of the accuracy in percent; empty for methods without prototypes
     */
    public Optional<Summary> run(Map<String, NDArray> parameters, TestSet images, SupportSet supports, int episodes) {
        List<int[]> byClass = byClass(images);
        int[] scorable = IntStream.range(0, byClass.size())
                .filter(c -> byClass.get(c).length > 0)
                .toArray();
        if (scorable.length < 2) {
            return Optional.empty();
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return method.textFeatures(parameters, images.set()).map(text -> {
                double[] accuracies = new double[episodes];
                for (int episode = 0; episode < episodes; episode++) {
                    RandomStream random = RandomStream.of(seed, "test-episode", episode);
                    accuracies[episode] = run(parameters, images, supports, text, byClass, scorable, random);
                }
                return Summary.of(accuracies);
            });
        }
    }

    private double run(
            Map<String, NDArray> parameters,
            TestSet images,
            SupportSet supports,
            NDArray text,
            List<int[]> byClass,
            int[] scorable,
            RandomStream random) {
        int[] classes = Arrays.stream(random.sample(scorable.length, Math.min(way, scorable.length)))
                .map(i -> scorable[i])
                .toArray();
        int[][] support = new int[classes.length][];
        List<Integer> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            support[i] = random.sample(supports.shots(), Math.min(shot, supports.shots()));
            int[] own = byClass.get(classes[i]);
            for (int j : random.sample(own.length, Math.min(QUERIES, own.length))) {
                rows.add(own[j]);
                labels.add(i);
            }
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray query = Rows.pick(
                    images.features(),
                    rows.stream().mapToLong(Integer::longValue).toArray());
            NDArray ownText =
                    Rows.pick(text, Arrays.stream(classes).asLongStream().toArray());
            NDArray prototypes = method.prototypes(parameters, ownText, supports.pick(classes, support));
            int[] truth = labels.stream().mapToInt(Integer::intValue).toArray();
            return Scores.of(prototypes, query, truth, scale).accuracy();
        }
    }

    private static List<int[]> byClass(TestSet images) {
        return IntStream.range(0, images.classes().size())
                .mapToObj(c -> IntStream.range(0, images.labels().length)
                        .filter(i -> images.labels()[i] == c)
                        .toArray())
                .toList();
    }
}
