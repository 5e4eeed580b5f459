package dev.metaprompt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that CLIP's vocabulary does not tell apart, and names that are too long. */
class ClassPromptTokensTest {
    private static final String TEMPLATE = "a photo of a {}.";

    @TempDir
    static Path folder;

    private static Tokenizer tokenizer;

    private final List<String> phases = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        tokenizer = ClipVocabulary.open(folder, 77);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private void require(List<String> names, List<String> templates, boolean repeated) {
        Progress progress = new Progress() {
            @Override
            public void phase(String text) {
                phases.add(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {}
        };
        new ClassPromptTokens(tokenizer, progress).require(names, templates, repeated);
    }

    private String refusal(List<String> names, List<String> templates, boolean repeated) {
        return assertThrows(InvalidInputException.class, () -> require(names, templates, repeated))
                .getMessage();
    }

    static List<List<String>> same() {
        return List.of(
                List.of("Cat", "cat"),
                List.of("snow_leopard", "snow leopard"),
                List.of("snow  leopard", "snow leopard"),
                List.of("cat", "cat_"),
                List.of("_cat", "cat"),
                List.of("snow\tleopard", "Snow_Leopard"),
                List.of("caf\u00e9", "cafe\u0301"),
                List.of("\u00c9clair", "\u00e9clair"),
                List.of("cat <|endoftext|> a", "cat <|endoftext|> b"));
    }

    @ParameterizedTest
    @MethodSource("same")
    void twoOfTheSameTokensAreBothNamed(List<String> pair) {
        List<String> names = List.of("dog", pair.get(0), "fish", pair.get(1));
        String message = refusal(names, List.of(TEMPLATE), false);
        String one = pair.get(0).replace('\t', '?');
        assertTrue(
                message.startsWith("classes \"" + one + "\" and \"" + pair.get(1) + "\" have the same tokens"),
                message);
        assertTrue(message.contains("\"a photo of a {}.\""), message);
        assertTrue(message.contains("Rename one"), message);
    }

    @Test
    void othersAreNot() {
        List<String> names = List.of(
                "cat",
                "cats",
                "ca t",
                "cat.",
                "cat!",
                "cafe",
                "caf\u00e9",
                "tom &amp; jerry",
                "tom & jerry",
                "1",
                "11",
                "1 1 1");
        require(names, List.of(TEMPLATE, "{}"), false);
        assertEquals(List.of(), phases);
    }

    /** {@code 1 1} and {@code 11} have the same tokens: CLIP takes digits one by one, and each ends its word. */
    @Test
    void onlyTheTokensCount() {
        assertTrue(refusal(List.of("11", "1 1"), List.of(TEMPLATE), false).contains("\"11\" and \"1 1\""));
    }

    @Test
    void thePromptsThatAreLearnedCountToo() {
        assertTrue(refusal(List.of("Cat", "cat"), List.of(), false).contains("in the prompt \"{}.\""));
    }

    @Test
    void namesThatThePublisherRepeatsAreToldAndNoOthers() {
        require(List.of("sunglasses", "shark", "sunglasses_"), List.of(TEMPLATE), true);
        assertEquals(
                List.of(
                        "warning: the model cannot tell classes of one name apart and predicts only the first: sunglasses"),
                phases);
        assertTrue(refusal(List.of("Sunglasses", "sunglasses_"), List.of(TEMPLATE), true)
                .contains("Rename one"));
    }

    @Test
    void aNameThatDoesNotFitIsNamedWithItsTemplateAndBothNumbers() {
        // begin, "a photo of a", the name, ".", end
        require(List.of("red ".repeat(70), "cat"), List.of(TEMPLATE), false);
        assertEquals(
                "class name \"" + "red ".repeat(20).strip()
                        + "…\" in the template \"a photo of a {}.\" takes 78 tokens,"
                        + " begin and end included; the model allows 77. Shorten the name, or choose a shorter"
                        + " prompt.template if it is that one.",
                refusal(List.of("cat", "red ".repeat(71)), List.of(TEMPLATE), false));
    }
}
