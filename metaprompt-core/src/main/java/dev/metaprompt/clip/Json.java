package dev.metaprompt.clip;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Reads what stands in a model's JSON files. {@code where} names the file, and the object in it, for messages. */
final class Json {
    static final String ADVICE = ". Fetch the model folder again.";
    private static final long LARGEST = 1 << 20;
    private static final Set<String> SIDES = Set.of("height", "width");

    private Json() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its object
     * @throws InvalidInputException if it cannot be read or is no JSON object
     */
    static JsonObject object(Path file) {
        try {
            return JsonParser.parseString(UserText.read(file, LARGEST)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(file + " is not a JSON object" + ADVICE, e);
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be read: " + Quoted.reason(e), e);
        }
    }

    /** Reads a whole number of at least 1; where the key is absent, the default. */
    static int integer(JsonObject json, String key, int defaultValue, String where) {
        JsonElement element = json.get(key);
        return element == null ? defaultValue : integer(element, key, element, where);
    }

    // whole: what the message shows, of which the element may be a part
    private static int integer(JsonElement element, String key, JsonElement whole, String where) {
        try {
            // Not getAsInt: it cuts 2.5 to 2 and takes [7] for 7.
            int value = element.getAsJsonPrimitive().getAsBigDecimal().intValueExact();
            if (value >= 1) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException | IllegalStateException e) {
            throw new InvalidInputException(notPositive(where, key, whole), e);
        }
        throw new InvalidInputException(notPositive(where, key, whole));
    }

    private static String notPositive(String where, String key, JsonElement element) {
        return where + ": " + key + " is " + Quoted.of(element) + "; a whole number of at least 1 is allowed" + ADVICE;
    }

    /**
     * Reads the side of a square, which is written as a number, as {@code [height, width]} or as {@code {"height": …,
     * "width": …}}. Both sides count.
     *
     * @throws InvalidInputException if it is none of these, or height and width differ
     */
    static int side(JsonObject json, String key, int defaultValue, String where) {
        JsonElement element = json.get(key);
        if (element instanceof JsonArray pair && pair.size() == 2) {
            return square(pair.get(0), pair.get(1), key, element, where);
        }
        if (element instanceof JsonObject pair && pair.keySet().equals(SIDES)) {
            return square(pair.get("height"), pair.get("width"), key, element, where);
        }
        return integer(json, key, defaultValue, where);
    }

    private static int square(JsonElement height, JsonElement width, String key, JsonElement whole, String where) {
        int side = integer(height, key, whole, where);
        if (side != integer(width, key, whole, where)) {
            throw new InvalidInputException(where + ": " + key + " is " + Quoted.of(whole)
                    + ", a height and a width that differ; a square is allowed. Use a model of square images.");
        }
        return side;
    }
}
