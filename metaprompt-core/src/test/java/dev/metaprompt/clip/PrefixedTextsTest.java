package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sharing the beginning must change nothing but the time: features and gradients equal those of whole texts. */
class PrefixedTextsTest {
    private static final int WIDTH = 32;
    private static final int VECTORS = 4;
    private static final int END = 99;
    private static final int[][] TAILS = {{7, 8, END}, {9, END}, {10, 11, 12, 13, 14, END}, {END}, {7, 8, END}};

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private TextEncoder encoder(int layers) {
        manager.getEngine().setRandomSeed(5);
        ClipConfig.Tower text =
                new ClipConfig.Tower(WIDTH, layers, 4, 2 * WIDTH, ClipConfig.Activation.QUICK_GELU, 1e-5f);
        ClipConfig.Tower vision = new ClipConfig.Tower(8, 1, 1, 8, ClipConfig.Activation.QUICK_GELU, 1e-5f);
        ClipConfig config = new ClipConfig(text, vision, 16, 100, 20, END, 8, 4);
        ClipWeights weights = ClipWeights.of(
                config, (name, shape) -> manager.randomNormal(0, 0.3f, new Shape(shape), DataType.FLOAT32));
        return TextEncoder.frozen(config, weights);
    }

    private static int[][] wholeTexts() {
        int[][] ids = new int[TAILS.length][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = new int[1 + VECTORS + TAILS[i].length];
            ids[i][0] = 98;
            System.arraycopy(TAILS[i], 0, ids[i], 1 + VECTORS, TAILS[i].length);
        }
        return ids;
    }

    private static NDArray wholly(TextEncoder encoder, NDArray vectors) {
        int[][] ids = wholeTexts();
        NDArray tokens = encoder.embed(vectors.getManager(), ids);
        NDArray middle = vectors.expandDims(0).repeat(0, ids.length);
        NDList parts = new NDList(tokens.get(":, 0:1, :"), middle, tokens.get(":, " + (1 + VECTORS) + ":, :"));
        return encoder.encode(NDArrays.concat(parts, 1), encoder.ends(ids));
    }

    private PrefixedTexts shared(TextEncoder encoder) {
        return new PrefixedTexts(manager, encoder, new int[] {98}, VECTORS, TAILS);
    }

    private NDArray vectors() {
        manager.getEngine().setRandomSeed(6);
        return manager.randomNormal(0, 1, new Shape(VECTORS, WIDTH), DataType.FLOAT32);
    }

    private record Differentiated(float[] features, float[] gradient) {}

    private static Differentiated differentiate(NDArray vectors, UnaryOperator<NDArray> encode) {
        NDArray leaf = vectors.duplicate();
        leaf.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray features = encode.apply(leaf);
            NDArray weights = leaf.getManager()
                    .arange(features.size())
                    .toType(DataType.FLOAT32, false)
                    .sin()
                    .reshape(features.getShape());
            collector.backward(features.mul(weights).sum());
            return new Differentiated(
                    features.toFloatArray(), leaf.getGradient().toFloatArray());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void featuresAndGradientsEqualThoseOfWholeTexts(int layers) {
        TextEncoder encoder = encoder(layers);
        PrefixedTexts texts = shared(encoder);
        Differentiated whole = differentiate(vectors(), v -> wholly(encoder, v));
        Differentiated packed = differentiate(vectors(), v -> texts.encode(v, new int[] {0, 1, 2, 3, 4}));
        assertArrayEquals(whole.features, packed.features, 2e-5f);
        assertArrayEquals(whole.gradient, packed.gradient, 2e-4f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void someTextsGiveTheirRowsInTheOrderAskedFor(int layers) {
        TextEncoder encoder = encoder(layers);
        NDArray all = wholly(encoder, vectors());
        int[] some = {3, 0, 2};
        NDArray rows = shared(encoder).encode(vectors(), some);
        for (int i = 0; i < some.length; i++) {
            assertArrayEquals(all.get(some[i]).toFloatArray(), rows.get(i).toFloatArray(), 2e-5f, "text " + some[i]);
        }
        assertEquals(new Shape(3, 16), rows.getShape());
    }
}
