package dev.metaprompt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with {@code vocab.json} and {@code merges.txt} in place of {@code tokenizer.json}. */
class ClipVocabularyFilesTest {
    private static final int CONTEXT = 77;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        JsonObject model;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Golden.path("tokens/tokenizer.json.gz")))) {
            model = JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject()
                    .getAsJsonObject("model");
        }
        Files.writeString(folder.resolve("vocab.json"), model.get("vocab").toString());
        StringBuilder merges = new StringBuilder("#version: 0.2\n");
        for (JsonElement merge : model.getAsJsonArray("merges")) {
            merges.append(merge.getAsString()).append('\n');
        }
        Files.writeString(folder.resolve("merges.txt"), merges.toString());
    }

    @Test
    void theyGiveTheIdsOfTheWholeTokenizer() throws IOException {
        int count = 0;
        try (Tokenizer tokenizer = Tokenizer.open(folder, CONTEXT)) {
            for (String line : Files.readAllLines(Golden.path("tokens/tokens.jsonl"))) {
                JsonObject example = JsonParser.parseString(line).getAsJsonObject();
                int[] expected = example.getAsJsonArray("ids").asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray();
                assertArrayEquals(
                        expected, tokenizer.encodeCut(example.get("text").getAsString()), line);
                count++;
            }
        }
        assertEquals(136, count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab.json", "merges.txt"})
    void oneWithoutTheOtherIsRefused(String file) throws IOException {
        Files.delete(folder.resolve(file));
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Tokenizer.open(folder, CONTEXT)),
                folder.toString(),
                "tokenizer.json",
                "vocab.json with merges.txt",
                "as tokenizer");
    }

    @Test
    void tokensThatAreAddedBesideTheVocabularyAreRefusedByName() throws IOException {
        Path added = folder.resolve("added_tokens.json");
        Files.writeString(added, "{\"<|endoftext|>\": 49407}");
        Tokenizer.open(folder, CONTEXT).close();
        for (String content : new String[] {"{\"<mine>\": 49408}", "{\"<|endoftext|>\": 49408}", "[]"}) {
            Files.writeString(added, content);
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> Tokenizer.open(folder, CONTEXT)), added.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\": 1}", "{\"<|startoftext|>\": {}, \"<|endoftext|>\": 1}"})
    void anotherVocabularyIsRefused(String content) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), content);
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Tokenizer.open(folder, CONTEXT)),
                folder.resolve("vocab.json").toString());
    }
}
