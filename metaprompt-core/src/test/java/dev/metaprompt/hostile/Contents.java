package dev.metaprompt.hostile;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Contents of files with hostile texts in all their places. */
final class Contents {
    private static final String PLACE = "§";
    private static final int MOST_NODES = 80;

    private Contents() {}

    /** Each text in each template, in the place of {@code §}, as it is. */
    static List<byte[]> raw(String... templates) {
        return made(text -> text, templates);
    }

    /** Each text in each template, in the place of {@code §}, escaped as between the quotes of JSON and YAML. */
    static List<byte[]> quoted(String... templates) {
        return made(Contents::escaped, templates);
    }

    private static List<byte[]> made(Function<String, String> form, String... templates) {
        List<byte[]> contents = new ArrayList<>();
        for (String template : templates) {
            for (String text : Hostile.TEXTS) {
                contents.add(bytes(template.replace(PLACE, form.apply(text))));
            }
            contents.add(bytes(template.replace(PLACE, Hostile.DIGITS)));
        }
        return contents;
    }

    /** A JSON text with hostile values, keys, numbers, lists and objects in the place of each of its nodes. */
    static List<String> jsonTexts(String valid) {
        JsonElement tree = JsonParser.parseString(valid);
        int nodes = new Replacement(-1, Kind.VALUE).count(tree);
        int step = Math.max(1, nodes / MOST_NODES);
        List<String> texts = new ArrayList<>();
        for (int at = 0; at < nodes; at += step) {
            for (Kind kind : Kind.values()) {
                String changed = new Replacement(at, kind).of(tree).toString();
                if (changed.contains(PLACE)) {
                    Hostile.TEXTS.forEach(text -> texts.add(changed.replace(PLACE, escaped(text))));
                    texts.add(changed.replace('"' + PLACE + '"', Hostile.DIGITS));
                }
            }
        }
        return texts;
    }

    static List<byte[]> json(String valid) {
        return jsonTexts(valid).stream().map(Contents::bytes).toList();
    }

    /** Safetensors files with such headers, and some bytes behind them. */
    static List<byte[]> safetensors(String header, int data) {
        return jsonTexts(header).stream()
                .map(json -> safetensors(bytes(json), data))
                .toList();
    }

    static byte[] safetensors(byte[] header, int data) {
        return ByteBuffer.allocate(Long.BYTES + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String escaped(String text) {
        String json = new JsonPrimitive(text).toString();
        return json.substring(1, json.length() - 1);
    }

    private enum Kind {
        VALUE,
        KEY,
        LIST,
        OBJECT
    }

    /** Copies a tree with another thing in the place of one node. */
    private static final class Replacement {
        private final int target;
        private final Kind kind;
        private int next;

        Replacement(int target, Kind kind) {
            this.target = target;
            this.kind = kind;
        }

        int count(JsonElement tree) {
            of(tree);
            return next;
        }

        JsonElement of(JsonElement node) {
            if (next++ == target && kind != Kind.KEY) {
                return hostile();
            }
            if (node instanceof JsonObject object) {
                JsonObject copy = new JsonObject();
                for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                    boolean renamed = next == target && kind == Kind.KEY;
                    copy.add(renamed ? PLACE : entry.getKey(), of(entry.getValue()));
                }
                return copy;
            }
            if (node instanceof JsonArray array) {
                JsonArray copy = new JsonArray();
                array.forEach(item -> copy.add(of(item)));
                return copy;
            }
            return node;
        }

        private JsonElement hostile() {
            JsonPrimitive text = new JsonPrimitive(PLACE);
            if (kind == Kind.LIST) {
                JsonArray list = new JsonArray();
                list.add(text);
                return list;
            }
            if (kind == Kind.OBJECT) {
                JsonObject object = new JsonObject();
                object.add(PLACE, text);
                return object;
            }
            return text;
        }
    }
}
