package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void readsBackWhatItWrote() {
        Path file = folder.resolve("a.safetensors");
        NDArray strided = manager.arange(6f).reshape(2, 3).transpose();
        NDArray large = manager.arange(600_001f);
        Safetensors.write(
                file, Map.of("strided", strided, "large", large, "ünï \"x\"\n", manager.create(3f)), Map.of());
        try (Safetensors read = Safetensors.open(file)) {
            assertArrayEquals(new long[] {3, 2}, read.shape("strided"));
            assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, read.readFloats("strided"));
            assertArrayEquals(large.toFloatArray(), read.readFloats("large"));
            assertArrayEquals(new float[] {3}, read.readFloats("ünï \"x\"\n"));
            assertTrue(read.metadata().isEmpty());
        }
    }

    @Test
    void writesAFileWithoutTensors() {
        Path file = folder.resolve("none.safetensors");
        Safetensors.write(file, Map.of(), Map.of("b", "2", "a", "1"));
        try (Safetensors read = Safetensors.open(file)) {
            assertTrue(read.names().isEmpty());
            assertEquals(List.of("a", "b"), List.copyOf(read.metadata().keySet()));
        }
    }

    @Test
    void replacesAFileWithTheModeOfAnyOther() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Path other = Files.writeString(folder.resolve("other"), "");
        Files.writeString(file, "earlier");
        Safetensors.write(file, Map.of("x", manager.ones(new Shape(2))), Map.of());
        assertEquals(List.of("a.safetensors", "other"), names());
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertEquals(Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(file));
        }
    }

    @Test
    void aFullDiskLeavesTheEarlierFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, Map.of("x", manager.ones(new Shape(2))), Map.of());
        byte[] earlier = Files.readAllBytes(file);
        Map<String, NDArray> tensors = Map.of("x", manager.zeros(new Shape(100)));
        InvalidInputException thrown = assertThrows(
                InvalidInputException.class,
                () -> SafetensorsWriter.write(file, tensors, Map.of(), SafetensorsWriterTest::fill));
        assertEquals(
                file + " cannot be written: No space left on device. Free some space, or choose another folder.",
                thrown.getMessage());
        assertArrayEquals(earlier, Files.readAllBytes(file));
        assertEquals(List.of("a.safetensors"), names());
    }

    /** Accepts 100 bytes, then behaves like a full disk. */
    private static void fill(Path file, SafetensorsWriter.Content content) throws IOException {
        try (WritableByteChannel disk = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            content.writeTo(new WritableByteChannel() {
                private int room = 100;

                @Override
                public int write(ByteBuffer source) throws IOException {
                    if (room == 0) {
                        throw new IOException("No space left on device");
                    }
                    int count = Math.min(room, source.remaining());
                    disk.write(source.slice(source.position(), count));
                    source.position(source.position() + count);
                    room -= count;
                    return count;
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() {}
            });
        }
    }

    @Test
    void refusesOtherTypesAndTheMetadataNameBeforeItTouchesTheDisk() throws IOException {
        Path file = folder.resolve("a.safetensors");
        NDArray whole = manager.ones(new Shape(2), DataType.INT32);
        NDArray one = manager.create(1f);
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("x", whole), Map.of()));
        assertThrows(
                IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("__metadata__", one), Map.of()));
        assertEquals(List.of(), names());
    }
}
