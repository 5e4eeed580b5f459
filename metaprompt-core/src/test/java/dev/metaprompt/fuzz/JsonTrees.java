package dev.metaprompt.fuzz;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.RandomStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Damages JSON so that it stays JSON: another value in a place, a name gone or twice, depth without end. */
final class JsonTrees {
    private final RandomStream random;

    JsonTrees(RandomStream random) {
        this.random = random;
    }

    /** Returns a valid text with one to three values changed. */
    String damaged(String valid) {
        JsonElement tree = JsonParser.parseString(valid);
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            tree = damage(tree, 0);
        }
        return tree.toString();
    }

    private JsonElement damage(JsonElement tree, int depth) {
        boolean deeper = depth < 1 || random.nextInt(4) > 0;
        if (tree instanceof JsonObject object && object.size() > 0 && deeper) {
            List<String> keys = new ArrayList<>(object.keySet());
            String key = keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(8)) {
                case 0 -> object.remove(key);
                case 1 -> object.add(text(), object.get(key));
                default -> object.add(key, damage(object.get(key), depth + 1));
            }
            return object;
        }
        if (tree instanceof JsonArray array && array.size() > 0 && deeper) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(8)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at));
                default -> array.set(at, damage(array.get(at), depth + 1));
            }
            return array;
        }
        return value();
    }

    private JsonElement value() {
        return switch (random.nextInt(10)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextInt(2) == 0);
            case 2 -> new JsonArray();
            case 3 -> new JsonObject();
            case 4 -> deep();
            case 5, 6 -> new JsonPrimitive(text());
            default -> new JsonPrimitive(number());
        };
    }

    private JsonElement deep() {
        JsonElement tree = new JsonPrimitive(1);
        for (int i = 1 << random.nextInt(12); i > 0; i--) {
            JsonArray outer = new JsonArray();
            outer.add(tree);
            tree = outer;
        }
        return tree;
    }

    private Number number() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(1000);
            case 3 -> Integer.MAX_VALUE;
            case 4 -> Long.MIN_VALUE + random.nextInt(2);
            case 5 -> 0.5;
            case 6 -> new BigDecimal("1e" + (random.nextInt(2000) - 1000));
            default -> new BigDecimal("1e999999999");
        };
    }

    private String text() {
        return switch (random.nextInt(10)) {
            case 0 -> "";
            case 1 -> " ";
            case 2 -> "../../outside";
            case 3 -> "/etc/passwd";
            case 4 -> "a\nb\r\u2028c\u0000";
            case 5 -> "x".repeat(1 << random.nextInt(14));
            case 6 -> "\uD800";
            case 7 -> "٣";
            case 8 -> "1e9";
            default -> "text" + random.nextInt(100);
        };
    }
}
