package dev.metaprompt.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A split file of CoOp's format: {@code {"train": [[path, label, name], …], "val": …, "test": …}}.
 *
 * @param sha256 of the file's bytes
 * @param train never empty
 * @param val may be empty
 * @param test never empty
 */
record SplitFile(String sha256, List<LabeledImage> train, List<LabeledImage> val, List<LabeledImage> test) {
    private static final String FORM = "[\"path\", label, \"class name\"]";
    private static final long LARGEST = 1 << 29;

    /**
     * Reads a file.
     *
     * @param file its path
     * @param classNames gives a class of the file its name
     * @throws InvalidInputException if it is not of the format, or names an image twice, or gives a class two labels or
     *     a label two classes
     */
    static SplitFile read(Path file, UnaryOperator<String> classNames) {
        try {
            byte[] bytes = PlainFiles.bytesBehindLinks(file, LARGEST);
            JsonReader reader = new JsonReader(new StringReader(UserText.of(file, bytes)));
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = JsonParser.parseReader(reader);
            if (!json.isJsonNull() && reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("more text behind its end");
            }
            if (!json.isJsonObject()) {
                throw bad(file, "is not a JSON object", "write the keys train, val and test");
            }
            return new Parser(file, classNames).parse(Sha256.hex(bytes), json.getAsJsonObject());
        } catch (IOException | JsonParseException e) {
            throw new InvalidInputException(
                    "split file " + file + " cannot be read as JSON: " + Quoted.reason(e)
                            + "; allowed are the keys train, val and test with lists of " + FORM
                            + ": correct the file.",
                    e);
        }
    }

    private static InvalidInputException bad(Path file, String found, String advice) {
        return new InvalidInputException("split file " + file + " " + found + "; allowed are lists of " + FORM
                + ", each image once, each class with one label: " + advice + ".");
    }

    private static final class Parser {
        private final Path file;
        private final UnaryOperator<String> classNames;
        private final Map<Integer, String> names = new HashMap<>();
        private final Map<String, Integer> labels = new HashMap<>();
        private final Map<String, String> places = new HashMap<>();

        Parser(Path file, UnaryOperator<String> classNames) {
            this.file = file;
            this.classNames = classNames;
        }

        SplitFile parse(String sha256, JsonObject json) {
            List<LabeledImage> train = list(json, "train");
            List<LabeledImage> val = json.has("val") ? list(json, "val") : List.of();
            List<LabeledImage> test = list(json, "test");
            for (String key : List.of("train", "test")) {
                if ((key.equals("train") ? train : test).isEmpty()) {
                    throw bad(file, "has an empty list " + key, "add its images");
                }
            }
            return new SplitFile(sha256, train, val, test);
        }

        private List<LabeledImage> list(JsonObject json, String key) {
            JsonElement list = json.get(key);
            if (list == null || !list.isJsonArray()) {
                throw bad(file, (list == null ? "lacks the key " : "has no list under ") + key, "add the list");
            }
            List<LabeledImage> images = new ArrayList<>();
            for (JsonElement entry : list.getAsJsonArray()) {
                images.add(image(key + "[" + images.size() + "]", entry));
            }
            return images;
        }

        private LabeledImage image(String place, JsonElement entry) {
            if (!(entry instanceof JsonArray parts)
                    || parts.size() != 3
                    || !isText(parts.get(0))
                    || !isInteger(parts.get(1))
                    || !isText(parts.get(2))) {
                throw bad(file, "holds " + Quoted.of(entry) + " at " + place, "correct that entry");
            }
            String path = parts.get(0).getAsString();
            int label = parts.get(1).getAsInt();
            String name = classNames.apply(parts.get(2).getAsString());
            String before = places.putIfAbsent(path, place);
            if (before != null) {
                throw bad(
                        file,
                        "names " + Quoted.of(path) + " twice, at " + before + " and " + place,
                        "remove one of them");
            }
            String otherName = names.putIfAbsent(label, name);
            if (otherName != null && !otherName.equals(name)) {
                throw bad(
                        file,
                        "gives label " + label + " to " + Quoted.of(otherName) + " and, at " + place + ", to "
                                + Quoted.of(name),
                        "correct one of them");
            }
            Integer otherLabel = labels.putIfAbsent(name, label);
            if (otherLabel != null && otherLabel != label) {
                throw bad(
                        file,
                        "gives class " + Quoted.of(name) + " the label " + otherLabel + " and, at " + place + ", "
                                + label,
                        "correct one of them");
            }
            return new LabeledImage(path, label, name);
        }

        private static boolean isText(JsonElement element) {
            return element instanceof JsonPrimitive value
                    && value.isString()
                    && !value.getAsString().isBlank()
                    && value.getAsString().chars().noneMatch(Character::isISOControl);
        }

        private static boolean isInteger(JsonElement element) {
            if (!(element instanceof JsonPrimitive value) || !value.isNumber()) {
                return false;
            }
            try {
                new BigDecimal(value.getAsString()).intValueExact();
                return true;
            } catch (ArithmeticException | NumberFormatException e) {
                return false;
            }
        }
    }
}
