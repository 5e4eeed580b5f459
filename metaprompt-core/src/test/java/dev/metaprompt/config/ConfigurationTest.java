package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    private Path folder;

    private ConfigurationBuilder builder() {
        return Configuration.builder(folder);
    }

    private static String message(ConfigurationBuilder builder) {
        return assertThrows(InvalidInputException.class, builder::resolve).getMessage();
    }

    @Test
    void withoutSettingsEveryKeyHasItsDefault() {
        Configuration c = builder().resolve();
        assertEquals(5, c.integer("way"));
        assertEquals(2e-3, c.number("train.learningRate"));
        assertTrue(c.flag("mlp.residual"));
        assertEquals("nano-clip", c.text("model"));
        assertEquals(Optional.empty(), c.optional("preset"));
        assertEquals(OptionalInt.empty(), c.autoInteger("crossAttention.heads"));
        assertEquals(List.of(), c.names("dataset.classes.base"));
        assertEquals(1, c.seed());
        assertEquals("default", c.origin("way"));
        assertEquals("unset", c.origin("preset"));
        assertEquals(folder.toAbsolutePath().resolve("runs"), c.path("runs").orElseThrow());
        assertEquals(c.values().keySet(), c.origins().keySet());
        assertFalse(c.values().containsKey("preset"));
    }

    @Test
    void eachLayerBeatsTheWeakerOnes() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "mlp: {ratio: 5, residual: true}\nloss: {klWeight: 0.5}\nway: 6\n");
        Configuration c = builder()
                .recommendation(model -> List.of(
                        new Setting("train.epochs", "20", model + "/metaprompt.yaml, key train.epochs"),
                        new Setting("mlp.residual", "true", "m"),
                        new Setting("crossAttention.init", "zero", "m"),
                        new Setting("loss.klWeight", "0.3", "m"),
                        new Setting("train.batch", "8", "m")))
                .pom("config", "a.yaml", "pom")
                .pom("preset", "literal", "pom")
                .pom("way", "7", "pom")
                .pom("shot", "3", "pom")
                .commandLine("method", "coop", "-Dmethod")
                .commandLine("way", "8", "-Dway")
                .resolve();
        assertEquals("8 -Dway", c.integer("way") + " " + c.origin("way"));
        assertEquals("3 pom", c.integer("shot") + " " + c.origin("shot"));
        assertEquals("5 a.yaml, key mlp.ratio", c.integer("mlp.ratio") + " " + c.origin("mlp.ratio"));
        assertEquals("0.5 a.yaml, key loss.klWeight", c.number("loss.klWeight") + " " + c.origin("loss.klWeight"));
        assertTrue(c.flag("mlp.residual"));
        assertEquals("xavier preset literal", c.text("crossAttention.init") + " " + c.origin("crossAttention.init"));
        assertEquals(
                "20 model recommendation (nano-clip/metaprompt.yaml, key train.epochs)",
                c.integer("train.epochs") + " " + c.origin("train.epochs"));
        assertEquals("auto method default", c.text("train.iterations") + " " + c.origin("train.iterations"));
        assertEquals("8 model recommendation (m)", c.integer("train.batch") + " " + c.origin("train.batch"));
    }

    @Test
    void coopTrainsTwoHundredEpochsUnlessTold() {
        Configuration c = builder().commandLine("method", "coop", "-Dmethod").resolve();
        assertEquals("200 method default", c.integer("train.epochs") + " " + c.origin("train.epochs"));
        assertEquals(100, builder().resolve().integer("train.epochs"));
        assertEquals(
                100,
                builder()
                        .commandLine("method", "coop", "-Dmethod")
                        .commandLine("train.epochs", "100", "-Dmetaprompt.train.epochs")
                        .resolve()
                        .integer("train.epochs"));
    }

    @Test
    void theRecommendationIsTheChosenModels() {
        List<String> asked = new ArrayList<>();
        builder()
                .commandLine("model", "../clip", "-Dmodel")
                .recommendation(model -> {
                    asked.add(model);
                    return List.of();
                })
                .resolve();
        assertEquals(List.of("../clip"), asked);
    }

    @Test
    void aModelMayNotChooseFiles() {
        ConfigurationBuilder builder =
                builder().recommendation(model -> List.of(new Setting("cache", "/", "m/metaprompt.yaml, key cache")));
        assertEquals(
                "cache is \"/\" (m/metaprompt.yaml, key cache), but a model's recommendation cannot set it. Set it with"
                        + " -Dmetaprompt.cache or in the POM, or leave it out.",
                message(builder));
    }

    @Test
    void unknownKeysAreNamedWithTheNearest() {
        assertEquals(
                "Unknown key \"trian.epochs\" with value \"5\" (-Dmetaprompt.trian.epochs); did you mean train.epochs"
                        + " (an integer from 1 to 1000000)? docs/options.md lists every key.",
                message(builder().commandLine("trian.epochs", "5", "-Dmetaprompt.trian.epochs")));
    }

    @Test
    void wrongValuesInFilesAreErrorsEvenWhenAStrongerLayerHides() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "mlp:\n  residual: on\n");
        assertEquals(
                "mlp.residual is \"on\" (a.yaml, key mlp.residual); allowed: true or false. Correct it, or leave it out"
                        + " for the default, true.",
                message(builder()
                        .commandLine("config", "a.yaml", "-Dmetaprompt.config")
                        .commandLine("mlp.residual", "true", "-Dmetaprompt.mlp.residual")));
    }

    @Test
    void aConfigurationFileNamesNoOtherFileOrRun() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "config: b.yaml\n");
        assertEquals(
                "config is \"b.yaml\" (a.yaml, key config), but a configuration file cannot set it. Set it with"
                        + " -Dmetaprompt.config or in the POM, or leave it out.",
                message(builder().pom("config", "a.yaml", "pom")));
    }

    @Test
    void bareAndPrefixedPropertyMustAgree() {
        assertEquals(
                "way is given twice, as \"5\" and as \"10\" (-Dway and -Dmetaprompt.way). Give it once.",
                message(builder().commandLine("way", "10", "-Dmetaprompt.way").commandLine("way", "5", "-Dway")));
        Configuration c = builder()
                .commandLine("way", "10", "-Dmetaprompt.way")
                .commandLine("way", "10", "-Dway")
                .resolve();
        assertEquals(10, c.integer("way"));
    }

    @Test
    void theCommandLineBeatsPropertiesOfMavensJvm() {
        Configuration c = builder()
                .commandLine("way", "5", "-Dmetaprompt.way of Maven's JVM")
                .commandLine("way", "10", "-Dway")
                .resolve();
        assertEquals(10, c.integer("way"));
    }

    @Test
    void aValueChosenByTheProgramAppearsResolved() {
        Configuration c = builder().resolve().with("crossAttention.heads", 8, "auto: divides 512");
        assertEquals(8, c.integer("crossAttention.heads"));
        assertEquals("auto: divides 512", c.origin("crossAttention.heads"));
        assertEquals(builder().resolve().values().keySet(), c.values().keySet());
        assertEquals(
                List.copyOf(builder().resolve().values().keySet()),
                List.copyOf(c.values().keySet()));
    }

    @Test
    void aGoalRecordsTheKeysItReads() {
        Configuration c = builder().resolve();
        Map<String, Object> train = c.values("train");
        assertTrue(train.containsKey("loss.klWeight"));
        assertFalse(train.containsKey("pretrain.steps"));
        assertEquals(train.keySet(), c.origins("train").keySet());
        assertTrue(c.values("pretrain").containsKey("pretrain.steps"));
    }

    @Test
    void readingAKeyThatIsNoneIsAProgrammingError() {
        assertThrows(IllegalArgumentException.class, () -> builder().resolve().integer("ways"));
        assertThrows(IllegalArgumentException.class, () -> builder().resolve().text("preset"));
    }

    @Test
    void aModelMayRecommendForOneMethodAlone() {
        List<Setting> settings = List.of(
                new Setting("methods.coop.train.learningRate", "5e-3", "m, key methods.coop.train.learningRate"),
                new Setting("train.learningRate", "2e-2", "m, key train.learningRate"));
        Configuration coop = builder()
                .recommendation(model -> settings)
                .commandLine("method", "coop", "-Dmethod")
                .resolve();
        assertEquals(5e-3, coop.number("train.learningRate"));
        Configuration other = builder().recommendation(model -> settings).resolve();
        assertEquals(2e-2, other.number("train.learningRate"));
        ConfigurationBuilder unknown =
                builder().recommendation(model -> List.of(new Setting("methods.coup.train.epochs", "2", "m")));
        assertThrows(InvalidInputException.class, unknown::resolve);
    }
}
