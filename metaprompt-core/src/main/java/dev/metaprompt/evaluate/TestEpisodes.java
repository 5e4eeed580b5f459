package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.metaprompt.RandomStream;
import dev.metaprompt.feature.Rows;
import dev.metaprompt.method.Method;
import dev.metaprompt.statistics.Summary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** N-way K-shot accuracy over test episodes: supports from the training split, queries from the test split. */
public final class TestEpisodes {
    /** Query images of a class in an episode, at most; as in Snell et al. 2017. */
    public static final int QUERIES = 15;

    // Query rows that are scored together: 4 MB a thousand of CLIP's widest features.
    private static final int QUERIES_AT_ONCE = 4096;

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
                List<Episode> drawn = IntStream.range(0, episodes)
                        .mapToObj(i -> draw(supports, byClass, scorable, RandomStream.of(seed, "test-episode", i)))
                        .toList();
                return Summary.of(accuracies(parameters, images, supports, text, drawn));
            });
        }
    }

    /** An episode as indices: classes [N], supports [N][K], rows of the test set and their labels below N. */
    private record Episode(int[] classes, int[][] support, int[] rows, int[] labels) {}

    private Episode draw(SupportSet supports, List<int[]> byClass, int[] scorable, RandomStream random) {
        int[] classes = Arrays.stream(random.sample(scorable.length, Math.min(way, scorable.length)))
                .map(i -> scorable[i])
                .toArray();
        int[][] support = new int[classes.length][];
        IntStream.Builder rows = IntStream.builder();
        IntStream.Builder labels = IntStream.builder();
        for (int i = 0; i < classes.length; i++) {
            support[i] = random.sample(supports.shots(), Math.min(shot, supports.shots()));
            int[] own = byClass.get(classes[i]);
            for (int j : random.sample(own.length, Math.min(QUERIES, own.length))) {
                rows.add(own[j]);
                labels.add(i);
            }
        }
        return new Episode(
                classes, support, rows.build().toArray(), labels.build().toArray());
    }

    private double[] accuracies(
            Map<String, NDArray> parameters,
            TestSet images,
            SupportSet supports,
            NDArray text,
            List<Episode> episodes) {
        int longest = episodes.stream().mapToInt(e -> e.rows.length).max().orElseThrow();
        int atOnce = Math.max(1, QUERIES_AT_ONCE / longest);
        double[] accuracies = new double[episodes.size()];
        for (int from = 0; from < accuracies.length; from += atOnce) {
            List<Episode> some = episodes.subList(from, Math.min(accuracies.length, from + atOnce));
            float[] p = probabilities(parameters, images, supports, text, some, longest);
            for (int i = 0; i < some.size(); i++) {
                accuracies[from + i] = accuracy(some.get(i), p, i * longest);
            }
        }
        return accuracies;
    }

    // [T · longest, N]; an episode with fewer queries has rows that nobody reads.
    private float[] probabilities(
            Map<String, NDArray> parameters,
            TestSet images,
            SupportSet supports,
            NDArray text,
            List<Episode> episodes,
            int longest) {
        int tasks = episodes.size();
        int[][] classes = episodes.stream().map(Episode::classes).toArray(int[][]::new);
        int[][][] support = episodes.stream().map(Episode::support).toArray(int[][][]::new);
        long[] rows = episodes.stream()
                .flatMapToInt(e -> Arrays.stream(Arrays.copyOf(e.rows, longest)))
                .asLongStream()
                .toArray();
        long[] names = Arrays.stream(classes)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            long width = text.getShape().get(1);
            NDArray ownText = Rows.pick(text, names).reshape(tasks, classes[0].length, width);
            NDArray prototypes = method.prototypes(parameters, ownText, supports.pick(classes, support));
            return Scores.scaled(Rows.pick(images.features(), rows), scale)
                    .reshape(tasks, longest, width)
                    .matMul(prototypes.transpose(0, 2, 1))
                    .softmax(-1)
                    .toFloatArray();
        }
    }

    private static double accuracy(Episode episode, float[] p, int firstRow) {
        int way = episode.classes.length;
        int correct = 0;
        for (int i = 0; i < episode.labels.length; i++) {
            correct += Scores.best(p, (firstRow + i) * way, way) == episode.labels[i] ? 1 : 0;
        }
        return 100.0 * correct / episode.labels.length;
    }

    private static List<int[]> byClass(TestSet images) {
        return IntStream.range(0, images.classes().size())
                .mapToObj(c -> IntStream.range(0, images.labels().length)
                        .filter(i -> images.labels()[i] == c)
                        .toArray())
                .toList();
    }
}
