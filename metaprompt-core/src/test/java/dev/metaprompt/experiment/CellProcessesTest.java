package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, of a program that computes nothing. */
class CellProcessesTest {
    @TempDir
    Path temp;

    private CellProcesses processes;

    @BeforeEach
    void start() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeCellMain.class.getName());
        processes = new CellProcesses(command, temp, "setup");
    }

    @AfterEach
    void stop() {
        processes.close();
    }

    private CellEnd compute(Cell cell) {
        return processes.compute(Cells.plan(cell), cell, folder(cell), (what, done, total, detail) -> {});
    }

    private Path folder(Cell cell) {
        return temp.resolve(cell.folder());
    }

    /** The lines that attempts left: the setup line and the process's id. */
    private List<String> attempts(Cell cell) throws IOException {
        return Files.readAllLines(Path.of(folder(cell) + ".log"));
    }

    @Test
    void oneProcessComputesCellsOneAfterTheOther() throws IOException {
        Cell one = Cells.cell(1, "act", "finish");
        Cell two = Cells.cell(2, "act", "noise");
        assertEquals(CellEnd.Kind.FINISHED, compute(one).kind());
        assertEquals(CellEnd.Kind.FINISHED, compute(two).kind());
        assertTrue(attempts(one).get(0).startsWith("setup "));
        assertEquals(attempts(one), attempts(two));
    }

    @Test
    void progressIsHeard() {
        List<String> heard = new ArrayList<>();
        Cell cell = Cells.cell(1, "act", "finish");
        processes.compute(
                Cells.plan(cell),
                cell,
                folder(cell),
                (what, done, total, detail) -> heard.add(what + " " + done + "/" + total + " " + detail));
        assertEquals(List.of("epoch 1/2 loss 1.0"), heard);
    }

    @Test
    void aCrashEndsOneCellAlone() {
        CellEnd crash = compute(Cells.cell(1, "act", "crash"));
        assertEquals(CellEnd.Kind.CRASHED, crash.kind());
        assertTrue(crash.message().contains("exit code 9"), crash.message());
        assertEquals(
                CellEnd.Kind.FINISHED, compute(Cells.cell(2, "act", "finish")).kind());
    }

    @Test
    void aStoppedThreadStopsItsCell() throws InterruptedException {
        List<CellEnd> ends = new ArrayList<>();
        List<Boolean> flags = new ArrayList<>();
        Thread thread = new Thread(() -> {
            ends.add(compute(Cells.cell(1, "act", "wait")));
            flags.add(Thread.currentThread().isInterrupted());
        });
        thread.start();
        Thread.sleep(300);
        thread.interrupt();
        thread.join();
        assertEquals(CellEnd.Kind.INTERRUPTED, ends.get(0).kind());
        assertEquals(List.of(true), flags);
    }

    @Test
    void theRunnerGoesOnAfterFailuresAndTriesACrashedCellOnceMore() throws IOException {
        Cell invalid = Cells.cell(1, "act", "invalid");
        Cell crash = Cells.cell(2, "act", "crash");
        Cell once = Cells.cell(3, "act", "crash-once");
        Cell fine = Cells.cell(4, "act", "finish");
        List<String> phases = new ArrayList<>();
        Plan plan = Cells.plan(invalid, crash, once, fine);
        Map<Cell, CellEnd> ends =
                new LocalRunner(processes, 2).run(plan, plan.cells(), this::folder, new Told(phases), () -> false);
        assertEquals(
                List.of("INVALID", "CRASHED", "FINISHED", "FINISHED"),
                ends.values().stream().map(end -> end.kind().name()).toList());
        assertEquals(2, attempts(crash).size());
        assertEquals(2, attempts(once).size());
        assertEquals(1, attempts(invalid).size());
        assertTrue(phases.toString().contains("cell seed=1 failed: way is 30"), phases.toString());
    }

    @Test
    void aProcessThatASignalEndsCountsAsCrashedAndIsNotUsedAgain() throws IOException {
        Cell always = Cells.cell(1, "act", "terminated");
        Cell once = Cells.cell(2, "act", "terminated-once");
        Plan plan = Cells.plan(always, once);
        Map<Cell, CellEnd> ends = new LocalRunner(processes, 1)
                .run(plan, plan.cells(), this::folder, new Told(new ArrayList<>()), () -> false);
        assertEquals(CellEnd.Kind.CRASHED, ends.get(always).kind());
        assertTrue(ends.get(always).message().contains("stopped from outside"), ends.toString());
        assertEquals(2, attempts(always).size());
        assertEquals(CellEnd.Kind.FINISHED, ends.get(once).kind(), ends.toString());
        assertEquals(2, attempts(once).stream().distinct().count());
    }

    /** Ctrl-C reaches all processes of a console, and those that compute may be faster than the one that asks. */
    @Test
    void aSignalThatReachesTheRunnerTooIsNoCrash() throws IOException {
        Cell cell = Cells.cell(1, "act", "terminated");
        Plan plan = Cells.plan(cell);
        AtomicBoolean begun = new AtomicBoolean();
        Progress watching = new Progress() {
            @Override
            public void phase(String text) {}

            @Override
            public void update(String what, long done, long total, String detail) {
                begun.set(true);
            }
        };
        Map<Cell, CellEnd> ends =
                new LocalRunner(processes, 1).run(plan, plan.cells(), this::folder, watching, begun::get);
        assertEquals(CellEnd.Kind.INTERRUPTED, ends.get(cell).kind());
        assertEquals(1, attempts(cell).size());
    }

    @Test
    void anInterruptionStopsWhatRunsAndBeginsNothingMore() {
        Plan plan =
                Cells.plan(Cells.cell(1, "act", "wait"), Cells.cell(2, "act", "wait"), Cells.cell(3, "act", "finish"));
        AtomicBoolean begun = new AtomicBoolean();
        Progress throwing = new Progress() {
            @Override
            public void phase(String text) {}

            @Override
            public void update(String what, long done, long total, String detail) {
                begun.set(true);
                throw new CancellationException("as the console's progress does once it is interrupted");
            }
        };
        Map<Cell, CellEnd> ends =
                new LocalRunner(processes, 2).run(plan, plan.cells(), this::folder, throwing, begun::get);
        assertFalse(ends.values().stream().anyMatch(end -> end.kind() == CellEnd.Kind.FINISHED), ends.toString());
        assertTrue(ends.size() <= 2, ends.toString());
    }

    @Test
    void aBusyCellIsWaitedFor() {
        AtomicBoolean first = new AtomicBoolean(true);
        CellEngine busyOnce = new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                boolean busy = first.getAndSet(false);
                return new CellEnd(busy ? CellEnd.Kind.BUSY : CellEnd.Kind.FINISHED, "");
            }

            @Override
            public void close() {}
        };
        Plan plan = Cells.plan(Cells.cell(1));
        Map<Cell, CellEnd> ends =
                new LocalRunner(busyOnce, 1, 1).run(plan, plan.cells(), this::folder, Progress.SILENT, () -> false);
        assertEquals(
                "FINISHED", ends.values().stream().map(end -> end.kind().name()).collect(Collectors.joining()));
    }

    /** Keeps the lines for the user. */
    private record Told(List<String> phases) implements Progress {
        @Override
        public synchronized void phase(String text) {
            phases.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {}
    }
}
