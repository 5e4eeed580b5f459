package dev.metaprompt.tensor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The header of a safetensors file, believed only as far as the file bears it out. */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = 8;
    private static final long MAX_HEADER = 100_000_000;
    private static final String ADVICE = ". Fetch or write the file again.";

    /** A tensor: where its bytes begin in the file, how many they are, and what they mean. */
    record Entry(ElementType type, long[] shape, long begin, long bytes) {}

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw bad(file, "has " + size + " bytes; a safetensors file has at least " + LENGTH_BYTES);
        }
        long length = readFully(channel, 0, LENGTH_BYTES).getLong(0);
        // A negative length is one beyond 2^63.
        if (length < 2 || length > MAX_HEADER || length > size - LENGTH_BYTES) {
            throw bad(
                    file, "says that its header has " + Long.toUnsignedString(length) + " bytes; the file has " + size);
        }
        ByteBuffer json = readFully(channel, LENGTH_BYTES, (int) length).rewind();
        return parse(file, json, LENGTH_BYTES + length, size);
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

    private static SafetensorsHeader parse(Path file, ByteBuffer json, long dataStart, long size) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = Map.of();
        for (Map.Entry<String, JsonElement> member : members(file, json).entrySet()) {
            String name = member.getKey();
            if (name.equals(METADATA)) {
                metadata = metadata(file, member.getValue());
            } else {
                entries.put(name, entry(file, name, member.getValue(), dataStart, size));
            }
        }
        Map<String, Entry> ordered = ordered(entries);
        checkLayout(file, ordered, dataStart, size);
        return new SafetensorsHeader(ordered, metadata);
    }

    // Read member by member: a tree would keep only the last of two tensors with one name.
    private static Map<String, JsonElement> members(Path file, ByteBuffer json) {
        Map<String, JsonElement> members = new LinkedHashMap<>();
        // A new decoder refuses what is no UTF-8; a String would put replacement characters there.
        try (JsonReader reader = new JsonReader(new StringReader(
                StandardCharsets.UTF_8.newDecoder().decode(json).toString()))) {
            reader.setStrictness(Strictness.STRICT);
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (members.put(name, JsonParser.parseReader(reader)) != null) {
                    throw bad(file, "has a header in which two tensors are named " + Quoted.of(name));
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("more follows the object");
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw bad(file, "has a header that is not a JSON object of tensors (" + Quoted.reason(e) + ")");
        }
        return members;
    }

    private static Map<String, String> metadata(Path file, JsonElement json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            json.getAsJsonObject().asMap().forEach((key, text) -> metadata.put(key, text.getAsString()));
        } catch (IllegalStateException | UnsupportedOperationException e) {
            throw bad(file, "has as " + METADATA + " " + Quoted.of(json) + "; an object of strings is allowed");
        }
        return metadata;
    }

    private static Entry entry(Path file, String name, JsonElement element, long dataStart, long size) {
        if (!element.isJsonObject()) {
            throw bad(
                    file,
                    "describes tensor " + Quoted.of(name) + " by " + Quoted.of(element)
                            + "; an object of dtype, shape and data_offsets is allowed");
        }
        JsonObject json = element.getAsJsonObject();
        ElementType type = type(file, name, json.get("dtype"));
        long[] shape = longs(file, name, json, "shape");
        long[] offsets = longs(file, name, json, "data_offsets");
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > size - dataStart) {
            throw bad(
                    file,
                    "places tensor " + Quoted.of(name) + " at " + Quoted.of(json.get("data_offsets"))
                            + "; the file has " + (size - dataStart) + " bytes of data");
        }
        long bytes = bytes(file, name, type, shape);
        if (bytes != offsets[1] - offsets[0]) {
            throw bad(
                    file,
                    "gives tensor " + Quoted.of(name) + " " + (offsets[1] - offsets[0]) + " bytes; its shape "
                            + Quoted.of(json.get("shape")) + " of " + type + " takes " + bytes);
        }
        return new Entry(type, shape, dataStart + offsets[0], bytes);
    }

    private static ElementType type(Path file, String name, JsonElement dtype) {
        for (ElementType known : ElementType.values()) {
            if (dtype != null && dtype.isJsonPrimitive() && known.name().equals(dtype.getAsString())) {
                return known;
            }
        }
        throw bad(
                file,
                "gives tensor " + Quoted.of(name) + " the dtype " + Quoted.of(dtype) + "; allowed are "
                        + Arrays.toString(ElementType.values()));
    }

    private static long[] longs(Path file, String name, JsonObject json, String key) {
        try {
            return json.getAsJsonArray(key).asList().stream()
                    .mapToLong(SafetensorsHeader::count)
                    .toArray();
        } catch (RuntimeException e) {
            throw bad(
                    file,
                    "gives tensor " + Quoted.of(name) + " the " + key + " " + Quoted.of(json.get(key))
                            + "; a list of whole numbers is allowed");
        }
    }

    private static long count(JsonElement element) {
        long value = element.getAsBigDecimal().longValueExact();
        if (value < 0 || !element.getAsJsonPrimitive().isNumber()) {
            throw new ArithmeticException(element + " is no count");
        }
        return value;
    }

    private static long bytes(Path file, String name, ElementType type, long[] shape) {
        try {
            long bytes = type.bytes();
            for (long extent : shape) {
                bytes = Math.multiplyExact(bytes, extent);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw bad(
                    file,
                    "gives tensor " + Quoted.of(name) + " the shape " + Quoted.of(Arrays.toString(shape))
                            + ": more elements than can be counted");
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
                throw bad(file, "has a tensor " + Quoted.of(e.getKey()) + " that " + what);
            }
            position += e.getValue().bytes();
        }
        if (position != size) {
            throw bad(file, "has " + (size - position) + " bytes behind its last tensor");
        }
    }

    private static InvalidInputException bad(Path file, String what) {
        return new InvalidInputException(file + " " + what + ADVICE);
    }
}
