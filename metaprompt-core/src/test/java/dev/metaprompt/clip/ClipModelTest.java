package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model folders that must not be opened. */
class ClipModelTest {
    private static final String TENSOR = "text_model.encoder.layers.1.mlp.fc2.weight";

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Path model = Golden.path("clip-quick");
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(model.resolve(file), folder.resolve(file));
        }
    }

    @Test
    void theUnchangedFolderOpens() {
        open();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aWeightThatIsNotFiniteIsRefused(float value) {
        rewrite(tensors -> {
            NDArray tensor = tensors.get(TENSOR);
            float[] values = tensor.toFloatArray();
            values[values.length - 1] = value;
            tensors.put(TENSOR, tensor.getManager().create(values, tensor.getShape()));
        });
        assertRefused("model.safetensors", TENSOR, "holds " + value);
    }

    @Test
    void aMissingTensorIsRefused() {
        rewrite(tensors -> tensors.remove(TENSOR));
        assertRefused("model.safetensors", "has no tensor " + TENSOR);
    }

    /** Their sum is infinite; none of them is. */
    @Test
    void weightsWhoseSumOverflowsAreNoneThatAreNotFinite() {
        rewrite(tensors -> tensors.computeIfPresent(
                TENSOR, (name, tensor) -> tensor.muli(0).addi(Float.MAX_VALUE)));
        open();
    }

    @Test
    void aTensorOfAnotherShapeIsRefused() {
        rewrite(tensors -> tensors.computeIfPresent(TENSOR, (name, tensor) -> tensor.reshape(new Shape(96, 24))));
        assertRefused("model.safetensors", TENSOR, "[96, 24]", "[24, 96]");
    }

    @Test
    void tensorsThatOnlyOthersNeedAreLeftAlone() {
        rewrite(tensors -> tensors.put("text_model.embeddings.position_ids", tensors.get("logit_scale")));
        open();
    }

    @Test
    void aTensorOfWholeNumbersIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
        String header = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        int type = header.indexOf("F32", header.indexOf('"' + TENSOR + '"'));
        bytes[type] = 'I';
        Files.write(folder.resolve("model.safetensors"), bytes);
        assertRefused("model.safetensors", TENSOR, "I32");
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertRefused("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
    void aFolderWithoutAFileIsRefused(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertRefused(file);
    }

    /** The first is a token of some texts alone, the second of none, the third the begin of all. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 30, 0})
    void anEndTokenThatIsNotTheLastOfEveryTextIsRefused(int place) throws IOException {
        int token;
        try (Tokenizer tokenizer = Tokenizer.open(folder, 77)) {
            int[] ids = tokenizer.encodeCut("a photo of a texture.");
            token = place < 0 ? ids[1] : place == 0 ? ids[0] : place;
        }
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"eos_token_id\": 41", "\"eos_token_id\": " + token));
        assertRefused("end token " + token + " (eos_token_id of its config.json) last and nowhere else");
    }

    private void assertRefused(String... parts) {
        InvalidInputException error = assertThrows(InvalidInputException.class, this::open);
        Golden.assertOneLine(error, folder.toString());
        Golden.assertOneLine(error, parts);
    }

    private void open() {
        ClipModel.open(new ModelFolder("test", folder), folder, Device.cpu(), DataType.FLOAT32)
                .close();
    }

    private void rewrite(Consumer<Map<String, NDArray>> change) {
        Path file = folder.resolve("model.safetensors");
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
