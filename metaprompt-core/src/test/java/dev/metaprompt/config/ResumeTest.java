package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                "train.epochs is \"50\" (-Dmetaprompt.train.epochs), but run r1 was started with 100. Leave it out to"
                        + " use that run as it is, or start a new run without metaprompt.run.",
                assertThrows(InvalidInputException.class, () -> resume("train.epochs", "50"))
                        .getMessage());
        assertEquals(
                "preset is \"literal\" (-Dmetaprompt.preset), but run r1 was started with none. Leave it out to use"
                        + " that run as it is, or start a new run without metaprompt.run.",
                assertThrows(InvalidInputException.class, () -> resume("preset", "literal"))
                        .getMessage());
    }

    private Configuration resumeOf(String model, String... given) {
        Map<String, Object> values = new LinkedHashMap<>(started.values("train"));
        values.put("model", model);
        ConfigurationBuilder builder = Configuration.builder(Path.of("."));
        for (int i = 0; i < given.length; i += 2) {
            builder.commandLine(given[i], given[i + 1], "-Dmetaprompt." + given[i]);
        }
        return builder.resume("r1", values, started.origins("train"));
    }

    /** Versions without the key took quickgelu of a weight file that nothing told the activation of. */
    @Test
    void aRunOfAWeightFileHasTheActivationThatEarlierVersionsTook() {
        for (String file : List.of("m.pt", "a/m.safetensors", "M.BIN", "model.safetensors.index.json")) {
            Configuration c = resumeOf(file);
            assertEquals("quickgelu", c.text("model.activation"));
            assertEquals("older than the key, record of run r1", c.origin("model.activation"));
            assertEquals(
                    "quickgelu", resumeOf(file, "model.activation", "quickgelu").text("model.activation"));
            assertTrue(assertThrows(InvalidInputException.class, () -> resumeOf(file, "model.activation", "gelu"))
                    .getMessage()
                    .startsWith("model.activation is \"gelu\" (-Dmetaprompt.model.activation), but run r1 was started"
                            + " with \"quickgelu\""));
        }
    }

    /** The model's configuration said it, and the record does not. */
    @Test
    void aRunOfAModelsFolderMayHaveHadAnyActivation() {
        for (String model : List.of("nano-clip", "openai/clip-vit-base-patch16", "models/b16")) {
            assertTrue(resumeOf(model).optional("model.activation").isEmpty());
            for (String activation : List.of("gelu", "quickgelu")) {
                assertEquals(
                        activation,
                        resumeOf(model, "model.activation", activation).text("model.activation"));
            }
        }
    }

    @Test
    void equalNumbersInOtherSpellingAgree() {
        assertEquals(2e-3, resume("train.learningRate", "0.0020").number("train.learningRate"));
    }

    @Test
    void autoAgreesWithWhatWasChosen() {
        assertEquals(2, resume("threads", "auto").integer("threads"));
    }

    /** Records of older versions have no such key, and were made in what is no longer the default. */
    @Test
    void whatAnOlderRecordLacksIsWhatWasDoneThen() {
        Map<String, Object> values = new LinkedHashMap<>(started.values("train"));
        Map<String, String> origins = new LinkedHashMap<>(started.origins("train"));
        assertEquals("convert-first", values.remove("image.colorOrder"));
        assertEquals("default", origins.remove("image.colorOrder"));
        for (Configuration c : List.of(
                builder().resume("r1", values, origins),
                builder().replay("r1", values, origins),
                builder().evaluate("r1", values, origins),
                builder("resize-first").resume("r1", values, origins),
                builder("resize-first").replay("r1", values, origins))) {
            assertEquals("resize-first", c.text("image.colorOrder"));
            assertTrue(c.origin("image.colorOrder").contains("older than the key, record of run r1"));
        }
        ConfigurationBuilder other = builder("convert-first");
        String message = assertThrows(InvalidInputException.class, () -> other.resume("r1", values, origins))
                .getMessage();
        assertTrue(message.contains("image.colorOrder") && message.contains("resize-first"), message);
        assertThrows(InvalidInputException.class, () -> other.replay("r1", values, origins));
        assertEquals("convert-first", other.evaluate("r1", values, origins).text("image.colorOrder"));
    }

    private static ConfigurationBuilder builder(String... order) {
        ConfigurationBuilder builder = Configuration.builder(Path.of("."));
        for (String word : order) {
            builder.commandLine("image.colorOrder", word, "-Dmetaprompt.image.colorOrder");
        }
        return builder;
    }

    @Test
    void placesMayDiffer() {
        // What lies there is compared by digest when it is opened.
        assertEquals("/moved/model", resume("model", "/moved/model").text("model"));
        assertEquals("/moved/data", resume("dataset", "/moved/data").text("dataset"));
        assertEquals("/other", resume("cache", "/other").text("cache"));
        assertEquals("out", resume("out", "out").text("out"));
    }

    @Test
    void addressesAndPlacesComeFromThisMachineAlone() {
        Map<String, Object> values = new LinkedHashMap<>(started.values("train"));
        Map<String, String> origins = new LinkedHashMap<>(started.origins("train"));
        Map<String, Object> strangers = Map.of(
                "tracking.uri", "http://stranger.example",
                "tracking.experiment", "production",
                "cache", "/home/stranger",
                "cache.limit", 0.001,
                "config", "/etc/passwd",
                "runs", "/home",
                "offline", false);
        values.putAll(strangers);
        strangers.keySet().forEach(key -> origins.put(key, "-Dmetaprompt." + key));
        List<String> told = new ArrayList<>();
        Configuration c = Configuration.builder(Path.of("."))
                .commandLine("cache.limit", "3", "-Dmetaprompt.cache.limit")
                .notice(told::add)
                .resume("r1", values, origins);
        assertEquals(Optional.empty(), c.optional("tracking.uri"));
        assertEquals(Optional.empty(), c.optional("tracking.experiment"));
        assertEquals(Optional.empty(), c.optional("cache"));
        assertEquals(Optional.empty(), c.optional("config"));
        assertEquals("runs", c.text("runs"));
        assertEquals(3, c.number("cache.limit"));
        String all = String.join("\n", told);
        assertTrue(
                all.contains("run r1 was started with tracking.uri \"http://stranger.example\", which is not taken from"
                        + " its record: set -Dmetaprompt.tracking.uri again if it is wanted"),
                all);
        assertFalse(all.contains("cache.limit"), "it was set now: " + all);
        told.clear();
        Configuration.builder(Path.of("."))
                .notice(told::add)
                .resume("r1", started.values("train"), started.origins("train"));
        assertEquals(List.of(), told, "nothing was left out that anybody had chosen");
    }

    @Test
    void aRecordFromElsewhereIsCheckedToo() {
        assertThrows(
                InvalidInputException.class,
                () -> Configuration.builder(Path.of(".")).resume("r1", Map.of("nonsense", 1L), Map.of()));
    }

    private Configuration evaluate(Configuration trained, String... pairs) {
        ConfigurationBuilder builder = Configuration.builder(Path.of("."));
        for (int i = 0; i < pairs.length; i += 2) {
            builder.commandLine(pairs[i], pairs[i + 1], "-Dmetaprompt." + pairs[i]);
        }
        return builder.evaluate("r1", trained.values("train"), trained.origins("train"));
    }

    @Test
    void anEvaluationMayUseOtherDataButNoOtherTraining() {
        Configuration c = evaluate(started, "dataset", "../dtd", "evaluate.episodes", "10", "threads", "1");
        assertEquals("../dtd -Dmetaprompt.dataset", c.text("dataset") + " " + c.origin("dataset"));
        assertEquals(10, c.integer("evaluate.episodes"));
        assertEquals(1, c.integer("threads"));
        assertEquals(10, c.integer("way"));
        assertThrows(InvalidInputException.class, () -> evaluate(started, "train.epochs", "50"));
        assertThrows(InvalidInputException.class, () -> evaluate(started, "preset", "literal"));
    }

    @Test
    void theClassesOfAnotherDatasetAreNotTheRecordedOnes() {
        Configuration trained = Configuration.builder(Path.of("."))
                .commandLine("dataset.classes.base", "a,b", "-Dmetaprompt.dataset.classes.base")
                .commandLine("dataset.split", "s.json", "-Dmetaprompt.dataset.split")
                .commandLine("dataset.shots", "20", "-Dmetaprompt.dataset.shots")
                .resolve();
        Configuration same = evaluate(trained, "dataset", "textures");
        assertEquals("a,b", same.text("dataset.classes.base"));
        Configuration other = evaluate(trained, "dataset", "../dtd");
        assertEquals(Optional.empty(), other.optional("dataset.classes.base"));
        assertEquals(Optional.empty(), other.optional("dataset.split"));
        assertEquals("coop", other.text("dataset.classSplit"));
        assertEquals(20, other.integer("dataset.shots"));
    }

    @Test
    void whatIsNotRecordedHasItsDefault() {
        Map<String, Object> older = new LinkedHashMap<>(started.values("train"));
        older.remove("mlp.norm");
        Configuration c = Configuration.builder(Path.of(".")).resume("r1", older, started.origins("train"));
        assertEquals("false default", c.flag("mlp.norm") + " " + c.origin("mlp.norm"));
        assertEquals("default", c.origin("pretrain.steps"));
    }
}
