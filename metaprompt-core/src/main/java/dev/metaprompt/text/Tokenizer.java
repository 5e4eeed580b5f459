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
import dev.metaprompt.Sha256;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
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
    private static final long LARGEST = 1 << 28;

    /** How many times the context a text is counted to: a file may hold one line of a gigabyte. */
    private static final int MOST = 64;

    private final HuggingFaceTokenizer tokenizer;
    private final int contextLength;
    private final Path file;
    private final String sha256;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int contextLength, Path file, String sha256) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.file = file;
        this.sha256 = sha256;
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
        String most = String.valueOf(MOST * contextLength);
        // Without the second length the library takes 512 for the longest that a model knows.
        Map<String, String> options =
                Map.of("maxLength", most, "modelMaxLength", most, "truncation", "true", "padding", "false");
        byte[] content = content(place);
        Path file = isVocabulary(place) ? place.resolve(ClipVocabularyFiles.VOCABULARY) : file(place);
        try {
            return new Tokenizer(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), options),
                    contextLength,
                    file,
                    Sha256.hex(content));
        } catch (IOException | RuntimeException e) {
            throw unreadable(place, e);
        }
    }

    /**
     * Digests a tokenizer without loading it.
     *
     * @param place as for {@link #open}
     * @return what {@link #sha256()} of the opened one gives
     * @throws InvalidInputException if the folder has no tokenizer or it cannot be read
     */
    public static String sha256(Path place) {
        return Sha256.hex(content(place));
    }

    private static boolean isVocabulary(Path place) {
        return !Files.isRegularFile(place.resolve(FILE_NAME)) && ClipVocabularyFiles.in(place);
    }

    /** Returns the JSON that is loaded: all that decides how texts become tokens. */
    private static byte[] content(Path place) {
        if (isVocabulary(place)) {
            return ClipVocabularyFiles.tokenizerJson(place).getBytes(StandardCharsets.UTF_8);
        }
        Path file = file(place);
        try {
            return needed(file).toString().getBytes(StandardCharsets.UTF_8);
        } catch (InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(place, e);
        }
    }

    private static InvalidInputException unreadable(Path place, Exception e) {
        String reason = " cannot be read as a tokenizer: " + Quoted.reason(e);
        if (isVocabulary(place)) {
            return new InvalidInputException(
                    place.resolve(ClipVocabularyFiles.VOCABULARY) + " and " + ClipVocabularyFiles.MERGES + reason
                            + ". Fetch them again.",
                    e);
        }
        return new InvalidInputException(file(place) + reason + ". Fetch it again.", e);
    }

    /**
     * Returns what encoding needs. The native library ends the process over a decoder it does not know, and over text
     * that is no JSON, so both are kept from it; how texts are cut is said by the options.
     */
    private static JsonObject needed(Path file) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(UserText.read(file, LARGEST)))) {
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

    /**
     * Returns the digest of what decides how texts become tokens, wherever it lies.
     *
     * @return SHA-256 in lower-case hexadecimal
     */
    public String sha256() {
        return sha256;
    }

    private static Path file(Path place) {
        Path file = Files.isDirectory(place) ? place.resolve(FILE_NAME) : place;
        if (Files.isRegularFile(file)) {
            return file;
        }
        String what = Files.isDirectory(place)
                ? " has no " + FILE_NAME + ", nor vocab.json with merges.txt"
                : " does not exist";
        throw new InvalidInputException(Quoted.path(place) + what + ". Copy the " + FILE_NAME
                + " that belongs to the model there, or name its place as tokenizer.");
    }

    /**
     * Encodes a text that has to fit.
     *
     * @param text any text
     * @return begin token, the text's tokens, end token, at most {@link #contextLength()} together
     * @throws InvalidInputException if there are more, or the file gives a token an id that is no index
     */
    public int[] encode(String text) {
        int[] ids = whole(text);
        if (ids.length > contextLength) {
            throw new InvalidInputException(
                    "text \"" + Quoted.of(text) + "\" " + tooLong(ids.length) + ". Shorten it.");
        }
        return ids;
    }

    /**
     * Encodes a text as CLIP's own code can be told to: what does not fit is left out. Only for who asked for it.
     *
     * @param text any text
     * @return as {@link #encode}, the end token last
     * @throws InvalidInputException if the file gives a token an id that is no index
     */
    public int[] encodeCut(String text) {
        return cut(whole(text));
    }

    /**
     * Cuts what a text became, as {@link #encodeCut} does.
     *
     * @param ids of {@link #whole}
     * @return those that fit, the end token last; the same where all do
     */
    public int[] cut(int[] ids) {
        if (ids.length <= contextLength) {
            return ids;
        }
        int[] cut = Arrays.copyOf(ids, contextLength);
        cut[contextLength - 1] = ids[ids.length - 1];
        return cut;
    }

    /**
     * Says that a text is too long, as the end of a sentence.
     *
     * @param tokens how many it has, more than {@link #contextLength()}
     * @return for example {@code takes 90 tokens, begin and end included; the model allows 77}
     */
    public String tooLong(int tokens) {
        return "takes " + tokens + (tokens < MOST * contextLength ? "" : " or more")
                + " tokens, begin and end included; the model allows " + contextLength;
    }

    /**
     * Encodes a text that need not fit.
     *
     * @param text any text
     * @return begin token, the text's tokens, end token; of a text of more than 64 times {@link #contextLength()} that
     *     many
     * @throws InvalidInputException if the file gives a token an id that is no index
     */
    public int[] whole(String text) {
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
