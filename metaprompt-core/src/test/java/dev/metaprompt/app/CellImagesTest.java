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
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells among images that change under their names. */
class CellImagesTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1, 2]\n");
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "experiment", folder.resolve("test.yaml").toString(),
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "1",
                "train.iterations", "1",
                "augment", "none",
                "threads", "1"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private Plan plan(TestContext context) {
        return new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    private TestContext compute() throws Exception {
        TestContext context = context();
        new ExperimentCommand().run(context);
        return context;
    }

    private RunDirectory run(int number) {
        return RunDirectory.open(folder.resolve("runs/test")
                .resolve(plan(context()).cells().get(number).folder()));
    }

    /** Puts other pixels under a name. */
    private void replace(String image, String by) throws IOException {
        Path images = dataset.resolve("images");
        Files.copy(images.resolve(by), images.resolve(image), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a record, or a plan, what an older version writes. */
    private static void forgetContent(RunDirectory run) throws IOException {
        Path file = run.file(RunDirectory.RECORD);
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        json.getAsJsonObject("dataset").remove("contentSha256");
        json.getAsJsonObject("dataset").remove("testContentSha256");
        Files.writeString(file, json.toString());
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static long trusted(TestContext context) {
        return context.phases.stream()
                .filter(line -> line.contains("taken on trust"))
                .count();
    }

    /** Experiments that older versions began are gone on with by these ids. */
    @Test
    void idsAreThoseOfOlderVersionsWhateverImagesHold() throws IOException {
        List<String> ids = plan(context()).cells().stream().map(Cell::id).toList();
        assertEquals(
                List.of(
                        "8a82a16fc143d253588fa6ca2d32e1a123b2af7a317c30f8a6bac6833d603278",
                        "270f3345b4268b48d98c104bc0da93f747b0d9263f25824ba0669a3ccec36cc9"),
                ids);
        replace("woven/woven_9.png", "grid/grid_1.png");
        assertEquals(ids, plan(context()).cells().stream().map(Cell::id).toList());
    }

    @Test
    void aHalfFinishedExperimentOfAnOlderVersionGoesOnAndSaysSo() throws Exception {
        assertEquals(0, trusted(compute()));
        forgetContent(run(0));
        byte[] first = Files.readAllBytes(run(0).file(RunDirectory.RECORD));
        delete(run(1).path());
        TestContext again = compute();
        assertArrayEquals(first, Files.readAllBytes(run(0).file(RunDirectory.RECORD)), "it was computed anew");
        assertEquals(1, trusted(again), again.phases.toString());
        assertEquals(
                Optional.of(plan(context()).cells().get(1).content()),
                run(1).readRecord().dataset().content().map(RunRecord.Content::all));
    }

    @Test
    void finishedCellsOfOtherImagesAreNotTakenOver() throws Exception {
        compute();
        byte[] planned = Files.readAllBytes(folder.resolve("runs/test").resolve(PlanFile.NAME));
        Path image = dataset.resolve("images/woven/woven_9.png");
        byte[] before = Files.readAllBytes(image);
        replace("woven/woven_9.png", "grid/grid_1.png");
        String message =
                assertThrows(InvalidInputException.class, this::compute).getMessage();
        assertTrue(message.contains(run(0).path() + ": was computed from images of digest"), message);
        assertTrue(message.contains("and so for 1 more"), message);
        assertEquals(1, message.lines().count());
        assertArrayEquals(
                planned, Files.readAllBytes(folder.resolve("runs/test").resolve(PlanFile.NAME)));
        Files.write(image, before);
        assertEquals(0, trusted(compute()));
    }

    @Test
    void figuresOfOtherImagesAreInNoSummary() throws Exception {
        compute();
        Plan now = plan(context());
        List<Cell> cells = new ArrayList<>(now.cells());
        Cell second = cells.get(1);
        cells.set(
                1,
                new Cell(
                        1,
                        second.id(),
                        second.folder(),
                        second.queue(),
                        second.coordinates(),
                        second.settings(),
                        "0".repeat(64),
                        second.reading()));
        Plan other = new Plan(now.name(), now.title(), now.id(), now.options(), now.compare(), cells);
        TestContext context = context();
        Path runs = folder.resolve("runs/test");
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> new ExperimentEnd(
                                        context,
                                        other,
                                        runs,
                                        FailedCells.NONE,
                                        dev.metaprompt.tracking.ExperimentRun.begin(
                                                Optional.empty(),
                                                Optional.empty(),
                                                runs,
                                                dev.metaprompt.tracking.ExperimentRecord.Facts.of(
                                                        "test", "", now.id(), List.of()),
                                                context.progress()))
                                .tell(List.of()))
                .getMessage();
        assertTrue(message.startsWith("1 of 2 cells failed: seed=2: was computed from images of digest"), message);
    }

    private CellEnd compute(Cell cell) {
        Plan plan = plan(context());
        Path run = folder.resolve("runs/test").resolve(cell.folder()).toAbsolutePath();
        CellRequest request = new CellRequest("test", plan.id(), plan.options(), cell, run.toString());
        TestContext context = context();
        return new CellCommand(request)
                .run(new CellContext(
                        CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(context))),
                        folder,
                        Map.of("metaprompt.version", "test"),
                        1,
                        context.progress(),
                        new Interruption(java.time.Duration.ofSeconds(1), () -> {})));
    }

    @Test
    void aMachineWithOtherImagesDoesNotComputeNorGoOnNorTakeOver() throws Exception {
        Cell cell = plan(context()).cells().get(0);
        Path image = dataset.resolve("images/woven/woven_9.png");
        byte[] before = Files.readAllBytes(image);
        replace("woven/woven_9.png", "grid/grid_1.png");
        CellEnd refused = compute(cell);
        assertEquals(CellEnd.Kind.INVALID, refused.kind());
        assertTrue(refused.message().contains("the images of this machine are not those"), refused.message());
        assertFalse(
                Files.exists(folder.resolve("runs/test").resolve(cell.folder()).resolve("run.json")));
        Files.write(image, before);
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(cell));
        Cell other = new Cell(
                0,
                cell.id(),
                cell.folder(),
                cell.queue(),
                cell.coordinates(),
                cell.settings(),
                "0".repeat(64),
                cell.reading());
        CellEnd taken = compute(other);
        assertEquals(CellEnd.Kind.INVALID, taken.kind());
        assertTrue(taken.message().contains("was computed from images of digest"), taken.message());
        RunDirectory run = run(0);
        run.writeRecord(run.readRecord().withStatus(RunStatus.INTERRUPTED, Optional.empty()));
        forgetContent(run);
        CellEnd gone = compute(other);
        assertTrue(gone.message().contains("the images of this machine are not those"), gone.message());
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(cell));
    }

    @Test
    void imagesAreReadOnceHoweverManyCells() throws IOException {
        StringBuilder weights = new StringBuilder("axes:\n  seed: [1, 2]\n  loss.klWeight: [0.1");
        for (int i = 2; i < 100; i++) {
            weights.append(", 0.").append(String.format("%03d", i));
        }
        Files.writeString(folder.resolve("test.yaml"), weights + "]\n");
        TestContext context = context();
        Plan plan = plan(context);
        assertEquals(198, plan.cells().size());
        assertEquals(2, plan.cells().stream().map(Cell::content).distinct().count());
        int reads = context.updates.get("images digested");
        assertTrue(reads <= 2, reads + " times");
        TestContext shown = context("dryRun", "true");
        Plan dry = new ExperimentPlanner(shown).plan(ExperimentMatrix.read(shown, Settings.withoutModel(shown)));
        assertFalse(shown.updates.containsKey("images digested"));
        assertEquals(plan.experimentId(), dry.experimentId());
        assertNotEquals(plan, dry);
    }

    @Test
    void aPlanOfAnOlderVersionIsReadAndItsCellsKnowNothingOfImages() throws IOException {
        Plan plan = plan(context());
        String text = PlanFile.toJson(plan);
        assertEquals(plan, PlanFile.fromJson(text, "plan"));
        String old = text.replaceAll(",\\s*\"content\": \"[0-9a-f]{64}\"", "");
        assertFalse(old.contains("content"));
        Plan read = PlanFile.fromJson(old, "plan");
        assertEquals(List.of("", ""), read.cells().stream().map(Cell::content).toList());
        assertEquals(
                plan.cells().stream().map(Cell::id).toList(),
                read.cells().stream().map(Cell::id).toList());
    }
}
