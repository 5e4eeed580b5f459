package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains for real, on a small data set with the embedded model. */
class TrainCommandTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "8",
                "episode.imagesPerClass", "6",
                "train.epochs", "5",
                "train.iterations", "3",
                "evaluate.episodes", "20",
                "augment", "views:2"));
        for (int i = 0; i < more.length; i += 2) {
            int at = options.indexOf(more[i]);
            if (at >= 0 && at % 2 == 0) {
                options.set(at + 1, more[i + 1]);
            } else {
                options.addAll(List.of(more[i], more[i + 1]));
            }
        }
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private RunDirectory train(TestContext context) {
        new TrainCommand().run(context);
        return RunDirectory.newest(folder.resolve("runs"));
    }

    private RunDirectory trainIn(String runs, String... more) {
        TestContext context = context(more);
        context.options().add(new RawOption("runs", runs, RawOption.Layer.USER, "-Dmetaprompt.runs"));
        new TrainCommand().run(context);
        return RunDirectory.newest(folder.resolve(runs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaprompt", "coop", "clip", "linear-probe"})
    void everyMethodWritesACompleteRecord(String method) {
        TestContext context = context("method", method);
        RunDirectory run = train(context);
        RunRecord record = run.readRecord();
        assertEquals(RunStatus.FINISHED, record.status());
        assertEquals(List.of("banded", "dotted", "grid"), record.dataset().base());
        assertEquals(8, record.dataset().shots().get("grid").size());
        assertEquals(2, record.results().orElseThrow().zeroShot().size());
        assertEquals(
                method.equals("linear-probe"),
                record.results().orElseThrow().newClasses().isEmpty());
        assertTrue(context.results.get(0).startsWith("base "), context.results.toString());
        assertTrue(context.results.get(1).startsWith("run runs"), context.results.toString());
        assertTrue(Files.exists(run.file("report.html")));
        assertTrue(Files.exists(run.file("predictions.csv")));
    }

    @Test
    void halfPrecisionIsRefusedOnAProcessor() {
        InvalidInputException refused =
                assertThrows(InvalidInputException.class, () -> train(context("precision", "bf16", "device", "cpu")));
        assertTrue(refused.getMessage().contains("fp32 is allowed there"), refused.getMessage());
    }

    @Test
    void theFilesOfARunSayWhatTheSpecificationSays() {
        RunDirectory run = train(context());
        List<JsonObject> steps = JsonLines.read(run.file("metrics.jsonl"));
        assertEquals(15, steps.size());
        assertEquals(1, steps.get(0).get("step").getAsInt());
        assertEquals(1e-5, steps.get(0).get("learningRate").getAsDouble());
        JsonObject last = steps.get(14);
        assertEquals(4, last.get("epoch").getAsInt());
        assertEquals(
                last.get("crossEntropy").getAsDouble()
                        + 0.2 * last.get("klDivergence").getAsDouble(),
                last.get("loss").getAsDouble(),
                1e-5);
        List<JsonObject> epochs = JsonLines.read(run.file("epochs.jsonl"));
        assertEquals(6, epochs.size());
        assertEquals(-1, epochs.get(0).get("epoch").getAsInt());
        assertTrue(epochs.get(5).has("attentionEntropy"));
        JsonObject task = JsonLines.read(run.file("episodes.jsonl"))
                .get(0)
                .getAsJsonArray("tasks")
                .get(0)
                .getAsJsonObject();
        assertEquals(3, task.getAsJsonArray("classes").size());
        assertEquals(2, task.getAsJsonArray("support").get(0).getAsJsonArray().size());
        assertEquals(4, task.getAsJsonArray("query").get(0).getAsJsonArray().size());
        assertTrue(task.has("views"));
    }

    @Test
    void beforeTrainingMultimodalEqualsText() {
        JsonObject before =
                JsonLines.read(train(context()).file("epochs.jsonl")).get(0);
        assertEquals(0, before.get("gap").getAsDouble(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaprompt", "coop"})
    void theSameSeedGivesTheSameBytes(String method) throws IOException {
        RunDirectory one = trainIn("one", "method", method);
        RunDirectory two = trainIn("two", "method", method);
        TrainedFiles.assertSame(one, two, TrainedFiles.REPEATABLE);
        RunDirectory other = trainIn("three", "method", method, "seed", "2");
        assertFalse(java.util.Arrays.equals(
                Files.readAllBytes(one.file("episodes.jsonl")), Files.readAllBytes(other.file("episodes.jsonl"))));
    }

    @Test
    void theDrawAndTheEpisodesDoNotDependOnTheMethodsModule() throws IOException {
        RunDirectory one = trainIn("one");
        RunDirectory two = trainIn("two", "prototype", "text", "train.learningRate", "0.01");
        TrainedFiles.assertSame(one, two, List.of("episodes.jsonl"));
        assertEquals(
                one.readRecord().dataset().shots(), two.readRecord().dataset().shots());
    }

    @Test
    void coopsDrawIsRecordedAndItsRecordReplayed() throws IOException {
        RunDirectory ours = trainIn("ours", "dataset.shots", "6");
        RunDirectory coop = trainIn("coop", "dataset.shots", "6", "dataset.draw", "coop:1");
        assertNotEquals(
                ours.readRecord().dataset().shots(), coop.readRecord().dataset().shots());
        // random.seed(1); random.sample(range(8), 6) in CPython
        assertEquals(
                Stream.of(2, 4, 0, 7, 5, 1)
                        .map(i -> "banded/banded_" + i + ".png")
                        .toList(),
                coop.readRecord().dataset().shots().get("banded"));
        String record = coop.file(RunDirectory.RECORD).toString();
        RunDirectory replay = trainIn("replay", "dataset.shots", "6", "dataset.draw", "file:" + record);
        RunRecord.DatasetInfo first = coop.readRecord().dataset();
        RunRecord.DatasetInfo second = replay.readRecord().dataset();
        assertEquals(listed(first), listed(second));
        // The record lists the draw of base classes; support images of new classes are drawn by the seed.
        assertEquals(
                first.content().orElseThrow().test(),
                second.content().orElseThrow().test());
        assertNotEquals(
                first.content().orElseThrow().all(),
                second.content().orElseThrow().all());
        TrainedFiles.assertSame(coop, replay, List.of("episodes.jsonl", RunDirectory.LEARNED));
    }

    private static RunRecord.DatasetInfo listed(RunRecord.DatasetInfo d) {
        return new RunRecord.DatasetInfo(
                d.name(), d.path(), d.split(), d.sha256(), d.base(), d.newClasses(), d.shots());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anInterruptedRunGoesOnToTheSameBytes(int epochs) throws IOException {
        SmallDataset.addValidation(dataset);
        RunDirectory whole = trainIn("whole", "train.select", "best-val");
        TestContext stopped = context("train.select", "best-val").interruptAfter(epochs);
        RunDirectory run = train(stopped);
        assertEquals(RunStatus.INTERRUPTED, run.readRecord().status());
        assertFalse(Files.exists(run.file("learned.safetensors")));
        TestContext again = new TestContext(
                folder, "run", run.id(), "cache", folder.resolve("cache").toString());
        new TrainCommand().run(again);
        assertEquals(RunStatus.FINISHED, run.readRecord().status());
        TrainedFiles.assertSame(whole, run, TrainedFiles.REPEATABLE);
        assertEquals(
                whole.readRecord().results().orElseThrow(),
                run.readRecord().results().orElseThrow());
    }

    @Test
    void aRunThatOtherCodeGoesOnWithSaysSo() throws IOException {
        RunDirectory run = train(context().interruptAfter(2));
        RunRecord record = run.readRecord();
        run.writeRecord(record.goneOnWith(new CodeVersion("test", Optional.of("abc")))
                .withStatus(RunStatus.INTERRUPTED, Optional.of(record.started())));
        new TrainCommand()
                .run(new TestContext(
                        folder,
                        "run",
                        run.id(),
                        "cache",
                        folder.resolve("cache").toString()));
        assertEquals(
                "test, commit unknown then abc then unknown",
                CodeVersion.of(run.readRecord()).shown());
    }

    @Test
    void aTornLineBehindTheCheckpointIsCutOff() throws IOException {
        RunDirectory whole = trainIn("whole");
        RunDirectory run = train(context().interruptAfter(2));
        Files.writeString(
                run.file("metrics.jsonl"),
                Files.readString(run.file("metrics.jsonl")) + "{\"step\":7,\"epoch\":2}\n{\"step\":8,\"ep");
        new TrainCommand()
                .run(new TestContext(
                        folder,
                        "run",
                        run.id(),
                        "cache",
                        folder.resolve("cache").toString()));
        TrainedFiles.assertSame(whole, run, TrainedFiles.REPEATABLE);
    }

    @Test
    void aFinishedRunIsLeftAloneAndAContradictionIsRefused() throws IOException {
        RunDirectory run = train(context());
        byte[] record = Files.readAllBytes(run.file("run.json"));
        TestContext again = new TestContext(folder, "run", run.id());
        new TrainCommand().run(again);
        assertTrue(again.results.get(0).contains("is finished"), again.results.toString());
        assertArrayEquals(record, Files.readAllBytes(run.file("run.json")));
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> new TrainCommand().run(new TestContext(folder, "run", run.id(), "way", "2")));
        assertTrue(e.getMessage().contains("way"), e.getMessage());
    }

    @Test
    void aWayAboveTheBaseClassesStopsBeforeARunExists() {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> train(context("way", "4")));
        assertTrue(e.getMessage().contains("3 base classes"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void anInitTextOfTheWrongTokenCountNamesBothCounts() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> train(context("prompt.init", "a photo of")));
        assertTrue(
                e.getMessage().contains("3 tokens") && e.getMessage().contains("prompt.length is 4"), e.getMessage());
    }

    @Test
    void aMissingFolderIsNamedWithWhatIsAllowed() {
        InvalidInputException noData =
                assertThrows(InvalidInputException.class, () -> train(context("dataset", "no-such-data")));
        assertTrue(noData.getMessage().contains("no-such-data")
                && noData.getMessage().contains("textures"));
        InvalidInputException noModel =
                assertThrows(InvalidInputException.class, () -> train(context("model", "no-such-model")));
        assertTrue(noModel.getMessage().contains("no-such-model")
                && noModel.getMessage().contains("nano-clip"));
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void moreShotsThanTrainingImagesNameTheClassAndTheCount() {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> train(context("dataset.shots", "9")));
        assertTrue(e.getMessage().contains("dataset.shots") && e.getMessage().contains("8"), e.getMessage());
    }

    @Test
    void aDamagedImageIsNamedAndNothingIsTrained() throws IOException {
        Path damaged = dataset.resolve("images/woven/woven_11.png");
        Files.write(damaged, new byte[0]);
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> train(context()));
        assertTrue(e.getMessage().contains("woven_11.png"), e.getMessage());
    }

    @Test
    void aDamagedImageOfTheDrawFailsTheRunBeforeTraining() throws IOException {
        Path damaged = dataset.resolve("images/banded/banded_3.png");
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> train(context()));
        assertTrue(e.getMessage().contains("banded_3.png"), e.getMessage());
        RunDirectory run = RunDirectory.newest(folder.resolve("runs"));
        assertEquals(RunStatus.FAILED, run.readRecord().status());
        assertTrue(run.readRecord().error().orElseThrow().contains("banded_3.png"));
        assertFalse(Files.exists(run.file("metrics.jsonl")));
    }

    @Test
    void evaluateRepeatsAFinishedRunsFigures() {
        TestContext trained = context();
        train(trained);
        TestContext evaluated =
                new TestContext(folder, "cache", folder.resolve("cache").toString());
        new EvaluateCommand().run(evaluated);
        assertEquals(trained.results.get(0), evaluated.results.get(0));
    }

    @Test
    void onlineAugmentationTrainsToo() {
        RunDirectory run = train(context("augment", "online", "train.epochs", "2"));
        assertEquals(6, JsonLines.read(run.file("metrics.jsonl")).size());
    }

    @Test
    void bestValWithoutValidationImagesIsRefused() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> train(context("train.select", "best-val")));
        assertTrue(e.getMessage().contains("no validation images"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void miniBatchMethodsTakeAsManyStepsAnEpochAsTheyAreTold() {
        RunDirectory run = train(context("method", "coop", "train.batch", "10", "train.iterations", "3"));
        List<JsonObject> steps = JsonLines.read(run.file("metrics.jsonl"));
        assertEquals(15, steps.size());
        assertEquals(4, steps.get(14).get("epoch").getAsInt());
    }

    @Test
    void aFinishedRunWithoutItsReportGetsItAgain() throws IOException {
        RunDirectory run = train(context());
        Files.delete(run.file("report.html"));
        new TrainCommand().run(new TestContext(folder, "run", run.id()));
        assertTrue(Files.exists(run.file("report.html")));
    }

    @Test
    void evaluateRefusesAModelThatIsNotTheRuns() throws IOException {
        Path model = copyOfNanoClip();
        train(context("model", model.toString()));
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> new EvaluateCommand()
                        .run(new TestContext(
                                folder, "cache", folder.resolve("cache").toString())));
        assertTrue(e.getMessage().contains("model of digest"), e.getMessage());
    }

    private Path copyOfNanoClip() throws IOException {
        Path source = dev.metaprompt.clip.Models.find("nano-clip", folder, folder.resolve("cache"))
                .path();
        Path copy = Files.createDirectories(folder.resolve("model"));
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    @Test
    void evaluateWorksOnOtherDataWithFewerTrainingImages() throws IOException {
        train(context());
        Path other = SmallDataset.write(folder.resolve("dtd-other"));
        Path split = other.resolve("split_zhou_Small.json");
        JsonObject json =
                com.google.gson.JsonParser.parseString(Files.readString(split)).getAsJsonObject();
        com.google.gson.JsonArray fewer = new com.google.gson.JsonArray();
        json.getAsJsonArray("train").forEach(item -> {
            if (!item.getAsJsonArray().get(0).getAsString().matches(".*_[3-7]\\.png")) {
                fewer.add(item);
            }
        });
        json.add("train", fewer);
        Files.writeString(split, json.toString());
        TestContext context =
                new TestContext(folder, "cache", folder.resolve("cache").toString(), "dataset", other.toString());
        new EvaluateCommand().run(context);
        assertTrue(context.results.get(0).startsWith("base "), context.results.toString());
    }

    @Test
    void aTokenizerOfAnotherModelIsRefusedBeforeAnythingIsComputed() throws IOException {
        Path model = copyOfNanoClip();
        Path config = model.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("\"eos_token_id\": *[0-9]+", "\"eos_token_id\": 7"));
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> train(context("model", model.toString())));
        assertTrue(e.getMessage().contains("end token 7"), e.getMessage());
    }

    @Test
    void aRunGoesOnWithItsDataMovedElsewhere() throws IOException {
        RunDirectory whole = trainIn("whole", "dataset.classSplit", "random:3");
        RunDirectory run = train(context("dataset.classSplit", "random:3").interruptAfter(2));
        Path moved = folder.resolve("moved");
        Files.move(dataset, moved);
        new TrainCommand()
                .run(new TestContext(
                        folder,
                        "run",
                        run.id(),
                        "dataset",
                        moved.toString(),
                        "cache",
                        folder.resolve("cache").toString()));
        TrainedFiles.assertSame(whole, run, List.of("metrics.jsonl", "episodes.jsonl", "learned.safetensors"));
    }
}
