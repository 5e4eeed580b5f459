package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What scripts compute in one call equals what the same layers compute in DJL's own operations. */
class FrozenTowersTest {
    // Float32's unit roundoff is 6e-8; two layers on numbers up to ten, and an exponential that is good to 20 of those.
    private static final float ROUNDING = 3e-5f;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static ClipConfig config(ClipConfig.Activation activation) {
        ClipConfig.Tower text = new ClipConfig.Tower(32, 2, 4, 64, activation, 1e-5f);
        ClipConfig.Tower vision = new ClipConfig.Tower(24, 3, 2, 96, activation, 1e-3f);
        return new ClipConfig(text, vision, 16, 100, 20, 99, 32, 8);
    }

    private ClipWeights weights(ClipConfig config) {
        manager.getEngine().setRandomSeed(3);
        return ClipWeights.of(config, (name, shape) -> random(0.3f, shape));
    }

    private NDArray random(float deviation, long... shape) {
        return manager.randomNormal(0, deviation, new Shape(shape), DataType.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource
    void images(ClipConfig.Activation activation) {
        ClipConfig config = config(activation);
        ClipWeights weights = weights(config);
        NDArray pixels = random(1, 5, 3, 32, 32);
        NDArray expected = ImageEncoder.trainable(config, weights).encode(pixels);
        NDArray actual = ImageEncoder.frozen(config, weights, DataType.FLOAT32).encode(pixels);
        assertEquals(new Shape(5, 16), actual.getShape());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), ROUNDING);
        assertTrue(expected.abs().max().getFloat() > 0.5f, "nothing to compare");
    }

    @ParameterizedTest
    @EnumSource
    void textsAndTheirGradients(ClipConfig.Activation activation) {
        ClipConfig config = config(activation);
        ClipWeights weights = weights(config);
        NDArray embeddings = random(1, 3, 7, 32);
        int[] ends = {6, 2, 4};
        TextEncoder trainable = TextEncoder.trainable(config, weights);
        TextEncoder frozen = TextEncoder.frozen(config, weights);
        NDArray[] expected = differentiate(embeddings, x -> trainable.encode(x, ends));
        NDArray[] actual = differentiate(embeddings, x -> frozen.encode(x, ends));
        for (int i = 0; i < 2; i++) {
            float largest = expected[i].abs().max().getFloat();
            assertTrue(largest > 1e-3f, "nothing to compare: " + largest);
            assertArrayEquals(expected[i].toFloatArray(), actual[i].toFloatArray(), largest * ROUNDING, "" + i);
        }
    }

    // features, and the gradient of a weighted sum of them
    private NDArray[] differentiate(NDArray x, UnaryOperator<NDArray> encode) {
        NDArray leaf = x.duplicate();
        leaf.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray features = encode.apply(leaf);
            NDArray factors = manager.arange(features.size())
                    .toType(DataType.FLOAT32, false)
                    .sin()
                    .reshape(features.getShape());
            collector.backward(features.mul(factors).sum());
            return new NDArray[] {features, leaf.getGradient()};
        }
    }
}
