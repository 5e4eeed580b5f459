package dev.metaprompt.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.RandomStream;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.LossTerms;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.StepData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many draws and episodes are computed at once; the figures are those of one after the other, computed here. */
class EvaluatorTest {
    private static final int CLASSES = 5;
    private static final int WIDTH = 8;
    private static final int SHOTS = 6;
    private static final double SCALE = 4;
    private static final long SEED = 11;

    private final NDManager manager = NDManager.newBaseManager();
    private int encodings;
    private NDArray text;
    private TestSet images;
    private SupportSet supports;

    @BeforeEach
    void make() {
        float[] centres = noise(CLASSES * WIDTH, "centres", 1);
        text = manager.create(add(centres, noise(centres.length, "text", 2)), new Shape(CLASSES, WIDTH));
        // Classes of different size: 1, 8, 15, 22 and 29 images.
        int[] labels = IntStream.range(0, CLASSES)
                .flatMap(c -> IntStream.generate(() -> c).limit(1 + 7L * c))
                .toArray();
        images = new TestSet(
                ClassSet.BASE,
                IntStream.range(0, CLASSES).mapToObj(c -> "class " + c).toList(),
                Arrays.stream(labels).mapToObj(c -> "image").toList(),
                labels,
                around(centres, labels, "images"));
        int[] shots = IntStream.range(0, CLASSES * SHOTS).map(i -> i / SHOTS).toArray();
        supports = new SupportSet(CLASSES, SHOTS, around(centres, shots, "supports"));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static float[] noise(int count, String name, double deviation) {
        RandomStream random = RandomStream.of(SEED, name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static float[] add(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    private NDArray around(float[] centres, int[] labels, String name) {
        float[] values = noise(labels.length * WIDTH, name, 1.5);
        for (int i = 0; i < values.length; i++) {
            values[i] += centres[labels[i / WIDTH] * WIDTH + i % WIDTH];
        }
        return manager.create(values, new Shape(labels.length, WIDTH));
    }

    /** Has nothing to train. */
    private abstract static class Untrained implements Method {
        @Override
        public Sampling sampling() {
            return Sampling.NONE;
        }

        @Override
        public Map<String, NDArray> initialParameters(NDManager owner, long seed) {
            return Map.of();
        }

        @Override
        public LossTerms loss(Map<String, NDArray> parameters, StepData data) {
            throw new UnsupportedOperationException();
        }
    }

    /** Prototypes are the sum of the unit text feature and all supports of the class. */
    private final class Summing extends Untrained {
        @Override
        public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet classes) {
            return textFeatures(parameters, classes).map(features -> features.normalize(2, -1));
        }

        @Override
        public Optional<NDArray> textFeatures(Map<String, NDArray> parameters, ClassSet classes) {
            encodings++;
            return Optional.of(text.duplicate());
        }

        @Override
        public NDArray prototypes(Map<String, NDArray> parameters, NDArray some, NDArray support) {
            return some.normalize(2, -1).add(support.sum(new int[] {2})).normalize(2, -1);
        }
    }

    private double accuracy(int[] classes, int[][] support, long[] rows, int[] labels) {
        NDList prototypes = new NDList();
        for (int i = 0; i < classes.length; i++) {
            NDArray sum = text.get(classes[i]).expandDims(0).normalize(2, -1);
            for (int image : support[i]) {
                sum = sum.add(
                        supports.features().get(classes[i] * SHOTS + image).expandDims(0));
            }
            prototypes.add(sum.normalize(2, -1));
        }
        NDArray queries = images.features().get(manager.create(rows));
        return Scores.of(NDArrays.concat(prototypes, 0), queries, labels, SCALE).accuracy();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6, 9})
    void bothScoresEqualOneDrawAfterTheOther(int shot) {
        Evaluator evaluator = new Evaluator(new Summing(), SCALE, shot, SEED);
        Evaluator.Both both = evaluator.both(Map.of(), images, supports);
        assertEquals(1, encodings);
        Scores alone = evaluator.text(Map.of(), images).orElseThrow();
        assertArrayEquals(alone.predicted(), both.text().orElseThrow().predicted());
        assertArrayEquals(alone.probability(), both.text().orElseThrow().probability(), 1e-6f);
        double sum = 0;
        int[] classes = IntStream.range(0, CLASSES).toArray();
        for (int draw = 0; draw < Evaluator.SUPPORT_DRAWS; draw++) {
            int number = draw;
            int[][] support = Arrays.stream(classes)
                    .mapToObj(c -> RandomStream.of(SEED, "evaluation-support", number, c)
                            .sample(SHOTS, Math.min(shot, SHOTS)))
                    .toArray(int[][]::new);
            long[] rows =
                    IntStream.range(0, images.labels().length).asLongStream().toArray();
            sum += accuracy(classes, support, rows, images.labels());
        }
        assertEquals(sum / Evaluator.SUPPORT_DRAWS, both.multimodal().orElseThrow(), 1e-9);
        assertTrue(sum > 200 && sum < 990, "the classes should be neither alike nor trivial: " + sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 9})
    void testEpisodesEqualOneAfterTheOther(int way) {
        int episodes = 150;
        double mean = new TestEpisodes(new Summing(), SCALE, way, 2, SEED)
                .run(Map.of(), images, supports, episodes)
                .orElseThrow()
                .mean();
        double sum = 0;
        for (int episode = 0; episode < episodes; episode++) {
            sum += episode(way, RandomStream.of(SEED, "test-episode", episode));
        }
        assertEquals(sum / episodes, mean, 1e-9);
    }

    private double episode(int way, RandomStream random) {
        int[] classes = random.sample(CLASSES, Math.min(way, CLASSES));
        int[][] support = new int[classes.length][];
        List<Long> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            int c = classes[i];
            support[i] = random.sample(SHOTS, 2);
            int first = Arrays.stream(images.labels()).boxed().toList().indexOf(c);
            int count = 1 + 7 * c;
            for (int j : random.sample(count, Math.min(TestEpisodes.QUERIES, count))) {
                rows.add((long) first + j);
                labels.add(i);
            }
        }
        return accuracy(
                classes,
                support,
                rows.stream().mapToLong(Long::longValue).toArray(),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    @Test
    void aMethodWithoutPrototypesHasTextScoresAlone() {
        Method plain = new Untrained() {
            private final Method summing = new Summing();

            @Override
            public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet classes) {
                return summing.classifier(parameters, classes);
            }
        };
        Evaluator.Both both = new Evaluator(plain, SCALE, 2, SEED).both(Map.of(), images, supports);
        assertTrue(both.text().isPresent());
        assertTrue(both.multimodal().isEmpty());
    }
}
