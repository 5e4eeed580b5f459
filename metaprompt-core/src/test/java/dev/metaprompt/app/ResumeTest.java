package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /** Puts other pixels under a name. */
    private void replace(String image, String by) throws IOException {
        Path images = dataset.resolve("images");
        Files.copy(images.resolve(by), images.resolve(image), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void forgetContent(RunDirectory run) throws IOException {
        Path file = run.file(RunDirectory.RECORD);
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        json.getAsJsonObject("dataset").remove("contentSha256");
        json.getAsJsonObject("dataset").remove("testContentSha256");
        Files.writeString(file, json.toString());
    }

    private String drawn(RunDirectory run, int place) {
        return run.readRecord().dataset().shots().get("banded").get(place);
    }

    @Test
    void replacedTrainingImagesStopARunThatGoesOn() throws IOException {
        RunDirectory run = interrupted();
        byte[] record = Files.readAllBytes(run.file(RunDirectory.RECORD));
        byte[] before = Files.readAllBytes(dataset.resolve("images").resolve(drawn(run, 0)));
        replace(drawn(run, 0), "grid/grid_1.png");
        String message = refused(run);
        assertTrue(message.contains("was started with a content of the images of digest"), message);
        assertArrayEquals(record, Files.readAllBytes(run.file(RunDirectory.RECORD)), "the run was touched");
        Files.write(dataset.resolve("images").resolve(drawn(run, 0)), before);
        goOn(run);
        assertEquals(RunStatus.FINISHED, run.readRecord().status());
    }

    @Test
    void replacedTestImagesStopARunThatGoesOnOrIsEvaluatedOrReplayed() throws IOException {
        RunDirectory run = interrupted();
        new TrainCommand().run(training("whole"));
        RunDirectory whole = RunDirectory.newest(folder.resolve("whole"));
        replace("woven/woven_9.png", "grid/grid_1.png");
        assertTrue(refused(run).contains("content of the images"));
        String[] options = {
            "runs", "whole", "run", whole.id(), "cache", folder.resolve("cache").toString()
        };
        String evaluated = assertThrows(
                        InvalidInputException.class, () -> new EvaluateCommand().run(new TestContext(folder, options)))
                .getMessage();
        assertTrue(evaluated.contains("content of the test images"), evaluated);
        String replayed = assertThrows(
                        InvalidInputException.class, () -> new ReplayCommand().run(new TestContext(folder, options)))
                .getMessage();
        assertTrue(replayed.contains("dataset.testContentSha256"), replayed);
    }

    @Test
    void imagesThatTheRunDoesNotUseMayChange() throws IOException {
        RunDirectory run = interrupted();
        List<String> shots = run.readRecord().dataset().shots().get("banded");
        for (int i = 0; i < 8; i++) {
            if (!shots.contains("banded/banded_" + i + ".png")) {
                replace("banded/banded_" + i + ".png", "grid/grid_1.png");
            }
        }
        replace("banded/banded_12.png", "grid/grid_1.png");
        goOn(run);
        assertEquals(RunStatus.FINISHED, run.readRecord().status());
    }

    @Test
    void aRunOfAnOlderVersionGoesOnByTheNamesAndSaysSo() throws IOException {
        RunDirectory run = interrupted();
        forgetContent(run);
        TestContext context = new TestContext(
                folder, "run", run.id(), "cache", folder.resolve("cache").toString());
        new TrainCommand().run(context);
        assertEquals(RunStatus.FINISHED, run.readRecord().status());
        assertEquals(
                1,
                context.phases.stream()
                        .filter(line -> line.contains("taken on trust"))
                        .count(),
                context.phases.toString());
        // Half of it was computed from images of which nobody knows what they held.
        assertTrue(run.readRecord().dataset().content().isEmpty());
    }

    @Test
    void whatIsUsedIsInTheRecord() throws IOException {
        new TrainCommand().run(training("one"));
        RunRecord.Content one = content("one");
        replace(drawn(RunDirectory.newest(folder.resolve("one")), 0), "grid/grid_1.png");
        new TrainCommand().run(training("two"));
        assertEquals(one.test(), content("two").test());
        assertNotEquals(one.all(), content("two").all());
        replace("woven/woven_9.png", "grid/grid_1.png");
        new TrainCommand().run(training("three"));
        assertNotEquals(one.test(), content("three").test());
        TestContext other = training("four");
        other.options().add(new RawOption("seed", "2", RawOption.Layer.USER, "-Dseed"));
        new TrainCommand().run(other);
        assertEquals(content("three").test(), content("four").test());
    }

    private RunRecord.Content content(String runs) {
        return RunDirectory.newest(folder.resolve(runs))
                .readRecord()
                .dataset()
                .content()
                .orElseThrow();
    }
}
