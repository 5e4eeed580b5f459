package dev.metaprompt.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes of CLIP's {@code vocab.json} and {@code merges.txt} the {@code tokenizer.json} that transformers makes of them:
 * the two files hold the pieces of words, but not how a text is cut into words.
 */
final class ClipVocabularyFiles {
    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";
    private static final String ADDED = "added_tokens.json";
    private static final long LARGEST = 1 << 28;
    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    // The words of OpenAI's SimpleTokenizer, whose expression ignores case: texts are lower-cased first.
    private static final String WORDS =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    private static final String FRAME = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
               {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "}, {"type": "Lowercase"}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {}, "behavior": "Removed", "invert": true},
               {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
             "post_processor": {"type": "RobertaProcessing", "trim_offsets": false, "add_prefix_space": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
             "model": {"type": "BPE", "dropout": null, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "",
               "end_of_word_suffix": "</w>", "fuse_unk": false, "byte_fallback": false}}
            """;

    private ClipVocabularyFiles() {}

    static boolean in(Path folder) {
        return Files.isRegularFile(folder.resolve(VOCABULARY)) && Files.isRegularFile(folder.resolve(MERGES));
    }

    /**
     * Makes the tokenizer.
     *
     * @param folder holds both files
     * @return the content of a {@code tokenizer.json}
     * @throws InvalidInputException if the files are not CLIP's
     */
    static String tokenizerJson(Path folder) {
        Path file = folder.resolve(VOCABULARY);
        try {
            JsonObject vocabulary =
                    JsonParser.parseString(UserText.read(file, LARGEST)).getAsJsonObject();
            JsonObject json = JsonParser.parseString(FRAME).getAsJsonObject();
            JsonObject processor = json.getAsJsonObject("post_processor");
            processor.add("sep", special(json, vocabulary, END, false));
            processor.add("cls", special(json, vocabulary, BEGIN, true));
            json.getAsJsonObject("pre_tokenizer")
                    .getAsJsonArray("pretokenizers")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonObject("pattern")
                    .addProperty("Regex", WORDS);
            json.getAsJsonObject("model").add("vocab", vocabulary);
            file = folder.resolve(ADDED);
            requireNothingAdded(file, vocabulary);
            file = folder.resolve(MERGES);
            json.getAsJsonObject("model").add("merges", merges(file));
            return json.toString();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(
                    file + " is not the vocabulary of CLIP (" + Quoted.reason(e) + "). Fetch it again.", e);
        }
    }

    private static void requireNothingAdded(Path file, JsonObject vocabulary) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        JsonObject added = JsonParser.parseString(UserText.read(file, LARGEST)).getAsJsonObject();
        for (String token : added.keySet()) {
            if (!added.get(token).equals(vocabulary.get(token))) {
                throw new InvalidInputException(file + " adds the token " + Quoted.of(token) + ", which " + VOCABULARY
                        + " has not; allowed are tokenizers without. Save the tokenizer as tokenizer.json.");
            }
        }
    }

    private static JsonArray special(JsonObject json, JsonObject vocabulary, String token, boolean normalized) {
        JsonElement id = vocabulary.get(token);
        if (id == null) {
            throw new JsonParseException("no " + token);
        }
        JsonObject added = new JsonObject();
        added.add("id", id);
        added.addProperty("content", token);
        added.addProperty("single_word", false);
        added.addProperty("lstrip", false);
        added.addProperty("rstrip", false);
        added.addProperty("normalized", normalized);
        added.addProperty("special", true);
        json.getAsJsonArray("added_tokens").add(added);
        JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(id);
        return pair;
    }

    private static JsonArray merges(Path file) throws IOException {
        JsonArray merges = new JsonArray();
        for (String line : UserText.lines(UserText.read(file, LARGEST))) {
            if (!line.startsWith("#version") && !line.isBlank()) {
                merges.add(line);
            }
        }
        return merges;
    }
}
