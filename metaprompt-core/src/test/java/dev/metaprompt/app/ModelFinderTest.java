package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a network: what is on this disk comes first, and what is missing is told. */
class ModelFinderTest {
    private static final String NOWHERE = "no-such-organisation/no-such-model";

    @TempDir
    private Path base;

    private Configuration config(String model) {
        return Configuration.builder(base)
                .commandLine("model", model, "-Dmodel")
                .commandLine("offline", "true", "-o")
                .commandLine("cache", base.resolve("cache").toString(), "-Dmetaprompt.cache")
                .resolve();
    }

    private String refusal(String model) {
        String message = assertThrows(
                        InvalidInputException.class, () -> ModelFinder.find(config(model), Progress.SILENT))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void aFolderThatLooksLikeAHubIdIsTheFolder() throws IOException {
        Files.createDirectories(base.resolve(NOWHERE));
        assertEquals(
                base.resolve(NOWHERE),
                ModelFinder.find(config(NOWHERE), Progress.SILENT).path());
    }

    @Test
    void aHubsModelThatIsNotHereIsRefusedOffline() {
        String message = refusal(NOWHERE);
        assertTrue(message.contains(NOWHERE), message);
        assertTrue(message.contains("There is no folder " + base.resolve(NOWHERE) + " either"), message);
    }

    @Test
    void whatIsNeitherIdNorPathIsRefusedAsAPath() {
        assertTrue(refusal("./models/mine").contains("there is no folder"));
    }

    @Test
    void onlyModelsOnThisDiskRecommendAnything() throws IOException {
        assertTrue(ModelFinder.recommendations(NOWHERE, config(NOWHERE)).isEmpty());
        Path folder = Files.createDirectories(base.resolve("mine"));
        Files.writeString(folder.resolve("metaprompt.yaml"), "train:\n  learningRate: 0.5\n");
        assertEquals(
                "train.learningRate",
                ModelFinder.recommendations("mine", config("mine")).get(0).key());
    }
}
