package dev.metaprompt.experiment.temporal;

import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.CellWatcher;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Workplace;
import io.temporal.testing.TestWorkflowEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Temporal's own test server, and workers that do with cells what a test says. */
final class Bench implements AutoCloseable {
    /** What a worker does with a cell. */
    interface Work {
        CellEnd compute(Cell cell, CellWatcher watcher);
    }

    final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
    final TemporalConnection connection =
            TemporalConnection.of(server.getWorkflowServiceStubs(), options("in-process", server.getNamespace()));

    /** How often each cell was begun. */
    final Map<Integer, AtomicInteger> computed = new ConcurrentHashMap<>();

    private final Map<String, Plan> plans = new ConcurrentHashMap<>();

    static TemporalOptions options(String address, String namespace) {
        return new TemporalOptions(
                address,
                namespace,
                "metaprompt",
                8,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static CellEnd finished() {
        return new CellEnd(CellEnd.Kind.FINISHED, "");
    }

    /** Begins to work on cells of CPUs. */
    void work(int slots, Function<Cell, CellEnd> work) {
        work(slots, (cell, watcher) -> work.apply(cell));
    }

    void work(int slots, Work work) {
        CellEngine counting = new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                computed.computeIfAbsent(cell.number(), number -> new AtomicInteger())
                        .incrementAndGet();
                return work.compute(cell, watcher);
            }

            @Override
            public void close() {}
        };
        TemporalWorker.register(
                server.getWorkerFactory(), connection.options(), "cpu", slots, new WorkerActivities(counting, place()));
        server.start();
    }

    private Workplace place() {
        return new Workplace() {
            @Override
            public Plan plan(String experiment, String planId) {
                return plans.get(planId);
            }

            @Override
            public CellStore store(Plan plan) {
                return new NoStore();
            }
        };
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

    /** Makes a plan that the workers find. */
    Plan plan(int cells) {
        return plan(IntStream.range(0, cells).mapToObj(Cells::cell).toArray(Cell[]::new));
    }

    Plan plan(Cell... cells) {
        Plan plan = Cells.plan(cells);
        plans.put(plan.id(), plan);
        return plan;
    }

    TemporalRunner runner() {
        return new TemporalRunner(connection, Progress.SILENT);
    }

    @Override
    public void close() {
        server.close();
    }
}
