package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.ModelReading;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and cells of a model whose weights stay, and whose configuration or preprocessing is read otherwise. */
class ModelReadingTest {
    private static final String HALF = "{\"size\": 32, \"crop_size\": 32, \"image_mean\": [0.5, 0.5, 0.5]}";
    private static final String OTHERWISE =
            ": its configuration or preprocessing files are read otherwise than when the run was made";

    @TempDir
    Path folder;

    private Path dataset;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"), SmallDataset.GOLDEN_CLASSES);
        model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(Golden.path("clip-quick/" + name), model.resolve(name));
        }
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1, 2]\n");
    }

    private void preprocessor() throws IOException {
        Files.writeString(model.resolve("preprocessor_config.json"), HALF);
    }

    /** Earlier versions knew no such file, and took CLIP's constants. */
    private void processor() throws IOException {
        Files.deleteIfExists(model.resolve("preprocessor_config.json"));
        Files.writeString(
                model.resolve("processor_config.json"),
                "{\"processor_class\": \"CLIPProcessor\", \"image_processor\": " + HALF + "}");
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "model", model.toString(),
                "cache", folder.resolve("cache").toString(),
                "method", "coop",
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "2",
                "train.iterations", "1",
                "augment", "none",
                "threads", "1"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private RunDirectory trained(int epochs) {
        new TrainCommand().run(context().interruptAfter(epochs));
        return RunDirectory.newest(folder.resolve("runs"));
    }

    private TestContext of(RunDirectory run) {
        return new TestContext(
                folder,
                "run",
                run.path().toString(),
                "cache",
                folder.resolve("cache").toString());
    }

    /** Makes a record what a version writes that does not know the field. */
    private static void forget(RunDirectory run) throws IOException {
        Path file = run.file(RunDirectory.RECORD);
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertTrue(json.getAsJsonObject("model").has("reading"));
        json.getAsJsonObject("model").remove("reading");
        Files.writeString(file, json.toString());
        assertEquals(Optional.empty(), run.readRecord().model().reading());
    }

    private String refusal(Command command, TestContext context) {
        String message = assertThrows(InvalidInputException.class, () -> command.run(context))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private void assertRefused(Command command, RunDirectory run) throws IOException {
        byte[] before = Files.readAllBytes(run.file(RunDirectory.RECORD));
        String message = refusal(command, of(run));
        assertTrue(message.contains("model folder " + model + OTHERWISE), message);
        assertArrayEquals(before, Files.readAllBytes(run.file(RunDirectory.RECORD)));
    }

    @Test
    void anInterruptedRunDoesNotGoOnWithAnotherPreprocessing() throws IOException {
        RunDirectory run = trained(1);
        assertTrue(ModelReading.isReading(run.readRecord().model().reading().orElseThrow()));
        preprocessor();
        assertRefused(new TrainCommand(), run);
        Files.delete(model.resolve("preprocessor_config.json"));
        new TrainCommand().run(of(run));
        assertTrue(run.isFinished());
    }

    @Test
    void anOldRunGoesOnWhereItsFilesAreReadAsThenAndOnlyThere() throws IOException {
        preprocessor();
        RunDirectory run = trained(1);
        forget(run);
        processor();
        assertRefused(new TrainCommand(), run);
        preprocessor();
        new TrainCommand().run(of(run));
        assertTrue(run.isFinished());
        assertEquals(Optional.empty(), run.readRecord().model().reading(), "nobody knows what it was begun with");
    }

    @Test
    void aFinishedRunIsNeitherEvaluatedNorReplayedWithAnotherReading() throws IOException {
        RunDirectory run = trained(Integer.MAX_VALUE);
        preprocessor();
        assertRefused(new EvaluateCommand(), run);
        assertRefused(new ReplayCommand(), run);
        forget(run);
        processor();
        assertRefused(new EvaluateCommand(), run);
        assertRefused(new ReplayCommand(), run);
        Files.delete(model.resolve("processor_config.json"));
        new EvaluateCommand().run(of(run));
        new ReplayCommand().run(of(run));
    }

    /** The digest counts, not how earlier versions read the files. */
    @Test
    void aRunGoesOnWhereOtherFilesSayTheSame() throws IOException {
        processor();
        RunDirectory run = trained(1);
        assertTrue(ModelReading.isAnew(run.readRecord().model().reading().orElseThrow()));
        preprocessor();
        new TrainCommand().run(of(run));
        assertTrue(run.isFinished());
    }

    private TestContext experiment() {
        return context("experiment", folder.resolve("test.yaml").toString());
    }

    private Plan plan() {
        TestContext context = experiment();
        return new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    private RunDirectory run(Cell cell) {
        return RunDirectory.open(folder.resolve("runs/test").resolve(cell.folder()));
    }

    private List<String> ids() {
        return plan().cells().stream().map(Cell::id).toList();
    }

    @Test
    void finishedAndBegunCellsOfAnotherReadingAreNotTakenOver() throws IOException {
        Plan before = plan();
        new ExperimentCommand().run(experiment());
        preprocessor();
        assertEquals(before.cells().stream().map(Cell::id).toList(), ids(), "the id is of the weights");
        byte[] planned = Files.readAllBytes(folder.resolve("runs/test").resolve(PlanFile.NAME));
        String message = refusal(new ExperimentCommand(), experiment());
        RunDirectory first = run(before.cells().get(0));
        assertTrue(message.startsWith(first.path() + ": was begun with model folder "), message);
        assertTrue(message.contains("configuration or preprocessing files were read otherwise"), message);
        assertTrue(message.contains("and so for 1 more"), message);
        assertArrayEquals(
                planned, Files.readAllBytes(folder.resolve("runs/test").resolve(PlanFile.NAME)));
        first.writeRecord(first.readRecord().withStatus(dev.metaprompt.run.RunStatus.INTERRUPTED, Optional.empty()));
        assertTrue(refusal(new ExperimentCommand(), experiment()).contains("and so for 1 more"));
        Files.delete(model.resolve("preprocessor_config.json"));
        forget(run(before.cells().get(1)));
        new ExperimentCommand().run(experiment());
    }

    @Test
    void cellsOfOlderVersionsThatReadTheFilesOtherwiseStayBesideTheNewOnes() throws IOException {
        Plan before = plan();
        new ExperimentCommand().run(experiment());
        for (Cell cell : before.cells()) {
            forget(run(cell));
        }
        Path first = run(before.cells().get(0)).file(RunDirectory.RECORD);
        byte[] old = Files.readAllBytes(first);
        processor();
        Plan now = plan();
        for (int i = 0; i < 2; i++) {
            assertNotEquals(before.cells().get(i).id(), now.cells().get(i).id());
        }
        TestContext context = experiment();
        new ExperimentCommand().run(context);
        assertTrue(run(now.cells().get(0)).isFinished());
        assertArrayEquals(old, Files.readAllBytes(first));
        assertTrue(
                context.phases.stream()
                        .anyMatch(line -> line.startsWith(
                                        "warning: cell " + before.cells().get(0).folder())
                                && line.contains("is computed anew beside it")),
                context.phases.toString());
    }

    private CellEnd compute(Cell cell) {
        Path run = folder.resolve("runs/test").resolve(cell.folder()).toAbsolutePath();
        CellRequest request = new CellRequest("test", plan().id(), plan().options(), cell, run.toString());
        TestContext context = experiment();
        return new CellCommand(request)
                .run(new CellContext(
                        CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(context))),
                        folder,
                        Map.of("metaprompt.version", "test"),
                        1,
                        context.progress(),
                        new Interruption(Duration.ofSeconds(1), () -> {})));
    }

    @Test
    void aMachineThatReadsTheModelOtherwiseDoesNotComputeNorTakeOver() throws IOException {
        Cell cell = plan().cells().get(0);
        preprocessor();
        Cell other = plan().cells().get(0);
        CellEnd end = compute(cell);
        assertEquals(CellEnd.Kind.INVALID, end.kind());
        assertTrue(
                end.message().contains("of this machine are read otherwise than those of the experiment"),
                end.message());
        assertFalse(
                Files.exists(folder.resolve("runs/test").resolve(cell.folder()).resolve("run.json")));
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(other));
        CellEnd taken = compute(cell);
        assertEquals(CellEnd.Kind.INVALID, taken.kind());
        assertTrue(taken.message().contains("was begun with model folder"), taken.message());
    }

    /** Plans of versions that know no reading have the digest of a text without it. */
    @Test
    void aPlanOfAnOlderVersionIsStillWhole() {
        Plan plan = plan();
        assertEquals(plan, PlanFile.fromJson(PlanFile.toJson(plan), "plan"));
        List<Cell> cells = plan.cells().stream()
                .map(cell -> new Cell(
                        cell.number(),
                        cell.id(),
                        cell.folder(),
                        cell.queue(),
                        cell.coordinates(),
                        cell.settings(),
                        cell.content(),
                        ""))
                .toList();
        Plan older = Plan.of(plan.name(), plan.title(), plan.options(), plan.compare(), cells);
        String text = PlanFile.toJson(older);
        assertFalse(text.contains("reading"), text);
        Plan read = PlanFile.fromJson(text, "plan");
        assertEquals(older, read.requireAsked("test", older.id(), "plan"));
        assertEquals(plan.experimentId(), older.experimentId());
    }
}
