package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.Golden;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders as transformers reads them: one file of weights under many configurations, and processors that it saved. */
class ConfigsTest {
    private static final double TOLERANCE = 1e-5;
    private static final float PIXEL_TOLERANCE = 1e-5f;

    @TempDir
    static Path checkpoints;

    @TempDir
    Path folder;

    @BeforeAll
    static void unpack() {
        Checkpoints.unpack(checkpoints);
    }

    @BeforeEach
    void copy() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(checkpoints.resolve("transformers").resolve(file), folder.resolve(file));
        }
    }

    static Stream<String> cases() {
        return golden().getAsJsonObject("cases").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aConfigurationGivesTransformersFeatures(String name) throws IOException {
        JsonObject wanted = golden().getAsJsonObject("cases").getAsJsonObject(name);
        Files.writeString(folder.resolve("config.json"), wanted.get("config").toString());
        try (ClipModel model = open();
                NDManager manager = NDManager.newBaseManager();
                Safetensors expected = Safetensors.open(Golden.path("configs/vectors.safetensors"))) {
            NDArray image = model.imageEncoder().encode(expected.read("pixels", manager));
            NDArray text = model.textEncoder().encode(manager, ids());
            Golden.assertRelative("image", expected.read(wanted.get("image").getAsString(), manager), image, TOLERANCE);
            Golden.assertRelative("text", expected.read(wanted.get("text").getAsString(), manager), text, TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"half, 20", "each-channel, 16", "alone, 24", "usual-size, 224"})
    void aProcessorThatTransformersSavedPreparesImagesAsThere(String name, int resize) throws IOException {
        Path saved = Golden.path("configs/processors").resolve(name);
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        try (ClipModel model = open()) {
            assertEquals(resize, model.preprocessing().resize());
            assertEquals(List.of(), model.assumptions());
            ImagePipeline pipeline = new ImagePipeline(model.preprocessing());
            float[] pixels = new float[3 * 16 * 16];
            pipeline.normalize(pipeline.centerCrop(ImageFiles.read(Golden.path("configs/picture.png"))), pixels, 0);
            assertArrayEquals(expectedPixels(name), pixels, PIXEL_TOLERANCE);
        }
    }

    private static float[] expectedPixels(String name) {
        JsonArray values = Golden.json(Golden.path("configs/processors.json")).getAsJsonArray(name);
        float[] pixels = new float[values.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = values.get(i).getAsFloat();
        }
        return pixels;
    }

    private ClipModel open() {
        return ClipModel.open(new ModelFolder("m", folder), folder, Device.cpu(), DataType.FLOAT32);
    }

    private static JsonObject golden() {
        return Golden.json(Golden.path("configs/configs.json"));
    }

    private static int[][] ids() {
        return golden().getAsJsonArray("ids").asList().stream()
                .map(row -> row.getAsJsonArray().asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray())
                .toArray(int[][]::new);
    }
}
