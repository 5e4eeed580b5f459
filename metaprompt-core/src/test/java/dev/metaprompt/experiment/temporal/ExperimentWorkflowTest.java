package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.FakeCellMain;
import dev.metaprompt.experiment.Plan;
import io.temporal.common.WorkflowExecutionHistory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How cells end, and how large workflows grow, on Temporal's own test server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExperimentWorkflowTest {
    /** The server warns here; it refuses at 51,200. */
    private static final int MANY_EVENTS = 10_240;

    /** The server refuses a history of 50 MB. */
    private static final long MANY_BYTES = 10_000_000;

    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void everyCellIsComputedOnceAndAFailedOneDoesNotStopTheRest() {
        bench.work(4, cell -> switch (cell.number()) {
            case 3 -> new CellEnd(CellEnd.Kind.INVALID, "way is 30");
            case 5 -> new CellEnd(CellEnd.Kind.FAILED, "a fault");
            case 7 -> new CellEnd(CellEnd.Kind.CRASHED, "exit code 139");
            case 9 ->
                switch (bench.computed.get(9).get()) {
                    case 1, 2 -> new CellEnd(CellEnd.Kind.BUSY, "another process computes it");
                    case 3 -> new CellEnd(CellEnd.Kind.FAILED, "the store is away");
                    default -> Bench.finished();
                };
            default -> Bench.finished();
        });
        Ended ended = bench.runner().run(bench.plan(12), () -> false).orElseThrow();
        assertEquals(9, ended.finished());
        assertEquals(3, ended.failed());
        assertEquals(3, bench.computed.get(5).get(), "a fault may be one machine's");
        assertEquals(
                Map.of(3, "way is 30", 5, "a fault", 7, "exit code 139"),
                Map.of(
                        ended.failures().get(0).number(),
                                ended.failures().get(0).message(),
                        ended.failures().get(1).number(),
                                ended.failures().get(1).message(),
                        ended.failures().get(2).number(),
                                ended.failures().get(2).message()));
        assertEquals(1, bench.computed.get(0).get());
        assertEquals(1, bench.computed.get(3).get(), "bad input is not tried again");
        assertEquals(8, bench.computed.get(7).get(), "a crash is tried again and again, but not for ever");
        assertEquals(4, bench.computed.get(9).get(), "what is nobody's fault does not count as one");
    }

    /** Real processes below a worker that lives: what ends them is a crash, and not the worker's own end. */
    @Test
    void aCellWhoseProcessesAreEndedBySignalsIsTriedAgainButNotForEver(@TempDir Path folder) throws Exception {
        Plan plan = bench.plan(Cells.cell(0, "act", "terminated"), Cells.cell(1, "act", "terminated-once"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeCellMain.class.getName());
        try (CellProcesses processes = new CellProcesses(command, folder, "setup")) {
            bench.work(2, (cell, watcher) -> processes.compute(plan, cell, folder.resolve(cell.folder()), watcher));
            Ended ended = bench.runner().run(plan, () -> false).orElseThrow();
            assertEquals(1, ended.finished());
            assertEquals(1, ended.failed());
            assertTrue(ended.failures().get(0).message().contains("stopped from outside"), ended.toString());
        }
        assertEquals(8, bench.computed.get(0).get());
        assertEquals(2, bench.computed.get(1).get());
    }

    @Test
    void manyLongMessagesMakeNoLargePayloads() {
        String megabyte = "a fault ".repeat(1 << 17);
        bench.work(16, cell -> new CellEnd(CellEnd.Kind.FAILED, megabyte));
        // As many as are scheduled at once: a fifth of a batch.
        Plan plan = bench.plan(TemporalRunner.WINDOW);
        Ended ended = bench.runner().run(plan, () -> false).orElseThrow();
        assertEquals(TemporalRunner.WINDOW, ended.failed());
        assertEquals(Ended.MOST_FAILURES, ended.failures().size());
        assertEquals(Ended.LONGEST_MESSAGE, ended.failures().get(0).message().length());
        WorkflowExecutionHistory parent = history(TemporalRunner.workflowId(plan));
        WorkflowExecutionHistory batch = history(TemporalRunner.workflowId(plan) + "/0");
        System.out.printf(
                "%d cells that fail three times: parent %d events, %d bytes; batch: %d events, %d bytes%n",
                TemporalRunner.WINDOW, events(parent), bytes(parent), events(batch), bytes(batch));
        int parts = TemporalRunner.BATCH / TemporalRunner.WINDOW;
        for (WorkflowExecutionHistory history : List.of(parent, batch)) {
            assertTrue(parts * events(history) < MANY_EVENTS, events(history) + " events");
            assertTrue(parts * bytes(history) < MANY_BYTES, bytes(history) + " bytes");
        }
    }

    @Test
    void tenThousandCellsStayFarBelowTheServersLimits() {
        bench.work(16, cell -> Bench.finished());
        Plan plan = bench.plan(10_000);
        long start = System.nanoTime();
        Ended ended = bench.runner().run(plan, () -> false).orElseThrow();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(10_000, ended.finished());
        assertEquals(
                10_000,
                bench.computed.values().stream()
                        .filter(count -> count.get() == 1)
                        .count());
        WorkflowExecutionHistory parent = history(TemporalRunner.workflowId(plan));
        WorkflowExecutionHistory batch = history(TemporalRunner.workflowId(plan) + "/0");
        System.out.printf(
                "10,000 cells: %.0f s; parent %d events, %d bytes; batch of %d: %d events, %d bytes%n",
                seconds, events(parent), bytes(parent), TemporalRunner.BATCH, events(batch), bytes(batch));
        for (WorkflowExecutionHistory history : List.of(parent, batch)) {
            assertTrue(events(history) < MANY_EVENTS, events(history) + " events");
            assertTrue(bytes(history) < MANY_BYTES, bytes(history) + " bytes");
        }
    }

    private WorkflowExecutionHistory history(String id) {
        return bench.connection.client().fetchHistory(id);
    }

    private static int events(WorkflowExecutionHistory history) {
        return history.getHistory().getEventsCount();
    }

    private static int bytes(WorkflowExecutionHistory history) {
        return history.getHistory().getSerializedSize();
    }
}
