package dev.metaprompt.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns text into a model's token ids, as the fast tokenizer of its folder does. */
public final class Tokenizer implements AutoCloseable {
    private static final String FILE_NAME = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;
    private final int contextLength;
    private final Path file;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int contextLength, Path file) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.file = file;
    }

    /**
     * Opens a tokenizer.
     *
     * @param place a {@code tokenizer.json}, or a folder that holds one or CLIP's {@code vocab.json} and
     *     {@code merges.txt}
     * @param contextLength the longest sequence, begin and end included
     * @return the tokenizer; close it
     * @throws InvalidInputException if the folder has no tokenizer or it cannot be read
     */
    public static Tokenizer open(Path place, int contextLength) {
        if (!Files.isRegularFile(place.resolve(FILE_NAME)) && ClipVocabularyFiles.in(place)) {
            return ofVocabulary(place, contextLength);
        }
        Path file = file(place);
        try {
            Map<String, String> options =
                    Map.of("maxLength", String.valueOf(contextLength), "truncation", "true", "padding", "false");
            byte[] content = needed(file).toString().getBytes(StandardCharsets.UTF_8);
            return new Tokenizer(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), options), contextLength, file);
        } catch (IOException | RuntimeException e) {
            throw new InvalidInputException(
                    file + " cannot be read as a tokenizer: " + firstLine(e) + ". Fetch it again.", e);
        }
    }

    private static Tokenizer ofVocabulary(Path folder, int contextLength) {
        Map<String, String> options =
                Map.of("maxLength", String.valueOf(contextLength), "truncation", "true", "padding", "false");
        try (InputStream json = new ByteArrayInputStream(
                ClipVocabularyFiles.tokenizerJson(folder).getBytes(StandardCharsets.UTF_8))) {
            return new Tokenizer(
                    HuggingFaceTokenizer.newInstance(json, options),
                    contextLength,
                    folder.resolve(ClipVocabularyFiles.VOCABULARY));
        } catch (InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new InvalidInputException(
                    folder.resolve(ClipVocabularyFiles.VOCABULARY) + " and " + ClipVocabularyFiles.MERGES
                            + " cannot be read as a tokenizer: " + firstLine(e) + ". Fetch them again.",
                    e);
        }
    }

    /**
     * Returns what encoding needs. The native library ends the process over a decoder it does not know, and over text
     * that is no JSON, so both are kept from it; how texts are cut is said by the options.
     */
    private static JsonObject needed(Path file) throws IOException {
        try (JsonReader reader = new JsonReader(Files.newBufferedReader(file))) {
            reader.setStrictness(Strictness.STRICT);
            JsonObject json = JsonParser.parseReader(reader).getAsJsonObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("more follows the object");
            }
            List.of("decoder", "truncation", "padding").forEach(json::remove);
            requireSpecialTokens(json.get("post_processor"));
            return json;
        }
    }

    /** A template that names a special token it does not define would end the process too. */
    private static void requireSpecialTokens(JsonElement processor) {
        if (processor instanceof JsonArray parts) {
            parts.forEach(Tokenizer::requireSpecialTokens);
        } else if (processor instanceof JsonObject part) {
            Set<String> defined = part.get("special_tokens") instanceof JsonObject tokens ? tokens.keySet() : Set.of();
            for (String template : List.of("single", "pair")) {
                if (part.get(template) instanceof JsonArray pieces) {
                    pieces.forEach(piece -> requireDefined(piece, defined));
                }
            }
            requireSpecialTokens(part.get("processors"));
        }
    }

    private static void requireDefined(JsonElement piece, Set<String> defined) {
        if (piece instanceof JsonObject kinds && kinds.get("SpecialToken") instanceof JsonObject token) {
            String id = String.valueOf(token.get("id") instanceof JsonPrimitive text ? text.getAsString() : null);
            if (!defined.contains(id)) {
                throw new JsonParseException(
                        "its template names the special token " + id + ", which it does not define");
            }
        }
    }

    private static Path file(Path place) {
        Path file = Files.isDirectory(place) ? place.resolve(FILE_NAME) : place;
        if (Files.isRegularFile(file)) {
            return file;
        }
        String what = Files.isDirectory(place)
                ? " has no " + FILE_NAME + ", nor vocab.json with merges.txt"
                : " does not exist";
        throw new InvalidInputException(place + what + ". Copy the " + FILE_NAME
                + " that belongs to the model there, or name its place as tokenizer.");
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }

    /**
     * Encodes a text.
     *
     * @param text any text
     * @return begin token, the text's tokens, end token; cut so that the end token is the last at most at
     *     {@link #contextLength()}
     * @throws InvalidInputException if the file gives a token an id that is no index
     */
    public int[] encode(String text) {
        return Arrays.stream(tokenizer.encode(text).getIds())
                .mapToInt(this::index)
                .toArray();
    }

    private int index(long id) {
        if (id < 0 || id > Integer.MAX_VALUE) {
            throw new InvalidInputException(
                    file + " gives a token the id " + id + "; allowed are ids below 2^31. Fetch it again.");
        }
        return (int) id;
    }

    /**
     * Returns the longest sequence.
     *
     * @return tokens, begin and end included
     */
    public int contextLength() {
        return contextLength;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
