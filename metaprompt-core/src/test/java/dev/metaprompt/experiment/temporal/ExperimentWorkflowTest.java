package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.CellWatcher;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Workplace;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The workflows on Temporal's own test server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExperimentWorkflowTest {
    /** The server warns here; it refuses at 51,200. */
    private static final int MANY_EVENTS = 10_240;

    /** The server refuses a history of 50 MB. */
    private static final long MANY_BYTES = 10_000_000;

    private TestWorkflowEnvironment server;
    private TemporalConnection connection;
    private final Map<Integer, AtomicInteger> computed = new ConcurrentHashMap<>();
    private final Map<String, Plan> plans = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        server = TestWorkflowEnvironment.newInstance();
        TemporalOptions options = new TemporalOptions(
                "in-process",
                server.getNamespace(),
                "metaprompt",
                30,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        connection = TemporalConnection.of(server.getWorkflowServiceStubs(), options);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Begins to work with an engine that does for each cell what it is told. */
    private void work(int slots, Function<Cell, CellEnd> engine) {
        CellEngine counting = new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                computed.computeIfAbsent(cell.number(), number -> new AtomicInteger())
                        .incrementAndGet();
                return engine.apply(cell);
            }

            @Override
            public void close() {}
        };
        Workplace workplace = new Workplace() {
            @Override
            public Plan plan(String experiment, String planId) {
                return plans.get(planId);
            }

            @Override
            public CellStore store(Plan plan) {
                return new NoStore();
            }
        };
        TemporalWorker.register(
                server.getWorkerFactory(),
                connection.options(),
                "cpu",
                slots,
                new WorkerActivities(counting, workplace));
        server.start();
    }

    private record NoStore() implements CellStore {
        @Override
        public Path folder(Cell cell) {
            return Path.of(cell.folder());
        }

        @Override
        public void fetch(Cell cell) {}

        @Override
        public void keep(Cell cell) {}
    }

    private Plan plan(int cells) {
        Plan plan = Cells.plan(IntStream.range(0, cells).mapToObj(Cells::cell).toArray(Cell[]::new));
        plans.put(plan.id(), plan);
        return plan;
    }

    private static CellEnd finished() {
        return new CellEnd(CellEnd.Kind.FINISHED, "");
    }

    private TemporalRunner runner() {
        return new TemporalRunner(connection, Progress.SILENT);
    }

    @Test
    void everyCellIsComputedOnceAndAFailedOneDoesNotStopTheRest() {
        work(4, cell -> switch (cell.number()) {
            case 3 -> new CellEnd(CellEnd.Kind.INVALID, "way is 30");
            case 5 -> new CellEnd(CellEnd.Kind.FAILED, "a fault");
            case 7 -> new CellEnd(CellEnd.Kind.CRASHED, "exit code 139");
            default -> finished();
        });
        Ended ended = runner().run(plan(12), () -> false).orElseThrow();
        assertEquals(9, ended.finished());
        assertEquals(3, ended.failed());
        assertEquals(3, computed.get(5).get(), "a fault may be one machine's");
        assertEquals(
                Map.of(3, "way is 30", 5, "a fault", 7, "exit code 139"),
                Map.of(
                        ended.failures().get(0).number(),
                                ended.failures().get(0).message(),
                        ended.failures().get(1).number(),
                                ended.failures().get(1).message(),
                        ended.failures().get(2).number(),
                                ended.failures().get(2).message()));
        assertEquals(1, computed.get(0).get());
        assertEquals(1, computed.get(3).get(), "bad input is not tried again");
        assertEquals(8, computed.get(7).get(), "a crash is tried again and again, but not for ever");
    }

    @Test
    void aBusyCellIsTriedAgainLater() {
        work(
                2,
                cell -> computed.get(cell.number()).get() < 3
                        ? new CellEnd(CellEnd.Kind.BUSY, "another process computes it")
                        : finished());
        assertEquals(2, runner().run(plan(2), () -> false).orElseThrow().finished());
        assertEquals(3, computed.get(1).get());
    }

    @Test
    void tenThousandCellsStayFarBelowTheServersLimits() {
        work(16, cell -> finished());
        Plan plan = plan(10_000);
        long start = System.nanoTime();
        Ended ended = runner().run(plan, () -> false).orElseThrow();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(10_000, ended.finished());
        assertEquals(
                10_000,
                computed.values().stream().filter(count -> count.get() == 1).count());
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
        return connection.client().fetchHistory(id);
    }

    private static int events(WorkflowExecutionHistory history) {
        return history.getHistory().getEventsCount();
    }

    private static int bytes(WorkflowExecutionHistory history) {
        return history.getHistory().getSerializedSize();
    }

    @Test
    void aPausedExperimentBeginsNothingMore() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        work(1, cell -> {
            first.countDown();
            await(go);
            return finished();
        });
        Plan plan = plan(TemporalRunner.WINDOW + 20);
        AtomicInteger ended = new AtomicInteger();
        Thread submitter = new Thread(
                () -> ended.set(runner().run(plan, () -> false).orElseThrow().finished()));
        submitter.start();
        first.await();
        runner().pause(plan);
        while (!runner().standing(plan).paused()) {
            Thread.sleep(20);
        }
        go.countDown();
        while (computed.size() < TemporalRunner.WINDOW) {
            Thread.sleep(20);
        }
        Thread.sleep(1500);
        assertEquals(TemporalRunner.WINDOW, computed.size(), "what was scheduled is computed, and no more");
        Standing standing = runner().standing(plan);
        assertTrue(standing.paused());
        assertEquals(TemporalRunner.WINDOW, standing.finished());
        runner().resume(plan);
        submitter.join();
        assertEquals(plan.cells().size(), ended.get());
    }

    @Test
    void aCancelledExperimentStopsItsCells() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        work(1, cell -> {
            first.countDown();
            try {
                Thread.sleep(60_000);
                return finished();
            } catch (InterruptedException e) {
                stopped.countDown();
                Thread.currentThread().interrupt();
                return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
            }
        });
        Plan plan = plan(3);
        Throwable[] seen = new Throwable[1];
        Thread submitter = new Thread(() ->
                seen[0] = assertThrows(InvalidInputException.class, () -> runner().run(plan, () -> false)));
        submitter.start();
        first.await();
        runner().cancel(plan);
        assertTrue(stopped.await(60, TimeUnit.SECONDS), "the cell goes on");
        submitter.join();
        assertTrue(seen[0].getMessage().contains("was canceled"), seen[0].getMessage());
        assertEquals(1, computed.size());
    }

    @Test
    void aSecondSubmitterAttaches() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        work(2, cell -> {
            first.countDown();
            await(go);
            return finished();
        });
        Plan plan = plan(4);
        AtomicInteger sum = new AtomicInteger();
        Thread one = new Thread(() ->
                sum.addAndGet(runner().run(plan, () -> false).orElseThrow().finished()));
        one.start();
        first.await();
        Thread two = new Thread(() ->
                sum.addAndGet(runner().run(plan, () -> false).orElseThrow().finished()));
        two.start();
        Thread.sleep(300);
        go.countDown();
        one.join();
        two.join();
        assertEquals(8, sum.get());
        assertEquals(1, computed.get(0).get());
    }

    @Test
    void anInterruptedSubmitterLeavesTheWorkflowRunning() {
        work(1, cell -> finished());
        Plan plan = plan(2);
        assertFalse(runner().run(plan, () -> true).isPresent());
        assertEquals(2, runner().attach(plan, () -> false).orElseThrow().finished());
    }

    @Test
    void anExperimentThatWasNeverStartedCannotBeAttachedTo() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> runner().attach(plan(1), () -> false));
        assertTrue(e.getMessage().contains("leaving attach out"), e.getMessage());
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        TemporalOptions nowhere = new TemporalOptions(
                "127.0.0.1:9",
                "default",
                "metaprompt",
                30,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("secret-key"));
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> TemporalConnection.open(nowhere));
        assertTrue(e.getMessage().contains("temporal.address is 127.0.0.1:9"), e.getMessage());
        assertFalse(e.getMessage().contains("secret-key"), e.getMessage());
        assertFalse(nowhere.toString().contains("secret-key"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
