package dev.metaprompt.experiment.temporal;

import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.Workplace;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Computes the cells that a Temporal server hands out. */
public final class TemporalWorker implements AutoCloseable {
    private static final int CACHED_WORKFLOWS = 100;
    private final WorkerFactory factory;

    private TemporalWorker(WorkerFactory factory) {
        this.factory = factory;
    }

    /**
     * Starts to work.
     *
     * @param connection to the server
     * @param kind {@code cpu} or {@code gpu}: which cells are taken
     * @param slots how many cells at once
     * @param engine computes them
     * @param workplace where experiments are found
     * @return the worker, to be closed
     */
    public static TemporalWorker start(
            TemporalConnection connection, String kind, int slots, CellEngine engine, Workplace workplace) {
        WorkerFactory factory = WorkerFactory.newInstance(
                connection.client(),
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(CACHED_WORKFLOWS)
                        .build());
        register(factory, connection.options(), kind, slots, new WorkerActivities(engine, workplace));
        factory.start();
        return new TemporalWorker(factory);
    }

    static void register(
            WorkerFactory factory, TemporalOptions options, String kind, int slots, WorkerActivities activities) {
        Worker workflows = factory.newWorker(options.taskQueue());
        workflows.registerWorkflowImplementationTypes(ExperimentWorkflowImpl.class, BatchWorkflowImpl.class);
        workflows.registerActivitiesImplementations(new PlanOnly(activities));
        Worker cells = factory.newWorker(
                options.queue(kind),
                WorkerOptions.newBuilder()
                        .setMaxConcurrentActivityExecutionSize(slots)
                        // A hint of where a cell is must not be older than the time after which it is given away.
                        .setMaxHeartbeatThrottleInterval(Duration.ofSeconds(5))
                        .setDefaultHeartbeatThrottleInterval(Duration.ofSeconds(1))
                        .build());
        cells.registerActivitiesImplementations(new CellsOnly(activities));
    }

    /** The part of the activities that any worker does. */
    private record PlanOnly(WorkerActivities all) implements PlanActivities {
        @Override
        public List<CellRef> cells(ExperimentInput input, int from, int to) {
            return all.cells(input, from, to);
        }
    }

    /** The part of the activities that takes a machine of a kind. */
    private record CellsOnly(WorkerActivities all) implements CellActivities {
        @Override
        public void compute(ExperimentInput input, int number) {
            all.compute(input, number);
        }
    }

    /** Stops: cells in work are given back at once, and go on elsewhere from their checkpoints. */
    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(20, TimeUnit.SECONDS);
    }
}
