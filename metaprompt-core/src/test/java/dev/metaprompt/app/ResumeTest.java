package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run that goes on demands of the files it goes on from. */
class ResumeTest {
    private static final List<String> FILES = List.of(
            RunDirectory.METRICS, RunDirectory.EPISODES, RunDirectory.EPOCHS, RunDirectory.CONTEXTS, "run.json");

    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
    }

    private TestContext training(String runs) {
        return new TestContext(
                folder,
                "dataset",
                dataset.toString(),
                "cache",
                folder.resolve("cache").toString(),
                "runs",
                runs,
                "way",
                "3",
                "dataset.shots",
                "6",
                "episode.imagesPerClass",
                "6",
                "train.epochs",
                "4",
                "train.iterations",
                "2",
                "evaluate.episodes",
                "10",
                "augment",
                "none");
    }

    private RunDirectory interrupted() {
        new TrainCommand().run(training("runs").interruptAfter(2));
        RunDirectory run = RunDirectory.newest(folder.resolve("runs"));
        assertEquals(RunStatus.INTERRUPTED, run.readRecord().status());
        return run;
    }

    private void goOn(RunDirectory run) {
        new TrainCommand()
                .run(new TestContext(
                        folder,
                        "run",
                        run.id(),
                        "cache",
                        folder.resolve("cache").toString()));
    }

    private String refused(RunDirectory run) {
        String message =
                assertThrows(InvalidInputException.class, () -> goOn(run)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {RunDirectory.METRICS, RunDirectory.EPISODES, RunDirectory.EPOCHS, RunDirectory.CONTEXTS})
    void aMissingRecordFileIsNamedAndTheOthersAreLeftAlone(String missing) throws IOException {
        new TrainCommand().run(training("whole"));
        RunDirectory whole = RunDirectory.newest(folder.resolve("whole"));
        RunDirectory run = interrupted();
        // A line behind the checkpoint, which going on cuts off.
        Files.writeString(run.file("metrics.jsonl"), Files.readString(run.file("metrics.jsonl")) + "{\"step\":7}\n");
        Map<String, byte[]> before = new HashMap<>();
        for (String name : FILES) {
            before.put(name, Files.readAllBytes(run.file(name)));
        }
        Files.delete(run.file(missing));
        String message = refused(run);
        assertTrue(message.contains(run.file(missing) + ": is missing"), message);
        assertFalse(Files.exists(run.file(missing)), "an empty file took its place");
        for (String name : FILES) {
            if (!name.equals(missing) && !name.equals("run.json")) {
                assertArrayEquals(before.get(name), Files.readAllBytes(run.file(name)), name);
            }
        }
        Files.write(run.file(missing), before.get(missing));
        goOn(run);
        TrainedFiles.assertSame(whole, run, TrainedFiles.REPEATABLE);
    }

    @Test
    void contextVectorsOfFewerEpochsThanTheCheckpointCountsAreRefused() throws IOException {
        TestContext first = training("runs").interruptAfter(1);
        new TrainCommand().run(first);
        byte[] early =
                Files.readAllBytes(RunDirectory.newest(folder.resolve("runs")).file(RunDirectory.CONTEXTS));
        RunDirectory run = interrupted();
        Files.write(run.file(RunDirectory.CONTEXTS), early);
        String message = refused(run);
        assertTrue(message.contains(RunDirectory.CONTEXTS) && message.contains("lacks context/"), message);
    }
}
