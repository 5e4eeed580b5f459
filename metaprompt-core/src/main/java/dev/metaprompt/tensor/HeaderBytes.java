package dev.metaprompt.tensor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the header of a safetensors file. */
public final class HeaderBytes {
    private static final int ALIGNMENT = 8;

    private HeaderBytes() {}

    /**
     * A tensor of the file.
     *
     * @param name its name, other than {@code __metadata__}
     * @param type the format's word for the type of its elements, such as {@code F32}
     * @param bytes how many it takes
     * @param shape its extents
     */
    public record Tensor(String name, String type, long bytes, long... shape) {}

    /**
     * Returns the header's text.
     *
     * @param metadata pairs; written sorted, and left out when empty
     * @param tensors in the order of their data, one behind the other
     * @return JSON in UTF-8, filled up with spaces to a multiple of eight bytes
     */
    public static byte[] of(Map<String, String> metadata, List<Tensor> tensors) {
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject pairs = new JsonObject();
            new TreeMap<>(metadata).forEach(pairs::addProperty);
            header.add(SafetensorsHeader.METADATA, pairs);
        }
        long offset = 0;
        for (Tensor tensor : tensors) {
            if (tensor.name().equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be named " + tensor.name());
            }
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", tensor.type());
            entry.add("shape", array(tensor.shape()));
            entry.add("data_offsets", array(offset, offset + tensor.bytes()));
            header.add(tensor.name(), entry);
            offset += tensor.bytes();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static JsonArray array(long... values) {
        JsonArray array = new JsonArray();
        for (long value : values) {
            array.add(value);
        }
        return array;
    }
}
