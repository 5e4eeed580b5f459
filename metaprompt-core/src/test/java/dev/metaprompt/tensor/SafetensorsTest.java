package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what Python's safetensors wrote, and writes what it would have written. */
class SafetensorsTest {
    private static final Map<String, String> METADATA = Map.of("kind", "golden");

    @TempDir
    Path folder;

    @Test
    void allFloatingTypesAreReadBitForBit() throws IOException {
        JsonArray index = JsonParser.parseString(Files.readString(Golden.path("safetensors/types.json")))
                .getAsJsonArray();
        ByteBuffer expected = ByteBuffer.wrap(Files.readAllBytes(Golden.path("safetensors/types.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (Safetensors file = Safetensors.open(Golden.path("safetensors/types.safetensors"));
                NDManager manager = NDManager.newBaseManager()) {
            assertEquals(index.size() + 1, file.names().size());
            for (JsonElement element : index) {
                JsonObject tensor = element.getAsJsonObject();
                String name = tensor.get("name").getAsString();
                float[] values = new float[tensor.get("length").getAsInt() / Float.BYTES];
                expected.position(tensor.get("offset").getAsInt());
                expected.asFloatBuffer().get(values);
                assertArrayEquals(bits(values), bits(file.readFloats(name)), name);
                long[] shape = tensor.getAsJsonArray("shape").asList().stream()
                        .mapToLong(JsonElement::getAsLong)
                        .toArray();
                assertArrayEquals(shape, file.shape(name), name);
                NDArray array = file.read(name, manager);
                assertEquals(new Shape(shape), array.getShape(), name);
                assertEquals(DataType.FLOAT32, array.getDataType(), name);
            }
        }
    }

    // By bits: +0 and -0 differ, and so must every subnormal.
    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void metadataIsRead() {
        try (Safetensors file = Safetensors.open(Golden.path("safetensors/types.safetensors"))) {
            assertEquals(Map.of("note", "quoted \" and ünïcode"), file.metadata());
        }
    }

    @Test
    void wholeNumbersAreNotReadAsFloats() {
        Path path = Golden.path("safetensors/types.safetensors");
        try (Safetensors file = Safetensors.open(path)) {
            for (String missing : List.of("nowhere", "__metadata__")) {
                Golden.assertOneLine(
                        assertThrows(InvalidInputException.class, () -> file.readFloats(missing)),
                        path.toString(),
                        missing);
            }
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> file.readFloats("whole")),
                    path.toString(),
                    "whole",
                    "I64",
                    "F64, F32, F16 and BF16");
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> file.readInts("whole")),
                    path.toString(),
                    "whole",
                    "I64");
        }
    }

    @Test
    void theWriterGivesTheBytesOfPythonsWriter() throws IOException {
        Path file = folder.resolve("written.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Safetensors.write(file, tensors(manager), METADATA);
        }
        assertArrayEquals(Files.readAllBytes(Golden.path("safetensors/written.safetensors")), Files.readAllBytes(file));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Path file = folder.resolve("written.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = tensors(manager);
            Safetensors.write(file, tensors, METADATA);
            try (Safetensors read = Safetensors.open(file)) {
                assertEquals(METADATA, read.metadata());
                assertEquals(tensors.keySet(), read.names());
                tensors.forEach((name, array) -> {
                    assertArrayEquals(bits(array.toFloatArray()), bits(read.readFloats(name)), name);
                    assertEquals(array.getShape(), new Shape(read.shape(name)), name);
                });
            }
        }
    }

    @Test
    void theSameTensorsInAnotherOrderGiveTheSameBytes() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = tensors(manager);
            Map<String, NDArray> reversed = new LinkedHashMap<>();
            List.of("void", "scalar", "b.weight", "a").forEach(name -> reversed.put(name, tensors.get(name)));
            Safetensors.write(first, tensors, METADATA);
            Safetensors.write(second, reversed, METADATA);
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    private static Map<String, NDArray> tensors(NDManager manager) {
        float[] sevenths = new float[6];
        for (int i = 0; i < sevenths.length; i++) {
            sevenths[i] = i / 7f;
        }
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("b.weight", manager.create(sevenths, new Shape(2, 3)));
        tensors.put("a", manager.create(new float[] {Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE}));
        tensors.put("scalar", manager.create(-2.5f));
        tensors.put("void", manager.create(new Shape(0, 3)));
        return tensors;
    }

    @Test
    void aWriteToAMissingFolderLeavesNothing() throws IOException {
        Path file = folder.resolve("missing").resolve("a.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = tensors(manager);
            InvalidInputException error =
                    assertThrows(InvalidInputException.class, () -> Safetensors.write(file, tensors, METADATA));
            assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
        }
        assertEquals(List.of(), content(folder));
    }

    @Test
    void aWriteThatCannotBeRenamedLeavesWhatWasThere() throws IOException {
        Path file = Files.createDirectory(folder.resolve("taken"));
        Path inside = Files.writeString(file.resolve("inside"), "kept");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = tensors(manager);
            assertThrows(InvalidInputException.class, () -> Safetensors.write(file, tensors, METADATA));
        }
        assertEquals(List.of(file), content(folder));
        assertEquals("kept", Files.readString(inside));
    }

    @Test
    void aTensorThatCannotBeWrittenLeavesTheEarlierFile() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = tensors(manager);
            Safetensors.write(file, tensors, METADATA);
            byte[] earlier = Files.readAllBytes(file);
            tensors.put("whole", manager.create(new int[] {1, 2}));
            assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, tensors, METADATA));
            tensors.remove("whole");
            NDArray closed = manager.create(1f);
            tensors.put("closed", closed);
            closed.close();
            assertThrows(RuntimeException.class, () -> Safetensors.write(file, tensors, METADATA));
            assertArrayEquals(earlier, Files.readAllBytes(file));
        }
        assertEquals(List.of(file), content(folder));
    }

    private static List<Path> content(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
