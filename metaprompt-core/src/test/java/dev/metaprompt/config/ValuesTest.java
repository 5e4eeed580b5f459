package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static Object parse(String key, Object value) {
        return Values.parse(Keys.get(key), new Setting(key, value, "-Dmetaprompt." + key));
    }

    private static String message(String key, Object value) {
        return assertThrows(InvalidInputException.class, () -> parse(key, value))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5.0",
                "010",
                "0x10",
                "1_000",
                "1e1",
                "five",
                "true",
                "1",
                "10001",
                "-3",
                "99999999999999999999"
            })
    void wayTakesPlainWholeNumbersInItsRangeOnly(String written) {
        String found = written.isEmpty() ? "empty" : "\"" + written + "\"";
        assertEquals(
                "way is " + found + " (-Dmetaprompt.way); allowed: an integer from 2 to 10000. Correct it, or leave it"
                        + " out for the default, 5.",
                message("way", written));
    }

    @ParameterizedTest
    @CsvSource({"2e-3, 0.002", "0.002, 0.002", ".5, 0.5", "1, 1.0", "1., 1.0", "+1E2, 100.0"})
    void numbersMayHaveAnExponent(String written, double value) {
        assertEquals(value, parse("train.learningRate", written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "Infinity", "1e999", "1d", "0x1p3", "2,5", ".", "e5", "-", "1001"})
    void learningRateIsAPositivePlainNumber(String written) {
        assertEquals(
                "train.learningRate is \"" + written + "\" (-Dmetaprompt.train.learningRate); allowed: a number greater"
                        + " than 0, at most 1000. Correct it, or leave it out for the default, 0.002.",
                message("train.learningRate", written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off", "yes", "no", "True", "1", "0", "y"})
    void booleansAreTrueOrFalseOnly(String written) {
        assertEquals(
                "mlp.residual is \"" + written
                        + "\" (-Dmetaprompt.mlp.residual); allowed: true or false. Correct it, or"
                        + " leave it out for the default, true.",
                message("mlp.residual", written));
    }

    @ParameterizedTest
    @CsvSource({
        "augment, online",
        "augment, none",
        "augment, views:8",
        "dataset.classSplit, random:17",
        "device, gpu:1",
        "crossAttention.heads, auto",
        "threads, auto",
        "prompt.template, {} texture.",
        "dataset, no",
    })
    void textsOfTheirPatternAreKept(String key, String written) {
        assertEquals(written, parse(key, written));
    }

    @ParameterizedTest
    @CsvSource({
        "augment, views:0", "augment, views", "dataset.classSplit, random", "device, cuda", "prompt.template, a photo",
        "prompt.template, {} of {}", "precision, fp8", "method, maml", "preset, paper", "seed, -1",
        "seed, 9007199254740992", "crossAttention.heads, 0",
    })
    void otherTextsAreErrors(String key, String written) {
        String message = message(key, written);
        assertEquals(
                0, message.indexOf(key + " is \"" + written + "\" (-Dmetaprompt." + key + "); allowed: "), message);
    }

    @Test
    void theLargestSeedIsExact() {
        assertEquals(9007199254740991L, parse("seed", "9007199254740991"));
    }

    @Test
    void namesComeFromTextOrList() {
        assertEquals("banded,dotted", parse("dataset.classes.base", "banded, dotted"));
        assertEquals("banded,dotted", parse("dataset.classes.base", List.of("banded", "dotted")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", ",", "a,a"})
    void blankOrRepeatedNamesAreErrors(String written) {
        assertEquals(
                "dataset.classes.base is \"" + written + "\" (-Dmetaprompt.dataset.classes.base); allowed: class names"
                        + " with commas between them. Correct it, or leave it out.",
                message("dataset.classes.base", written));
    }

    @Test
    void aListIsNoNumber() {
        assertEquals(
                "way is [5, 10] (-Dmetaprompt.way); allowed: an integer from 2 to 10000. Correct it, or leave it out"
                        + " for the default, 5.",
                message("way", List.of("5", "10")));
    }

    @Test
    void messagesStayOnOneShortLine() {
        String message = message("way", "a\nb" + "x".repeat(500));
        assertEquals(1, message.lines().count());
        assertEquals(true, message.length() < 250, message);
    }
}
