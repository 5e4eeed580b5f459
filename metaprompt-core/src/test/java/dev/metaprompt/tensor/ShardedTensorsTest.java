package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedTensorsTest {
    @TempDir
    Path root;

    private Path folder;
    private Path index;

    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectories(root.resolve("model"));
        index = folder.resolve("model.safetensors.index.json");
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = {1, 2};
            Safetensors.write(folder.resolve("one.safetensors"), Map.of("a", manager.create(values)), Map.of());
            Safetensors.write(folder.resolve("two.safetensors"), Map.of("b", manager.create(values)), Map.of());
            Safetensors.write(root.resolve("outside.safetensors"), Map.of("a", manager.create(values)), Map.of());
        }
    }

    private void index(String content) throws IOException {
        Files.writeString(index, content);
    }

    @Test
    void tensorsAreFoundInTheirFiles() throws IOException {
        index("{\"metadata\": {}, \"weight_map\": {\"b\": \"two.safetensors\", \"a\": \"one.safetensors\"}}");
        try (TensorFile file = TensorFile.open(index)) {
            assertEquals(Set.of("a", "b"), file.names());
            assertArrayEquals(new long[] {2}, file.shape("b"));
            assertArrayEquals(new float[] {1, 2}, file.readFloats("a"));
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> file.shape("c")), index.toString(), "c");
        }
        assertEquals(
                List.of(folder.resolve("one.safetensors"), folder.resolve("two.safetensors")),
                ShardedTensors.files(index));
    }

    @Test
    void aFileThatIsMissingIsNamedWithItsIndex() throws IOException {
        index("{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"three.safetensors\"}}");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> TensorFile.open(index)),
                folder.resolve("three.safetensors").toString(),
                "is missing",
                "model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.safetensors",
                "..",
                "..\\\\outside.safetensors",
                "/etc/passwd",
                "sub/one.safetensors",
                "",
                ".hidden",
                "model.safetensors.index.json",
                "one.safetensors\\u0000",
            })
    void aFileOutsideTheFolderIsRefused(String name) throws IOException {
        index("{\"weight_map\": {\"a\": \"" + name + "\"}}");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> TensorFile.open(index)),
                index.toString(),
                "names the file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"weight_map\": []}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": {\"a\": 1, \"b\": []}}",
                "{\"weight_map\": {\"a\": null}}",
                "{\"weight_map\": {\"a\": \"two.safetensors\"}}",
                "{\"weight_map\": {\"a\":",
            })
    void anIndexThatIsNoneIsRefused(String content) throws IOException {
        index(content);
        Golden.assertOneLine(assertThrows(InvalidInputException.class, () -> TensorFile.open(index)), index.toString());
    }
}
