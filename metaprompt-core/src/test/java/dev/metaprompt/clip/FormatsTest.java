package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One model in every format, against the features that PyTorch computed of it. */
class FormatsTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    static Path folder;

    @TempDir
    Path empty;

    @BeforeAll
    static void unpack() {
        Checkpoints.unpack(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "transformers, quick,",
        "transformers/model.safetensors, quick,",
        "sharded, quick,",
        "bin, quick,",
        "bin/pytorch_model.bin, quick,",
        "openai-fp16.pt, quick, quickgelu",
        "openai-fp16.pt, exact, gelu",
        "awkward.pth, quick, quickgelu",
        "awkward.pth, exact, gelu",
        "script.pt, quick,",
        "script.pt, quick, quickgelu",
        "open_clip, quick,",
        "open_clip_exact, exact,",
        "open_clip_exact, exact, gelu",
        "open_clip_exact/open_clip_pytorch_model.bin, exact,",
    })
    void everyFormatGivesPyTorchsFeatures(String name, String activation, String option) {
        try (ClipModel model = openAs(name, option);
                NDManager manager = NDManager.newBaseManager();
                Safetensors golden = Safetensors.open(Golden.path("checkpoints/vectors.safetensors"))) {
            var image = model.imageEncoder().encode(golden.read("pixels", manager));
            var text = model.textEncoder().encode(manager, ids());
            Golden.assertRelative("image", golden.read("image." + activation, manager), image, TOLERANCE);
            Golden.assertRelative("text", golden.read("text." + activation, manager), text, TOLERANCE);
            assertEquals(Math.exp(2.625), model.logitScale(), 1e-4);
        }
    }

    @Test
    void sizesAreReadOffTheShapes() {
        try (ClipModel model = openAs("awkward.pth", "quickgelu")) {
            ClipConfig config = model.config();
            assertEquals(new ClipConfig.Tower(64, 2, 1, 32, ClipConfig.Activation.QUICK_GELU, 1e-5f), config.text());
            assertEquals(config.text(), config.vision());
            assertEquals(16, config.projection());
            assertEquals(42, config.vocabulary());
            assertEquals(16, config.context());
            assertEquals(16, config.imageSize());
            assertEquals(8, config.patch());
            assertEquals(16, model.preprocessing().crop());
        }
    }

    @Test
    void openClipsPreprocessingIsRead() {
        try (ClipModel model = open("open_clip", folder)) {
            assertArrayEquals(
                    new float[] {0.5f, 0.25f, 0.125f}, model.preprocessing().mean());
            assertArrayEquals(
                    new float[] {0.25f, 0.5f, 0.5f}, model.preprocessing().std());
            assertEquals(16, model.preprocessing().resize());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformers", "sharded", "script.pt", "open_clip_exact"})
    void theTextTowerComesAloneUntilAnImageIsEncoded(String name) {
        ModelFolder model = new ModelFolder(name, folder.resolve(name));
        try (ClipModel whole = open(name, folder);
                ClipModel lazy = ClipModel.openLazily(model, folder, Device.cpu(), DataType.FLOAT32);
                NDManager manager = NDManager.newBaseManager()) {
            assertArrayEquals(
                    whole.textEncoder().encode(manager, ids()).toFloatArray(),
                    lazy.textEncoder().encode(manager, ids()).toFloatArray());
            assertEquals(whole.logitScale(), lazy.logitScale());
            assertArrayEquals(whole.preprocessing().mean(), lazy.preprocessing().mean());
            NDArray pixels = manager.ones(new Shape(1, 3, 16, 16));
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                lazy.imageEncoder().encode(pixels);
            }
            assertArrayEquals(
                    whole.imageEncoder().encode(pixels).toFloatArray(),
                    lazy.imageEncoder().encode(pixels).toFloatArray());
        }
    }

    @Test
    void textsNeedNothingOfTheImageTower() throws IOException {
        Path file = Files.copy(folder.resolve("script.pt"), empty.resolve("script.pt"));
        ModelFolder model = new ModelFolder("m", file);
        try (ClipModel lazy = ClipModel.openLazily(model, folder, Device.cpu(), DataType.FLOAT32);
                NDManager manager = NDManager.newBaseManager()) {
            Files.delete(file);
            lazy.textEncoder().encode(manager, ids()).toFloatArray();
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, lazy::imageEncoder), file.toString(), "has no weights");
        }
    }

    @Test
    void aFileAloneSaysWhereItsTokenizerCanBeNamed() throws IOException {
        Path file = Files.copy(folder.resolve("script.pt"), empty.resolve("script.pt"));
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> open("script.pt", file, empty)),
                empty.toString(),
                "tokenizer.json",
                "as tokenizer");
    }

    @Test
    void theDigestIsThatOfTheWeightsBytes() throws IOException {
        Path file = folder.resolve("script.pt");
        assertEquals(Sha256.hex(Files.readAllBytes(file)), new ModelFolder("m", file).sha256());
        ModelFolder bin = new ModelFolder("m", folder.resolve("bin"));
        assertEquals(Sha256.hex(Files.readAllBytes(folder.resolve("bin/pytorch_model.bin"))), bin.sha256());
    }

    @Test
    void theDigestOfShardsIsThatOfTheLinesOfSha256sum() throws IOException {
        ModelFolder sharded = new ModelFolder("m", folder.resolve("sharded"));
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 5; i++) {
            String name = "model-0000" + i + "-of-00005.safetensors";
            byte[] bytes = Files.readAllBytes(folder.resolve("sharded").resolve(name));
            lines.append(Sha256.hex(bytes)).append("  ").append(name).append('\n');
        }
        assertEquals(Sha256.hex(lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)), sharded.sha256());
        assertEquals(5, sharded.weightFiles().size());
        assertNotEquals(new ModelFolder("m", folder.resolve("transformers")).sha256(), sharded.sha256());
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        Checkpoints.unpack(empty);
        Path shard = empty.resolve("sharded/model-00003-of-00005.safetensors");
        Files.delete(shard);
        Golden.assertOneLine(assertThrows(InvalidInputException.class, () -> open("sharded", empty)), shard.toString());
    }

    private static ClipModel openAs(String name, String option) {
        ModelFolder model = new ModelFolder(name, folder.resolve(name)).withActivation(Optional.ofNullable(option));
        return ClipModel.open(model, model.path(), Device.cpu(), DataType.FLOAT32);
    }

    private static ClipModel open(String name, Path place) {
        return open(name, place.resolve(name), place.resolve(name));
    }

    private static ClipModel open(String name, Path path, Path tokenizer) {
        return ClipModel.open(new ModelFolder(name, path), tokenizer, Device.cpu(), DataType.FLOAT32);
    }

    private static int[][] ids() {
        return Golden.json(Golden.path("checkpoints/vectors.json")).getAsJsonArray("ids").asList().stream()
                .map(row -> row.getAsJsonArray().asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray())
                .toArray(int[][]::new);
    }
}
