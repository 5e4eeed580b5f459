package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.metaprompt.tensor.Pass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way back over laid out weights gives the engine's own gradients. */
class TextTapeTest {
    // Float32's unit roundoff is 6e-8; sums of 256 and 1,024 products, a few layers deep, relative to the largest.
    private static final float ROUNDING = 1e-5f;
    private static final int VECTORS = 3;
    private static final int[][] TAILS = {{7, 99}, {8, 9, 10, 99}, {99}, {3, 4, 99}};

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private TextEncoder encoder(int width, int layers, ClipConfig.Activation activation) {
        manager.getEngine().setRandomSeed(5);
        ClipConfig.Tower text = new ClipConfig.Tower(width, layers, 4, 4 * width, activation, 1e-5f);
        ClipConfig.Tower vision = new ClipConfig.Tower(8, 1, 1, 8, activation, 1e-5f);
        ClipConfig config = new ClipConfig(text, vision, 16, 100, 20, 99, 8, 4);
        return TextEncoder.frozen(
                config,
                ClipWeights.of(
                        config, (name, shape) -> manager.randomNormal(0, 0.1f, new Shape(shape), DataType.FLOAT32)));
    }

    private record Differentiated(float[] features, float[] gradient) {}

    // of a weighted sum of the features, as one graph or as a pass
    private Differentiated differentiate(PrefixedTexts texts, NDArray vectors, int[] some, boolean pass) {
        NDArray leaf = vectors.duplicate();
        leaf.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            Pass run = pass ? texts.pass(leaf, some) : new Pass(texts.encode(leaf, some), none -> {});
            NDArray features = run.result();
            NDArray factors = manager.arange(features.size())
                    .toType(DataType.FLOAT32, false)
                    .sin()
                    .reshape(features.getShape());
            collector.backward(features.mul(factors).sum());
            run.back(collector);
            return new Differentiated(
                    features.toFloatArray(), leaf.getGradient().toFloatArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, GELU", "2, QUICK_GELU", "3, GELU"})
    void givesTheSameFeaturesAndGradients(int layers, ClipConfig.Activation activation) {
        TextEncoder encoder = encoder(256, layers, activation);
        assertTrue(encoder.tape().isPresent(), "this engine comes with oneDNN");
        PrefixedTexts texts = new PrefixedTexts(manager, encoder, new int[] {98}, VECTORS, TAILS);
        NDArray vectors = manager.randomNormal(0, 1, new Shape(VECTORS, 256), DataType.FLOAT32);
        for (int[] some : new int[][] {{0, 1, 2, 3}, {3, 1}}) {
            Differentiated expected = differentiate(texts, vectors, some, false);
            Differentiated actual = differentiate(texts, vectors, some, true);
            assertClose(expected.features, actual.features);
            assertClose(expected.gradient, actual.gradient);
        }
    }

    private static void assertClose(float[] expected, float[] actual) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 1e-3f, "nothing to compare: " + largest);
        assertArrayEquals(expected, actual, largest * ROUNDING);
    }

    @Test
    void smallTowersTakeTheEnginesOwnWay() {
        TextEncoder encoder = encoder(32, 2, ClipConfig.Activation.GELU);
        assertFalse(encoder.tape().isPresent());
        PrefixedTexts texts = new PrefixedTexts(manager, encoder, new int[] {98}, VECTORS, TAILS);
        NDArray vectors = manager.randomNormal(0, 1, new Shape(VECTORS, 32), DataType.FLOAT32);
        int[] some = {2, 0};
        Differentiated expected = differentiate(texts, vectors, some, false);
        Differentiated actual = differentiate(texts, vectors, some, true);
        assertArrayEquals(expected.gradient, actual.gradient);
        assertEquals(2 * 16, actual.features.length);
    }
}
