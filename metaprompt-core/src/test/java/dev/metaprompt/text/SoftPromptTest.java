package dev.metaprompt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soft prompts and templates, with ids that CoOp's tokenizer gives. */
class SoftPromptTest {
    private static final String INIT = "a photo of a";

    @TempDir
    static Path folder;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = ClipVocabulary.open(folder, 77);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void thePromptIsTokenisedAsCoOpDoes() {
        PromptTokens tokens = SoftPrompt.of(tokenizer, 4, INIT).tokens(tokenizer, "polka-dotted");
        assertArrayEquals(new int[] {49406, 320, 1125, 539, 320, 29476, 268, 47950, 269, 49407}, tokens.ids());
        assertEquals(1, tokens.contextStart());
        assertEquals(4, tokens.contextLength());
        assertEquals(9, tokens.eot());
    }

    @Test
    void withoutInitTextThePlacesAreReservedByX() {
        SoftPrompt random = SoftPrompt.of(tokenizer, 4, "random");
        assertTrue(random.initIds().isEmpty());
        assertArrayEquals(
                new int[] {49406, 343, 343, 343, 343, 37804, 269, 49407},
                random.tokens(tokenizer, "banded").ids());
    }

    @Test
    void theInitTextsIdsAreKept() {
        assertArrayEquals(
                new int[] {320, 1125, 539, 320},
                SoftPrompt.of(tokenizer, 4, INIT).initIds().orElseThrow());
    }

    @Test
    void anUnderscoreIsASpace() {
        SoftPrompt prompt = SoftPrompt.of(tokenizer, 4, INIT);
        assertArrayEquals(
                tokenizer.encode("a photo of a snow leopard."),
                prompt.tokens(tokenizer, "snow_leopard").ids());
    }

    @Test
    void anInitTextOfAnotherLengthIsRefusedWithBothCounts() {
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> SoftPrompt.of(tokenizer, 5, INIT)),
                "prompt.init is \"a photo of a\"",
                "4 tokens",
                "prompt.length is 5");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> SoftPrompt.of(tokenizer, 4, "polka-dotted")),
                "prompt.init",
                "3 tokens",
                "prompt.length is 4");
    }

    @Test
    void anEmptyInitTextIsRefused() {
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> SoftPrompt.of(tokenizer, 4, "")),
                "prompt.init",
                "0 tokens",
                "prompt.length is 4");
    }

    @Test
    void aClassNameThatDoesNotFitIsRefused() throws IOException {
        try (Tokenizer narrow = ClipVocabulary.open(folder, 10)) {
            SoftPrompt prompt = SoftPrompt.of(narrow, 4, INIT);
            assertEquals(10, prompt.tokens(narrow, "polka-dotted").ids().length);
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> prompt.tokens(narrow, "polka-dotted red")),
                    "polka-dotted red",
                    "prompt.length 4",
                    "10");
        }
    }

    @Test
    void aTemplateHasOnePlace() {
        assertEquals("snow leopard texture.", PromptTemplate.format("{} texture.", "snow_leopard"));
        assertEquals("a photo of a $1 \\ {}.", PromptTemplate.format("a photo of a {}.", "$1 \\ {}"));
        assertEquals("banded", PromptTemplate.format("{}", "banded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a photo", "{", "}{", "{} and {}", "{}{}", "{ }"})
    void aTemplateWithoutOnePlaceIsRefused(String template) {
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> PromptTemplate.format(template, "banded")),
                "prompt.template is \"" + template + "\"",
                "exactly one {}");
    }

    @Test
    void aNameThatSpellsTheEndTokenEndsThePromptThere() {
        PromptTokens tokens = SoftPrompt.of(tokenizer, 4, "a photo of a").tokens(tokenizer, "red<|endoftext|>blue");
        assertArrayEquals(new int[] {49406, 320, 1125, 539, 320, 736, 49407, 1746, 269, 49407}, tokens.ids());
        assertEquals(6, tokens.eot());
    }
}
