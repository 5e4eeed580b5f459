package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumeTest {
    private final Configuration started = Configuration.builder(Path.of("."))
            .commandLine("way", "10", "-Dway")
            .resolve()
            .with("crossAttention.heads", 8, "auto: divides 512")
            .with("threads", 2, "auto: cores");

    private Configuration resume(String key, String value) {
        return Configuration.builder(Path.of("elsewhere"))
                .commandLine("run", "r1", "-Dmetaprompt.run")
                .commandLine(key, value, "-Dmetaprompt." + key)
                .resume("r1", started.values("train"), started.origins("train"));
    }

    @Test
    void theRecordedValuesAndOriginsCount() {
        Configuration c = resume("way", "10");
        assertEquals(10, c.integer("way"));
        assertEquals("-Dway", c.origin("way"));
        assertEquals(8, c.integer("crossAttention.heads"));
        assertEquals("r1", c.text("run"));
        assertEquals(started.number("train.learningRate"), c.number("train.learningRate"));
    }

    @Test
    void anotherValueIsAContradiction() {
        assertEquals(
                "train.epochs is \"50\" (-Dmetaprompt.train.epochs), but run r1 was started with 100. Leave it out to go"
                        + " on with that run, or leave metaprompt.run out to start a new one.",
                assertThrows(InvalidInputException.class, () -> resume("train.epochs", "50"))
                        .getMessage());
        assertEquals(
                "preset is \"literal\" (-Dmetaprompt.preset), but run r1 was started with none. Leave it out to go on"
                        + " with that run, or leave metaprompt.run out to start a new one.",
                assertThrows(InvalidInputException.class, () -> resume("preset", "literal"))
                        .getMessage());
    }

    @Test
    void equalNumbersInOtherSpellingAgree() {
        assertEquals(2e-3, resume("train.learningRate", "0.0020").number("train.learningRate"));
    }

    @Test
    void autoAgreesWithWhatWasChosen() {
        assertEquals(2, resume("threads", "auto").integer("threads"));
    }

    @Test
    void placesMayDiffer() {
        assertEquals("/other", resume("cache", "/other").text("cache"));
        assertEquals("out", resume("out", "out").text("out"));
    }

    @Test
    void aRecordFromElsewhereIsCheckedToo() {
        assertThrows(
                InvalidInputException.class,
                () -> Configuration.builder(Path.of(".")).resume("r1", Map.of("nonsense", 1L), Map.of()));
    }
}
