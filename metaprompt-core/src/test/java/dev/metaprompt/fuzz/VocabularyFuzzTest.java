package dev.metaprompt.fuzz;

import com.google.gson.JsonObject;
import dev.metaprompt.RandomStream;
import dev.metaprompt.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** CLIP's {@code vocab.json} beside sound merges; native code reads what is made of both. */
class VocabularyFuzzTest extends FuzzTest {
    static final List<String> MERGES = List.of(
            "p h", "ph o", "t o</w>", "pho to</w>", "b a", "n d", "ba nd", "band e", "d </w>", "o f</w>", "a </w>");
    private static final int CONTEXT = 77;

    @Override
    String fileName() {
        return "vocab.json";
    }

    @Override
    double weight() {
        return 0.3;
    }

    /** Every letter, by itself and at a word's end, what the merges make, and the two special tokens. */
    static String vocabulary() {
        JsonObject vocabulary = new JsonObject();
        for (String end : List.of("", "</w>")) {
            for (char c = 'a'; c <= 'z'; c++) {
                vocabulary.addProperty(c + end, vocabulary.size());
            }
        }
        vocabulary.addProperty("</w>", vocabulary.size());
        for (String merge : MERGES) {
            String token = merge.replace(" ", "");
            if (!vocabulary.has(token)) {
                vocabulary.addProperty(token, vocabulary.size());
            }
        }
        vocabulary.addProperty("<|startoftext|>", vocabulary.size());
        vocabulary.addProperty("<|endoftext|>", vocabulary.size());
        return vocabulary.toString();
    }

    static String merges() {
        return "#version: 0.2\n" + String.join("\n", MERGES) + "\n";
    }

    static void readFolder(Path folder) {
        try (Tokenizer tokenizer = Tokenizer.open(folder, CONTEXT)) {
            tokenizer.encode("a photo of a banded texture, 2 of <|endoftext|> \u00e9\uD83D\uDE00");
        }
    }

    @Override
    List<byte[]> seeds() {
        return List.of(vocabulary().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        return Optional.of(new JsonTrees(random).damaged(vocabulary()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void prepare(Path root) throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("merges.txt"), merges());
    }

    @Override
    void read(Path file) {
        readFolder(file.getParent());
    }
}
