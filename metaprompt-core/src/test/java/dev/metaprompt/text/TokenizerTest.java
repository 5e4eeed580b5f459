package dev.metaprompt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token ids of CLIP's own vocabulary. */
class TokenizerTest {
    private static final int CONTEXT = 77;
    private static final int BEGIN = 49406;
    private static final int END = 49407;

    @TempDir
    static Path folder;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = ClipVocabulary.open(folder, CONTEXT);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void idsEqualTheGoldenOnes() throws IOException {
        assertEquals(136, assertIds(Golden.path("tokens/tokens.jsonl"), "ids"));
    }

    @Test
    void idsEqualOpenAis() throws IOException {
        assertEquals(2000, assertIds(SharedData.require("tokens-dev.jsonl"), "ids"));
    }

    @Test
    void idsEqualTheFastTokenizersWhereItDiffersFromOpenAis() throws IOException {
        assertTrue(assertIds(SharedData.require("tokens-divergent-dev.jsonl"), "ids_fast") > 0);
    }

    private static int assertIds(Path file, String key) throws IOException {
        int count = 0;
        for (String line : Files.readAllLines(file)) {
            JsonObject example = JsonParser.parseString(line).getAsJsonObject();
            int[] expected = ids(example.getAsJsonArray(key));
            String text = example.get("text").getAsString();
            assertArrayEquals(expected, tokenizer.encodeCut(text), () -> "\"" + text + "\"");
            count++;
        }
        return count;
    }

    private static int[] ids(JsonArray json) {
        return json.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    }

    @Test
    void anEmptyTextIsBeginAndEnd() {
        assertArrayEquals(new int[] {BEGIN, END}, tokenizer.encode(""));
    }

    @Test
    void truncationKeepsTheEndTokenLast() throws IOException {
        int[] whole = tokenizer.encode("red ".repeat(CONTEXT - 2));
        int[] cut = tokenizer.encodeCut("red ".repeat(CONTEXT - 1));
        assertEquals(CONTEXT, whole.length);
        assertArrayEquals(whole, cut);
        assertEquals(END, cut[CONTEXT - 1]);
        try (Tokenizer narrow = ClipVocabulary.open(folder, 5)) {
            assertEquals(5, narrow.contextLength());
            assertArrayEquals(new int[] {BEGIN, 320, 1125, 539, END}, narrow.encodeCut("a photo of a banded texture."));
        }
    }

    @Test
    void aTextThatDoesNotFitIsRefusedWithBothNumbers() {
        assertEquals(CONTEXT, tokenizer.encode("red ".repeat(CONTEXT - 2)).length);
        assertEquals(CONTEXT + 100, tokenizer.whole("red ".repeat(CONTEXT + 98)).length);
        assertEquals(64 * CONTEXT, tokenizer.whole("red ".repeat(100_000)).length);
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> tokenizer.encode("red ".repeat(100_000))),
                "takes 4928 or more tokens, begin and end included; the model allows 77.");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> tokenizer.encode("red ".repeat(CONTEXT - 1))),
                "text \"red red",
                "takes 78 tokens, begin and end included; the model allows 77. Shorten it.");
    }

    @Test
    void aFolderWithoutTokenizerIsRefused(@TempDir Path empty) {
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Tokenizer.open(empty, CONTEXT)),
                empty.toString(),
                "tokenizer.json");
    }

    @Test
    void theFileOpensAsWellAsItsFolder(@TempDir Path other) throws IOException {
        Path file = Files.copy(folder.resolve("tokenizer.json"), other.resolve("clip.json"));
        try (Tokenizer byFile = Tokenizer.open(file, CONTEXT)) {
            assertArrayEquals(tokenizer.encode("banded texture."), byFile.encode("banded texture."));
        }
    }

    @Test
    void aPlaceThatDoesNotExistIsRefused(@TempDir Path empty) {
        Path none = empty.resolve("none");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Tokenizer.open(none, CONTEXT)),
                none + " does not exist.",
                "tokenizer.json");
    }

    @Test
    void aDamagedTokenizerIsRefused(@TempDir Path damaged) throws IOException {
        Path file = damaged.resolve("tokenizer.json");
        for (String content : new String[] {"", "{", "[1, 2]", "{\"model\": {}}", "{\n\"model\":\n7}"}) {
            Files.writeString(file, content);
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> Tokenizer.open(damaged, CONTEXT)), file.toString());
        }
    }

    @Test
    void anIdThatIsNoIndexIsNamedWithItsFile(@TempDir Path damaged) throws IOException {
        Path file = damaged.resolve("tokenizer.json");
        String json = Files.readString(folder.resolve("tokenizer.json"));
        String post = "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"X\",\"type_id\":0}}],"
                + "\"pair\":[],\"special_tokens\":{\"X\":{\"id\":\"X\",\"ids\":[4294967295],\"tokens\":[\"X\"]}}}";
        JsonObject changed = JsonParser.parseString(json).getAsJsonObject();
        changed.add("post_processor", JsonParser.parseString(post));
        Files.writeString(file, changed.toString());
        try (Tokenizer other = Tokenizer.open(damaged, CONTEXT)) {
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> other.encode("a")), file.toString(), "4294967295");
        }
    }

    /** Each of these ended the process when the native library was given it. */
    @Test
    void whatTheNativeLibraryEndsTheProcessOverIsKeptFromIt(@TempDir Path damaged) throws IOException {
        Path file = damaged.resolve("tokenizer.json");
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("tokenizer.json")))
                .getAsJsonObject();
        String whole = json.toString();
        Files.writeString(file, whole.substring(0, whole.length() / 2) + "\u0001");
        assertThrows(InvalidInputException.class, () -> Tokenizer.open(damaged, CONTEXT));
        json.addProperty("decoder", "none that is known");
        Files.writeString(file, json.toString());
        try (Tokenizer other = Tokenizer.open(damaged, CONTEXT)) {
            assertArrayEquals(tokenizer.encode("a b"), other.encode("a b"), "encoding needs no decoder");
        }
        json.add(
                "post_processor",
                JsonParser.parseString("{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"[X]\","
                        + "\"type_id\":0}}],\"pair\":[],\"special_tokens\":{}}"));
        Files.writeString(file, json.toString());
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Tokenizer.open(damaged, CONTEXT)),
                file.toString(),
                "special token [X]");
    }
}
