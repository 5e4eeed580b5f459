package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.app.MixedDataset.Palettes;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.View;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.report.ResultLine;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work of a version that knew one order of colour conversion, {@code resize-first}, and did not record it. */
class OldOrderTest {
    private static final String ORDER = "image.colorOrder";

    @TempDir
    Path folder;

    private TestContext context(String... more) {
        return OldOrderWork.context(folder, more);
    }

    /** Nothing but which run it is, and where this machine keeps features. */
    private TestContext of(RunDirectory run, String... more) {
        Stream<String> options =
                Stream.of("run", run.id(), "cache", folder.resolve("cache").toString());
        return new TestContext(folder, Stream.concat(options, Stream.of(more)).toArray(String[]::new));
    }

    private static String refused(Runnable action) {
        String message = assertThrows(InvalidInputException.class, action::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static Object order(RunDirectory run) {
        return run.readRecord().config().get(ORDER);
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aRunIsRepeatedAndEvaluatedInItsOrder(Palettes palettes) throws IOException {
        OldOrderWork.copy(palettes, folder);
        RunDirectory run = OldOrderWork.run(folder, 1);
        TestContext replay = of(run);
        new ReplayCommand().run(replay);
        assertTrue(replay.results.get(0).startsWith("no difference"), replay.results.toString());
        TestContext evaluation = of(run);
        new EvaluateCommand().run(evaluation);
        assertEquals(List.of(ResultLine.of(run.readRecord().results().orElseThrow())), evaluation.results);
        // The order it had is no contradiction; another one is, but where a run is looked at under other conditions.
        new ReplayCommand().run(of(run, ORDER, "resize-first"));
        String message = refused(() -> new ReplayCommand().run(of(run, ORDER, "convert-first")));
        assertTrue(message.contains(ORDER) && message.contains("resize-first"), message);
        new EvaluateCommand().run(of(run, ORDER, "convert-first"));
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aRunGoesOnInItsOrder(Palettes palettes) throws IOException {
        OldOrderWork.copy(palettes, folder);
        RunDirectory run = OldOrderWork.run(folder, 2);
        var content = run.readRecord().dataset().content();
        new TrainCommand().run(of(run));
        assertTrue(run.isFinished());
        assertEquals(content, run.readRecord().dataset().content());
        TestContext replay = of(run);
        new ReplayCommand().run(replay);
        assertTrue(replay.results.get(0).startsWith("no difference"), replay.results.toString());
    }

    private String check(String runs) throws IOException {
        TestContext context = context("runs", runs, "check.baseline", "baseline.json", "check.tolerance", "100");
        try {
            new CheckCommand().run(context);
            return "passed";
        } catch (InvalidInputException e) {
            return Files.readString(folder.resolve(runs).resolve("check/check.json"));
        }
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aBaselineIsOfTheSameSettingWhereTheOrderMakesNoDifference(Palettes palettes) throws IOException {
        OldOrderWork.copy(palettes, folder);
        assertEquals("passed", check("runs"));
        new TrainCommand().run(context("runs", "new"));
        String verdict = check("new");
        if (palettes == Palettes.NONE) {
            assertEquals("passed", verdict);
        } else {
            assertTrue(verdict.contains(ORDER + " is convert-first here and resize-first there"), verdict);
        }
        new TrainCommand().run(context("runs", "same", ORDER, "resize-first"));
        assertEquals("passed", check("same"));
    }

    private float[] features(String pack) {
        FeaturePack opened = FeaturePack.open(folder.resolve(pack));
        List<String> paths = Stream.concat(opened.dataset().train().stream(), opened.dataset().test().stream())
                .map(LabeledImage::path)
                .toList();
        try (NDManager manager = NDManager.newBaseManager()) {
            return opened.get(manager, paths, View.centres(paths.size()), Progress.SILENT)
                    .toFloatArray();
        }
    }

    private static float difference(float[] a, float[] b) {
        float largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aPackKeepsItsOrder(Palettes palettes) throws IOException {
        OldOrderWork.copy(palettes, folder);
        new TrainCommand().run(context("dataset", "mixed.pack", "runs", "packed"));
        RunDirectory run = RunDirectory.newest(folder.resolve("packed"));
        assertEquals("resize-first", order(run));
        assertEquals("feature pack", run.readRecord().origins().get(ORDER));
        String message = refused(() ->
                new TrainCommand().run(context("dataset", "mixed.pack", "runs", "packed", ORDER, "convert-first")));
        assertTrue(message.contains("mixed.pack was made with resize-first, as all packs were"), message);
        new PrepareCommand().run(context("pack", "same.pack", ORDER, "resize-first"));
        new PrepareCommand().run(context("pack", "other.pack"));
        // Of another engine or processor, the last bits may be others.
        assertTrue(difference(features("mixed.pack"), features("same.pack")) < 1e-3);
        float other = difference(features("mixed.pack"), features("other.pack"));
        assertEquals(palettes == Palettes.NONE, other < 1e-3, "differs by " + other);
    }

    private Path cell(Cell cell) {
        return folder.resolve("runs/test").resolve(cell.folder());
    }

    private TestContext experiment(String... more) throws Exception {
        TestContext context = context(Stream.concat(Stream.of("experiment", "test.yaml"), Stream.of(more))
                .toArray(String[]::new));
        new ExperimentCommand().run(context);
        return context;
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aHalfFinishedExperimentGoesOnInItsOrderUnderItsIds(Palettes palettes) throws Exception {
        OldOrderWork.copy(palettes, folder);
        Plan before = PlanFile.read(folder.resolve("runs/test"));
        Path first = cell(before.cells().get(0)).resolve(RunDirectory.RECORD);
        byte[] record = Files.readAllBytes(first);
        TestContext told = experiment();
        assertTrue(
                told.phases.stream().anyMatch(line -> line.contains("goes on in that one's order")),
                told.phases.toString());
        Plan now = PlanFile.read(folder.resolve("runs/test"));
        assertEquals(before.experimentId(), now.experimentId());
        assertEquals(
                before.cells().stream().map(Cell::content).toList(),
                now.cells().stream().map(Cell::content).toList());
        assertArrayEquals(record, Files.readAllBytes(first), "it was computed anew");
        RunDirectory second = RunDirectory.open(cell(before.cells().get(1)));
        assertTrue(second.isFinished());
        assertEquals("resize-first", order(second));
        // Once more, and with what the first time wrote into the plan.
        experiment();
        assertEquals(now, PlanFile.read(folder.resolve("runs/test")));
        // Nor do the ids change when somebody says so, even those of cells that nobody has begun.
        for (int i = 0; i < 2; i++) {
            PlainFiles.delete(second.path());
            experiment(ORDER, "resize-first");
            assertEquals(
                    before.experimentId(),
                    PlanFile.read(folder.resolve("runs/test")).experimentId());
        }
    }

    @Test
    void whereTheOrderMakesNoDifferenceAnExperimentMayGoOnInTheOther() throws Exception {
        OldOrderWork.copy(Palettes.NONE, folder);
        Plan before = PlanFile.read(folder.resolve("runs/test"));
        experiment(ORDER, "convert-first");
        Plan now = PlanFile.read(folder.resolve("runs/test"));
        assertEquals(before.experimentId(), now.experimentId());
        assertEquals("convert-first", order(RunDirectory.open(cell(now.cells().get(1)))));
        assertFalse(Files.readString(cell(now.cells().get(0)).resolve(RunDirectory.RECORD))
                .contains(ORDER));
    }

    @Test
    void whereItMakesADifferenceCellsOfTheOtherOrderAreNotTakenOver() throws Exception {
        OldOrderWork.copy(Palettes.TRAINING_AND_TEST, folder);
        String message = assertThrows(InvalidInputException.class, () -> experiment(ORDER, "convert-first"))
                .getMessage();
        assertTrue(message.contains("prepared with image.colorOrder=resize-first"), message);
        // As on a machine that has the runs alone, from a store.
        Plan before = PlanFile.read(folder.resolve("runs/test"));
        Files.delete(folder.resolve("runs/test").resolve(PlanFile.NAME));
        assertThrows(InvalidInputException.class, this::experiment);
        experiment(ORDER, "resize-first");
        Plan now = PlanFile.read(folder.resolve("runs/test"));
        assertEquals(before.cells().get(0).id(), now.cells().get(0).id());
        assertNotEquals(before.cells().get(1).id(), now.cells().get(1).id());
        assertEquals("resize-first", order(RunDirectory.open(cell(now.cells().get(1)))));
    }

    @Test
    void aDamagedRecordOfOneCellKeepsNoOtherFromBeingPlanned() throws Exception {
        OldOrderWork.copy(Palettes.NONE, folder);
        Plan before = PlanFile.read(folder.resolve("runs/test"));
        Files.delete(folder.resolve("runs/test").resolve(PlanFile.NAME));
        Files.writeString(cell(before.cells().get(0)).resolve(RunDirectory.RECORD), "{");
        TestContext context = context("experiment", "test.yaml", ORDER, "resize-first");
        Plan now = new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
        assertEquals(before.cells().get(0).id(), now.cells().get(0).id());
        assertEquals(2, now.cells().size());
        CellEnd end = compute(now, now.cells().get(0));
        assertEquals(CellEnd.Kind.INVALID, end.kind());
        assertTrue(end.message().contains(RunDirectory.RECORD), end.message());
    }

    private CellEnd compute(Plan plan, Cell cell) {
        CellRequest request = new CellRequest(
                "test",
                plan.id(),
                plan.options(),
                cell,
                cell(cell).toAbsolutePath().toString());
        TestContext machine =
                new TestContext(folder, "cache", folder.resolve("cache").toString());
        return new CellCommand(request)
                .run(new CellContext(
                        CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(machine))),
                        folder,
                        machine.facts(),
                        1,
                        machine.progress(),
                        new Interruption(Duration.ofSeconds(1), () -> {})));
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aWorkerComputesACellOfAnOlderPlanInItsOrder(Palettes palettes) throws IOException {
        OldOrderWork.copy(palettes, folder);
        Plan plan = PlanFile.read(folder.resolve("runs/test"));
        Cell second = plan.cells().get(1);
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(plan, second));
        assertEquals("resize-first", order(RunDirectory.open(cell(second))));
    }

    /** A machine without the older plan has made one in the other order, and the store brings what was begun. */
    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aCellThatAnOlderVersionBeganGoesOnInTheOtherOrderWhereThatMakesNoDifference(Palettes palettes)
            throws Exception {
        OldOrderWork.copy(palettes, folder);
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [2]\n");
        Files.delete(folder.resolve("runs/test").resolve(PlanFile.NAME));
        TestContext context = context("experiment", "test.yaml");
        Plan plan = new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
        Cell cell = plan.cells().get(0);
        Path begun = OldOrderWork.run(folder, 2).path();
        Files.move(begun, cell(cell));
        Path record = cell(cell).resolve(RunDirectory.RECORD);
        String id = begun.getFileName().toString();
        Files.writeString(record, Files.readString(record).replace(id, cell.folder()));
        CellEnd end = compute(plan, cell);
        if (palettes == Palettes.NONE) {
            assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), end);
        } else {
            assertEquals(CellEnd.Kind.INVALID, end.kind());
            assertTrue(end.message().contains("the images of this machine are not those"), end.message());
        }
    }
}
