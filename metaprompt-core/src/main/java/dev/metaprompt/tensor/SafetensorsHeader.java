package dev.metaprompt.tensor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file, believed only as far as the file bears it out. */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    private static final int LENGTH_BYTES = 8;
    private static final long MAX_HEADER = 100_000_000;
    private static final String METADATA = "__metadata__";
    private static final String ADVICE = ". Fetch or write the file again.";

    /** A tensor: where its bytes begin in the file, how many they are, and what they mean. */
    record Entry(ElementType type, long[] shape, long begin, long bytes) {}

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw bad(file, "has " + size + " bytes; a safetensors file has at least " + LENGTH_BYTES);
        }
        long length = readFully(channel, 0, LENGTH_BYTES).getLong(0);
        if (length < 2 || length > MAX_HEADER || length > size - LENGTH_BYTES) {
            throw bad(
                    file, "says that its header has " + Long.toUnsignedString(length) + " bytes; the file has " + size);
        }
        byte[] json = readFully(channel, LENGTH_BYTES, (int) length).array();
        return parse(file, new String(json, StandardCharsets.UTF_8), LENGTH_BYTES + length, size);
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ended while its header was read");
            }
        }
        return buffer;
    }

    private static SafetensorsHeader parse(Path file, String json, long dataStart, long size) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        members(file, json).forEach((name, value) -> {
            try {
                if (name.equals(METADATA)) {
                    value.getAsJsonObject().asMap().forEach((key, text) -> metadata.put(key, text.getAsString()));
                } else {
                    entries.put(name, entry(file, name, value.getAsJsonObject(), dataStart, size));
                }
            } catch (IllegalStateException | UnsupportedOperationException e) {
                throw bad(file, "does not describe tensor " + name + " as the format has it: " + firstLine(e));
            }
        });
        Map<String, Entry> ordered = ordered(entries);
        checkLayout(file, ordered, dataStart, size);
        return new SafetensorsHeader(ordered, metadata);
    }

    // Read member by member: a tree would keep only the last of two tensors with one name.
    private static Map<String, JsonElement> members(Path file, String json) {
        Map<String, JsonElement> members = new LinkedHashMap<>();
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(com.google.gson.Strictness.LEGACY_STRICT);
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                JsonElement value = com.google.gson.JsonParser.parseReader(reader);
                if (members.put(name, value) != null) {
                    throw new JsonParseException("two tensors are named " + name);
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("more follows the object");
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw bad(file, "has a header that is not a JSON object of tensors: " + firstLine(e));
        }
        return members;
    }

    private static Entry entry(Path file, String name, JsonObject json, long dataStart, long size) {
        ElementType type = type(file, name, json);
        long[] shape = longs(file, name, json, "shape");
        long[] offsets = longs(file, name, json, "data_offsets");
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > size - dataStart) {
            throw bad(
                    file,
                    "places tensor " + name + " at " + json.get("data_offsets") + "; the file has " + (size - dataStart)
                            + " bytes of data");
        }
        long bytes = type.bytes();
        for (long extent : shape) {
            bytes = multiply(file, name, bytes, extent);
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw bad(
                    file,
                    "gives tensor " + name + " " + (offsets[1] - offsets[0]) + " bytes; its shape " + json.get("shape")
                            + " of " + type + " takes " + bytes);
        }
        return new Entry(type, shape, dataStart + offsets[0], bytes);
    }

    private static ElementType type(Path file, String name, JsonObject json) {
        String type = json.has("dtype") ? json.get("dtype").getAsString() : "none";
        for (ElementType known : ElementType.values()) {
            if (known.name().equals(type)) {
                return known;
            }
        }
        throw bad(file, "gives tensor " + name + " the type " + type + ", which is not known");
    }

    private static long[] longs(Path file, String name, JsonObject json, String key) {
        try {
            List<Long> values = new ArrayList<>();
            for (JsonElement element : json.getAsJsonArray(key)) {
                long value = element.getAsBigDecimal().longValueExact();
                if (value < 0) {
                    throw new ArithmeticException();
                }
                values.add(value);
            }
            return values.stream().mapToLong(Long::longValue).toArray();
        } catch (RuntimeException e) {
            throw bad(
                    file,
                    "gives tensor " + name + " the " + key + " " + json.get(key)
                            + "; a list of whole numbers is allowed");
        }
    }

    private static long multiply(Path file, String name, long bytes, long extent) {
        try {
            return Math.multiplyExact(bytes, extent);
        } catch (ArithmeticException e) {
            throw bad(file, "gives tensor " + name + " more elements than can be counted");
        }
    }

    private static Map<String, Entry> ordered(Map<String, Entry> entries) {
        Map<String, Entry> ordered = new LinkedHashMap<>();
        entries.entrySet().stream()
                .sorted(Comparator.comparingLong(
                                (Map.Entry<String, Entry> e) -> e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().bytes()))
                .forEach(e -> ordered.put(e.getKey(), e.getValue()));
        return ordered;
    }

    private static void checkLayout(Path file, Map<String, Entry> ordered, long dataStart, long size) {
        long position = dataStart;
        for (Map.Entry<String, Entry> e : ordered.entrySet()) {
            if (e.getValue().begin() != position) {
                String what =
                        e.getValue().begin() < position ? "overlaps the tensor before it" : "leaves a hole before it";
                throw bad(file, "has a tensor " + e.getKey() + " that " + what);
            }
            position += e.getValue().bytes();
        }
        if (position != size) {
            throw bad(file, "has " + (size - position) + " bytes behind its last tensor");
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    // A message is one line, whatever characters a header puts into its names.
    private static InvalidInputException bad(Path file, String what) {
        return new InvalidInputException(file + " " + what.replaceAll("[\\p{Cc}\u2028\u2029]", "?") + ADVICE);
    }
}
