package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.Golden;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features and gradients of random checkpoints against those of transformers, on pixels and token ids as given. */
class ClipGoldenTest {
    private static final double FEATURES = 1e-5;
    private static final double FEATURES_AT_SIZE = 1e-4;
    private static final double GRADIENT = 1e-4;
    private static final String VITB16 = "metaprompt.golden.vitb16";

    @ParameterizedTest
    @ValueSource(strings = {"clip-quick", "clip-exact", "clip-legacy"})
    void featuresEqualTransformers(String name) {
        assertFeatures(Golden.path(name), FEATURES);
    }

    @Test
    void featuresOfAModelOfViTB16sSizeEqualTransformers() {
        String folder = System.getProperty(VITB16);
        Assumptions.assumeTrue(folder != null, "-D" + VITB16 + "=<folder of make_golden.py --vitb16> is not given");
        assertFeatures(Path.of(folder), FEATURES_AT_SIZE);
    }

    private static void assertFeatures(Path folder, double tolerance) {
        int[][] ids = rows(Golden.json(folder.resolve("vectors.json")), "ids");
        try (ClipModel model = open(folder);
                NDManager manager = NDManager.newBaseManager();
                Safetensors golden = Safetensors.open(folder.resolve("vectors.safetensors"))) {
            NDArray text = model.textEncoder().encode(manager, ids);
            Golden.assertUnitClose("text", golden.read("text", manager), text, tolerance);
            NDArray image = model.imageEncoder().encode(golden.read("pixels", manager));
            Golden.assertUnitClose("image", golden.read("image", manager), image, tolerance);
            // Unit vectors hide a wrong scale.
            Golden.assertRelative("length of text", golden.read("text", manager), text, tolerance);
            Golden.assertRelative("length of image", golden.read("image", manager), image, tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-quick", "clip-exact", "clip-legacy"})
    void aFeatureDoesNotDependOnTheTextsBesideIt(String name) {
        int[][] ids = rows(Golden.json(Golden.path(name).resolve("vectors.json")), "ids");
        try (ClipModel model = open(Golden.path(name));
                NDManager manager = NDManager.newBaseManager()) {
            NDArray together = model.textEncoder().encode(manager, ids);
            for (int i = 0; i < ids.length; i++) {
                NDArray alone = model.textEncoder().encode(manager, new int[][] {ids[i]});
                Golden.assertUnitClose("text " + i, together.get(i + ":" + (i + 1)), alone, FEATURES);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-quick", "clip-exact", "clip-legacy"})
    void theGradientThroughTheTextTowerEqualsPyTorchs(String name) {
        int[][] ids = rows(Golden.json(Golden.path(name).resolve("vectors.json")), "contextIds");
        try (ClipModel model = open(Golden.path(name));
                NDManager manager = NDManager.newBaseManager();
                Safetensors golden = Safetensors.open(Golden.path(name).resolve("vectors.safetensors"))) {
            NDArray context = golden.read("context", manager);
            context.setRequiresGradient(true);
            NDArray scalar;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray text = encode(model, manager, context, ids);
                scalar = text.normalize(2, -1)
                        .mul(golden.read("weights", manager))
                        .sum();
                collector.backward(scalar);
            }
            assertEquals(golden.readFloats("scalar")[0], scalar.getFloat(), FEATURES * ids.length);
            assertNotNull(context.getGradient());
            Golden.assertRelative("gradient", golden.read("gradient", manager), context.getGradient(), GRADIENT);
        }
    }

    private static NDArray encode(ClipModel model, NDManager manager, NDArray context, int[][] ids) {
        long n = context.getShape().get(0);
        NDArray embeddings = model.textEncoder().embed(manager, ids);
        NDList parts = new NDList(
                embeddings.get(":, 0:1, :"),
                context.expandDims(0).repeat(0, ids.length),
                embeddings.get(":, " + (1 + n) + ":, :"));
        return model.textEncoder()
                .encode(NDArrays.concat(parts, 1), model.textEncoder().ends(ids));
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-quick", "clip-exact", "clip-legacy"})
    void theFoldersTokenizerIsUsed(String name) {
        JsonObject facts = Golden.json(Golden.path(name).resolve("vectors.json"));
        int[][] expected = rows(facts, "textIds");
        JsonArray texts = facts.getAsJsonArray("texts");
        try (ClipModel model = open(Golden.path(name))) {
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(
                        expected[i], model.tokenizer().encodeCut(texts.get(i).getAsString()));
            }
        }
    }

    private static ClipModel open(Path folder) {
        return ClipModel.open(new ModelFolder("golden", folder), folder, Device.cpu(), DataType.FLOAT32);
    }

    private static int[][] rows(JsonObject json, String key) {
        return json.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsJsonArray)
                .map(row ->
                        row.asList().stream().mapToInt(JsonElement::getAsInt).toArray())
                .toArray(int[][]::new);
    }
}
