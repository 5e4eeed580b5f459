package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Axis;
import dev.metaprompt.experiment.AxisValue;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEvent;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.LocalRunner;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.io.Network;
import dev.metaprompt.run.Attempts;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunStatus;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Plans and computes cells for real, in processes of their own, on a small data set with the embedded model. */
class CellWorkerTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
    }

    private TestContext context(String... more) {
        return new TestContext(folder, options(more));
    }

    private String[] options(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "dataset.shots", "8",
                "episode.imagesPerClass", "6",
                "train.epochs", "4",
                "train.iterations", "3",
                "evaluate.episodes", "20",
                "threads", "1"));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private static Axis axis(String key, String... values) {
        return new Axis(
                key,
                Arrays.stream(values)
                        .map(value -> new AxisValue(value, List.of(new Assignment(key, value, "test.yaml line 3"))))
                        .toList(),
                "test.yaml line 2");
    }

    private static Matrix matrix(Axis... axes) {
        List<Assignment> settings = List.of(new Assignment("way", "3", "test.yaml line 1"));
        return new Matrix(
                "test", "A test", settings, List.of(axes), List.of(), new Comparison(Map.of(), List.of("seed")));
    }

    private Map<Cell, CellEnd> run(TestContext context, Plan plan, BooleanSupplier interrupted, Progress progress) {
        try (CellProcesses processes =
                CellProcessCommand.processes(context, 1, CellOptions.ofMachine(Settings.withoutModel(context)))) {
            return new LocalRunner(processes, 1).run(plan, plan.cells(), this::cellFolder, progress, interrupted);
        }
    }

    private Path cellFolder(Cell cell) {
        return folder.resolve("runs/test").resolve(cell.folder());
    }

    @Test
    void cellsAreRunsLikeAnyOther() throws IOException {
        TestContext context = context();
        Plan plan = new ExperimentPlanner(context)
                .plan(matrix(axis("method", "metaprompt", "coop"), axis("seed", "1", "2")));
        assertEquals(4, plan.cells().size());
        Map<Cell, CellEnd> ends = run(context, plan, () -> false, Progress.SILENT);
        ends.forEach((cell, end) -> assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), end));
        TrainProcess.run(folder, options("way", "3", "method", "coop", "seed", "2"));
        RunDirectory alone = RunDirectory.newest(folder.resolve("runs"));
        Cell cell = plan.cells().get(3);
        RunDirectory inMatrix = RunDirectory.open(cellFolder(cell));
        TrainedFiles.assertSame(alone, inMatrix, TrainedFiles.REPEATABLE);
        assertEquals("test.yaml line 1", inMatrix.readRecord().origins().get("way"));
        assertTrue(cell.folder().startsWith("coop-dtd-small-3way2shot-s2-"), cell.folder());
        assertEquals(
                Map.of("method", "coop", "seed", "2"),
                CellInfo.read(inMatrix.path()).orElseThrow().coordinates());
    }

    @Test
    void anInterruptedCellGoesOnToTheSameBytesAndAFinishedOneIsLeftAlone() throws IOException {
        TestContext context = context("train.epochs", "30");
        Plan plan = new ExperimentPlanner(context).plan(matrix(axis("seed", "5")));
        AtomicLong updates = new AtomicLong();
        Progress counting = new Progress() {
            @Override
            public void phase(String text) {}

            @Override
            public void update(String what, long done, long total, String detail) {
                updates.addAndGet(detail.contains("epoch") ? 1 : 0);
            }
        };
        Map<Cell, CellEnd> stopped = run(context, plan, () -> updates.get() > 1, counting);
        assertEquals(CellEnd.Kind.INTERRUPTED, stopped.get(plan.cells().get(0)).kind());
        RunDirectory run = RunDirectory.open(cellFolder(plan.cells().get(0)));
        assertEquals(RunStatus.INTERRUPTED, run.readRecord().status());
        run(context, plan, () -> false, Progress.SILENT);
        run(context, plan, () -> false, Progress.SILENT);
        assertEquals(
                List.of("begin", "interrupted", "begin", "finished"),
                JsonLines.read(run.file(Attempts.FILE)).stream()
                        .map(line -> line.get("event").getAsString())
                        .toList());
        TrainProcess.run(folder, options("train.epochs", "30", "way", "3", "seed", "5"));
        RunDirectory alone = RunDirectory.newest(folder.resolve("runs"));
        TrainedFiles.assertSame(alone, run, TrainedFiles.REPEATABLE);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
    void aCellWhoseProcessIsTerminatedGoesOnInAnotherToTheSameBytes() throws IOException {
        TestContext context = context("train.epochs", "30");
        Plan plan = new ExperimentPlanner(context).plan(matrix(axis("seed", "5")));
        AtomicBoolean terminated = new AtomicBoolean();
        Progress terminating = new Progress() {
            @Override
            public void phase(String text) {}

            @Override
            public void update(String what, long done, long total, String detail) {
                if (detail.contains("epoch") && !terminated.getAndSet(true)) {
                    CellSignals.processes().forEach(ProcessHandle::destroy);
                }
            }
        };
        Cell cell = plan.cells().get(0);
        Map<Cell, CellEnd> ends = run(context, plan, () -> false, terminating);
        assertEquals(Map.of(cell, new CellEnd(CellEnd.Kind.FINISHED, "")), ends);
        RunDirectory run = RunDirectory.open(cellFolder(cell));
        assertEquals(
                List.of("begin", "interrupted", "begin", "finished"),
                JsonLines.read(run.file(Attempts.FILE)).stream()
                        .map(line -> line.get("event").getAsString())
                        .toList());
        TrainProcess.run(folder, options("train.epochs", "30", "way", "3", "seed", "5"));
        TrainedFiles.assertSame(RunDirectory.newest(folder.resolve("runs")), run, TrainedFiles.REPEATABLE);
    }

    /** Whoever asks a cell to stop may do so just when it has ended. */
    @Test
    void aLateInterruptDoesNotHitTheNextCell() throws Exception {
        TestContext context = context();
        Plan plan = new ExperimentPlanner(context).plan(matrix(axis("seed", "1", "2")));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CellWorker.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedWriter requests = process.outputWriter(StandardCharsets.UTF_8);
                BufferedReader events = process.inputReader(StandardCharsets.UTF_8)) {
            Gson gson = new Gson();
            ask(
                    requests,
                    gson.toJson(new CellWorker.Setup(
                            folder.toString(),
                            context.facts(),
                            1,
                            CellOptions.ofMachine(Settings.withoutModel(context)),
                            Network.NONE)));
            for (Cell cell : plan.cells()) {
                ask(
                        requests,
                        gson.toJson(new CellRequest(
                                plan.name(),
                                plan.id(),
                                plan.options(),
                                cell,
                                cellFolder(cell).toString())));
                assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), end(gson, events));
                ask(requests, CellRequest.INTERRUPT);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static void ask(BufferedWriter requests, String line) throws IOException {
        requests.write(line + "\n");
        requests.flush();
    }

    private static CellEnd end(Gson gson, BufferedReader events) throws IOException {
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith(CellEvent.MARK)) {
                CellEvent event = gson.fromJson(line.substring(CellEvent.MARK.length()), CellEvent.class);
                if (event.end() != null) {
                    return event.end();
                }
            }
        }
        throw new IOException("it ended without a word");
    }

    @Test
    void aCellThatAnotherProcessComputesIsBusy() {
        TestContext context = context();
        Plan plan = new ExperimentPlanner(context).plan(matrix(axis("seed", "1")));
        Cell cell = plan.cells().get(0);
        try (CellProcesses processes = CellProcessCommand.processes(
                        context, 1, CellOptions.ofMachine(Settings.withoutModel(context)));
                RunLock lock = RunDirectory.at(cellFolder(cell)).lock()) {
            CellEnd end = processes.compute(plan, cell, cellFolder(cell), (what, done, total, detail) -> {});
            assertEquals(CellEnd.Kind.BUSY, end.kind());
        }
    }

    @Test
    void aMachineWithOtherDataDoesNotCompute() throws IOException {
        TestContext context = context();
        Plan plan = new ExperimentPlanner(context).plan(matrix(axis("seed", "1")));
        SmallDataset.addValidation(dataset);
        CellEnd end = run(context, plan, () -> false, Progress.SILENT)
                .get(plan.cells().get(0));
        assertEquals(CellEnd.Kind.INVALID, end.kind());
        assertTrue(end.message().contains("model, data or options of this machine"), end.message());
    }

    @Test
    void anIdentityIsOfWhatDecidesTheResult() throws IOException {
        Matrix matrix = matrix(axis("seed", "1"));
        String id = id(matrix, context());
        assertEquals(id, id(matrix, context("cache", folder.resolve("other").toString())));
        assertEquals(id, id(matrix, context("threads", "2")));
        assertEquals(id, id(matrix, context("runs", "elsewhere")));
        assertNotEquals(id, id(matrix, context("loss.klWeight", "0.3")));
        assertNotEquals(id, id(matrix(axis("seed", "2")), context()));
        SmallDataset.addValidation(dataset);
        assertNotEquals(id, id(matrix, context()));
    }

    private static String id(Matrix matrix, TestContext context) {
        return new ExperimentPlanner(context).plan(matrix).cells().get(0).id();
    }

    @Test
    void cellsThatAreTheSameStopBeforeAnythingRuns() {
        Axis twice = new Axis(
                "variant",
                List.of(new AxisValue("one", List.of()), new AxisValue("other", List.of())),
                "test.yaml line 7");
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> new ExperimentPlanner(context()).plan(matrix(twice)));
        assertTrue(e.getMessage().contains("variant at test.yaml line 7"), e.getMessage());
    }

    @Test
    void aWayThatTheDataDoNotHaveStopsBeforeAnythingRuns() {
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> new ExperimentPlanner(context()).plan(matrix(axis("way", "3", "30"))));
        assertTrue(e.getMessage().contains("30"), e.getMessage());
    }

    @Test
    void threadsAreSharedAmongProcesses() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertEquals(cores, CellProcessCommand.threads(OptionalInt.empty(), 1));
        assertEquals(1, CellProcessCommand.threads(OptionalInt.empty(), 2 * cores));
        assertEquals(7, CellProcessCommand.threads(OptionalInt.of(7), 2));
    }
}
