package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Writes safetensors files: the same tensors give the same bytes, which are those of Python's writer. */
final class SafetensorsWriter {
    // Python's reader wants the data aligned to eight bytes.
    private static final int CHUNK_FLOATS = 1 << 18;

    /** Writes to a new file and forces it to the disk; a seam for tests of full disks. */
    interface Disk {
        void write(Path file, Content content) throws IOException;
    }

    /** What is to stand in a file. */
    interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    private SafetensorsWriter() {}

    static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
        write(file, tensors, metadata, SafetensorsWriter::writeAndForce);
    }

    static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata, Disk disk) {
        Map<String, NDArray> sorted = new TreeMap<>(tensors);
        byte[] header = header(sorted, metadata);
        // Not a file of createTempFile: that would be readable by its owner alone, and so would the result.
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            disk.write(temporary, channel -> writeTo(channel, header, sorted));
            rename(temporary, file);
            forceFolder(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + " cannot be written: " + Quoted.reason(e) + ". Free some space, or choose another folder.",
                    e);
        } finally {
            delete(temporary);
        }
    }

    private static byte[] header(Map<String, NDArray> tensors, Map<String, String> metadata) {
        List<HeaderBytes.Tensor> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (tensor.getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(name + " is " + tensor.getDataType() + "; float32 is written");
            }
            long[] shape = tensor.getShape().getShape();
            long bytes = tensor.getShape().size() * Float.BYTES;
            entries.add(new HeaderBytes.Tensor(name, ElementType.F32.name(), bytes, shape));
        });
        return HeaderBytes.of(metadata, entries);
    }

    private static void writeAndForce(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }

    private static void writeTo(WritableByteChannel channel, byte[] header, Map<String, NDArray> tensors)
            throws IOException {
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeFully(channel, start.putLong(header.length).put(header).flip());
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (NDArray tensor : tensors.values()) {
            float[] values = tensor.toFloatArray();
            for (int i = 0; i < values.length; i += CHUNK_FLOATS) {
                int count = Math.min(CHUNK_FLOATS, values.length - i);
                chunk.clear().asFloatBuffer().put(values, i, count);
                writeFully(channel, chunk.limit(count * Float.BYTES));
            }
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    // Makes the new name last; systems that cannot open a folder (Windows) keep names by themselves.
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException ignored) {
            // The file is complete under its name: nothing is lost unless the machine itself stops now.
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException ignored) {
            // The disk is in trouble already; the first fault is what the user must hear.
        }
    }
}
