package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.pretrain.PretrainingOptions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model must leave prompts something to find: zero-shot informed, images better than words. */
class EmbeddedModelTest {
    /** Not the generator seed that the design was chosen on. */
    private static final String FRESH_SEED = "4";

    @TempDir
    Path folder;

    @Test
    void zeroShotIsInformedAndTheProbeIsFarAboveIt() {
        TestContext context = new TestContext(
                folder,
                "method",
                "linear-probe",
                "dataset.seed",
                FRESH_SEED,
                "cache",
                folder.resolve("cache").toString());
        new TrainCommand().run(context);
        Results results = RunDirectory.newest(folder.resolve("runs"))
                .readRecord()
                .results()
                .orElseThrow();
        double stronger = 0;
        for (Results.ZeroShot row : results.zeroShot()) {
            assertTrue(row.base() >= 40 && row.base() <= 70, row.toString());
            double newClasses = row.newClasses().orElseThrow();
            assertTrue(newClasses >= 40 && newClasses <= 70, row.toString());
            stronger = Math.max(stronger, row.base());
        }
        assertEquals(2, results.zeroShot().size());
        assertTrue(results.base() >= stronger + 15, results.base() + " " + results.zeroShot());
    }

    @Test
    void theModelIsSmallAndTheUsualInitTextHasFourTokens() throws Exception {
        ModelFolder nano = Models.find(Models.NANO_CLIP, folder, folder);
        assertTrue(Files.size(nano.weights()) <= 8_000_000);
        try (Tokenizer tokenizer = Tokenizer.open(nano.path(), 24)) {
            assertEquals(6, tokenizer.encode("a photo of a").length);
        }
    }

    @Test
    void theTrainingRecordNamesTheOptionsThatAreTheGoalsDefaults() throws Exception {
        Configuration defaults = Configuration.builder(folder).resolve();
        assertEquals(PretrainingOptions.SHIPPED, PretrainCommand.options(defaults));
        try (var in = Models.class.getResourceAsStream("/dev/metaprompt/nano-clip/training-record.json")) {
            String record = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            PretrainingOptions shipped = PretrainingOptions.SHIPPED;
            for (String entry : List.of(
                    "\"steps\": " + shipped.steps(),
                    "\"seed\": " + shipped.seed(),
                    "\"groups\": " + shipped.groups())) {
                assertTrue(record.contains(entry), entry);
            }
        }
    }
}
