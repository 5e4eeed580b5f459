package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weight files without a configuration: what they do not tell is asked for, or said to be assumed. */
class BareFileTest {
    @TempDir
    Path checkpoints;

    @TempDir
    Path folder;

    @BeforeEach
    void unpack() throws IOException {
        Checkpoints.unpack(checkpoints);
        Files.copy(checkpoints.resolve("transformers/tokenizer.json"), folder.resolve("tokenizer.json"));
    }

    private Path take(String name) throws IOException {
        Path file = checkpoints.resolve(name);
        return Files.copy(file, folder.resolve(file.getFileName()));
    }

    private ClipModel open(Path file, String activation) {
        ModelFolder model = new ModelFolder("m", file).withActivation(Optional.ofNullable(activation));
        return ClipModel.open(model, file, Device.cpu(), DataType.FLOAT32);
    }

    private void assertRefused(Path file, String activation, String... parts) {
        InvalidInputException error = assertThrows(
                InvalidInputException.class, () -> open(file, activation).close());
        Golden.assertOneLine(error, file.toString());
        Golden.assertOneLine(error, parts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai-fp16.pt",
                "awkward.pth",
                "open_clip/open_clip_model.safetensors",
                "open_clip_exact/open_clip_pytorch_model.bin",
                "transformers/model.safetensors",
                "bin/pytorch_model.bin",
            })
    void theActivationIsAskedFor(String name) throws IOException {
        Path file = take(name);
        assertRefused(
                file,
                null,
                "activation",
                "-Dmetaprompt.model.activation=",
                "quickgelu",
                "gelu",
                "config.json or open_clip_config.json");
        for (ClipConfig.Activation activation : ClipConfig.Activation.values()) {
            try (ClipModel model = open(file, activation.option())) {
                assertEquals(activation, model.config().text().activation());
                assertEquals(activation, model.config().vision().activation());
                assertEquals(2, model.assumptions().size());
                assertEquals(
                        file.getFileName()
                                + " has no configuration beside it: assumed are attention heads of 64 channels,"
                                + " 1e-5 in the layer norms, a text's end at its largest token, square images",
                        model.assumptions().get(0));
                assertTrue(model.assumptions().get(1).startsWith("no file of the model says how images are prepared"));
                assertEquals(activation != ClipConfig.Activation.QUICK_GELU, model.imageTowerReadAnew());
                assertTrue(model.imageTower()
                        .matches("width=\\d+ layers=\\d+ heads=\\d+ hidden=\\d+ activation=" + activation.option()
                                + " epsilon=1\\.0E-5 image=\\d+ patch=\\d+"));
            }
        }
    }

    @Test
    void anArchiveOfOpenAiTellsIt() throws IOException {
        Path file = take("script.pt");
        for (String option : new String[] {null, "quickgelu"}) {
            try (ClipModel model = open(file, option)) {
                assertEquals(
                        ClipConfig.Activation.QUICK_GELU,
                        model.config().vision().activation());
                assertTrue(
                        model.assumptions().get(0).contains("input_resolution"),
                        model.assumptions().get(0));
                assertTrue(
                        model.assumptions().get(0).contains("assumed are quickgelu, "),
                        model.assumptions().get(0));
                assertFalse(model.imageTowerReadAnew());
            }
        }
        assertRefused(file, "gelu", "model.activation is gelu", "input_resolution", "Leave model.activation out");
    }

    @Test
    void aPreprocessingBesideTheFileIsReadAndNotAssumed() throws IOException {
        Path file = take("openai-fp16.pt");
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"size\": 20, \"crop_size\": 16, \"image_mean\": [0.5, 0.5, 0.5]}");
        try (ClipModel model = open(file, "gelu")) {
            assertEquals(20, model.preprocessing().resize());
            assertEquals(1, model.assumptions().size());
        }
        Files.writeString(folder.resolve("transforms.json"), "{}");
        assertThrows(InvalidInputException.class, () -> open(file, "gelu"));
    }

    @ParameterizedTest
    @CsvSource({
        "transformers/config.json, model.safetensors, transformers/model.safetensors, quickgelu, gelu",
        "open_clip/open_clip_config.json, open_clip_model.safetensors, open_clip/open_clip_model.safetensors,"
                + " quickgelu, gelu",
        "open_clip_exact/open_clip_config.json, open_clip_pytorch_model.bin,"
                + " open_clip_exact/open_clip_pytorch_model.bin, gelu, quickgelu",
    })
    void aConfigurationBesideTheFileTellsItAndMustNotBeContradicted(
            String config, String name, String weights, String said, String other) throws IOException {
        Path file = take(weights);
        assertEquals(name, file.getFileName().toString());
        take(config);
        for (Path path : List.of(file, folder)) {
            open(path, null).close();
            try (ClipModel model = open(path, said)) {
                assertEquals(said, model.config().vision().activation().option());
            }
            InvalidInputException error = assertThrows(InvalidInputException.class, () -> open(path, other));
            Golden.assertOneLine(
                    error,
                    "model.activation is " + other,
                    folder.resolve(config.substring(config.indexOf('/') + 1)).toString(),
                    "Leave model.activation out");
        }
    }

    @Test
    void headsOfWideTowersAreNotGuessed() throws IOException {
        Path file = take("open_clip/open_clip_model.safetensors");
        rewrite(
                file,
                tensors -> tensors.computeIfPresent(
                        "visual.conv1.weight",
                        (name, tensor) -> tensor.getManager().zeros(new Shape(1280, 3, 8, 8))));
        assertRefused(file, "gelu", "width 1280", "heads", "open_clip_config.json");
    }

    @Test
    void bothSidesOfAPatchAndItsChannelsCount() throws IOException {
        Path file = take("open_clip/open_clip_model.safetensors");
        for (long[] shape : new long[][] {{64, 3, 8, 16}, {64, 3, 16, 8}, {64, 1, 8, 8}}) {
            rewrite(
                    file,
                    tensors -> tensors.computeIfPresent(
                            "visual.conv1.weight",
                            (name, tensor) -> tensor.getManager().zeros(new Shape(shape))));
            assertRefused(file, "gelu", "visual.conv1.weight", java.util.Arrays.toString(shape), "square");
        }
    }

    private static void rewrite(Path file, Consumer<Map<String, NDArray>> change) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            try (Safetensors original = Safetensors.open(file)) {
                original.names().forEach(name -> tensors.put(name, original.read(name, manager)));
            }
            change.accept(tensors);
            Safetensors.write(file, tensors, Map.of());
        }
    }
}
