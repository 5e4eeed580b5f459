package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Writes safetensors files: the same tensors give the same bytes. */
final class SafetensorsWriter {
    // Python's reader wants the data aligned to eight bytes.
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
        Map<String, NDArray> sorted = new TreeMap<>(tensors);
        // Not a file of createTempFile: that would be readable by its owner alone, and so would the result.
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            write(temporary, header(sorted, metadata), sorted);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + " cannot be written: " + reason(e) + ". Free some space, or choose another folder.", e);
        } finally {
            delete(temporary);
        }
    }

    private static String reason(IOException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }

    private static byte[] header(Map<String, NDArray> tensors, Map<String, String> metadata) {
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject pairs = new JsonObject();
            new TreeMap<>(metadata).forEach(pairs::addProperty);
            header.add("__metadata__", pairs);
        }
        long offset = 0;
        for (Map.Entry<String, NDArray> e : tensors.entrySet()) {
            if (e.getValue().getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(
                        e.getKey() + " is " + e.getValue().getDataType());
            }
            JsonArray shape = new JsonArray();
            for (long extent : e.getValue().getShape().getShape()) {
                shape.add(extent);
            }
            JsonArray offsets = new JsonArray();
            offsets.add(offset);
            offset += e.getValue().getShape().size() * Float.BYTES;
            offsets.add(offset);
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", "F32");
            entry.add("shape", shape);
            entry.add("data_offsets", offsets);
            header.add(e.getKey(), entry);
        }
        StringBuilder json = new StringBuilder(header.toString());
        while (json.toString().getBytes(StandardCharsets.UTF_8).length % ALIGNMENT != 0) {
            json.append(' ');
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] header, Map<String, NDArray> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, start.putLong(header.length).put(header).flip());
            for (NDArray tensor : tensors.values()) {
                float[] values = tensor.toFloatArray();
                ByteBuffer data =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                data.asFloatBuffer().put(values);
                writeFully(channel, data);
            }
            channel.force(true);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
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
