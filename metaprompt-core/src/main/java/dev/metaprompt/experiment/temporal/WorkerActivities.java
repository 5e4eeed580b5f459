package dev.metaprompt.experiment.temporal;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.StoredCells;
import dev.metaprompt.experiment.Workplace;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a worker does with a cell: it is computed here, on from wherever it was left, unless it is finished. */
final class WorkerActivities implements CellActivities, PlanActivities {
    /** A process that ends without a word may have been ended by whoever looks after the machine, or by its memory. */
    private static final int CRASHES = 8;

    private static final Duration CHECKPOINTS = Duration.ofSeconds(20);
    /** A fault may be this machine's, or a store's that is away for a while. */
    private static final int ATTEMPTS = 3;

    private static final Duration BUSY = Duration.ofSeconds(3);
    private final CellEngine engine;
    private final Workplace workplace;
    private final Map<String, Plan> plans = new ConcurrentHashMap<>();

    WorkerActivities(CellEngine engine, Workplace workplace) {
        this.engine = engine;
        this.workplace = workplace;
    }

    @Override
    public List<CellRef> cells(ExperimentInput input, int from, int to) {
        return plan(input).cells().subList(from, to).stream()
                .map(cell -> new CellRef(cell.number(), cell.queue()))
                .toList();
    }

    private Plan plan(ExperimentInput input) {
        try {
            return plans.computeIfAbsent(input.planId(), id -> workplace.plan(input.experiment(), input.planId()));
        } catch (InvalidInputException e) {
            // It may lie on a disk that is not mounted yet, or come later.
            throw ApplicationFailure.newFailure(e.getMessage(), "NoPlan");
        }
    }

    @Override
    public void compute(ExperimentInput input, int number) {
        Plan plan = plan(input);
        Cell cell = plan.cells().get(number);
        CellStore store = workplace.store(plan);
        Optional<ActivityCompletionException> stopped;
        CellEnd end;
        try (Heartbeat heartbeat =
                new Heartbeat(Activity.getExecutionContext(), Duration.ofSeconds(input.heartbeatSeconds()))) {
            end = compute(plan, cell, store, heartbeat);
            stopped = heartbeat.stopped();
        }
        // The heartbeat may have interrupted this thread.
        Thread.interrupted();
        answer(end, stopped);
    }

    private CellEnd compute(Plan plan, Cell cell, CellStore store, Heartbeat heartbeat) {
        // Closed with the worker's own engine.
        CellEngine stored = new StoredCells(engine, store, CHECKPOINTS);
        return stored.compute(plan, cell, store.folder(cell), heartbeat);
    }

    private static void answer(CellEnd end, Optional<ActivityCompletionException> stopped) {
        switch (end.kind()) {
            case FINISHED -> {
                // nothing to tell: the figures lie in the run directory
            }
            case BUSY ->
                throw ApplicationFailure.newBuilder()
                        .setMessage(end.message())
                        .setType("Busy")
                        .setNextRetryDelay(BUSY)
                        .build();
            case INTERRUPTED -> {
                if (stopped.isPresent()) {
                    throw stopped.get();
                }
                throw ApplicationFailure.newFailure("stopped", "Stopped");
            }
            case FAILED -> throw failure(end, ATTEMPTS);
            case CRASHED -> throw failure(end, CRASHES);
            default ->
                throw ApplicationFailure.newNonRetryableFailure(
                        end.message(), end.kind().name());
        }
    }

    // Tried again, wherever a worker is free, on from the last checkpoint.
    private static ApplicationFailure failure(CellEnd end, int attempts) {
        boolean last = Activity.getExecutionContext().getInfo().getAttempt() >= attempts;
        return last
                ? ApplicationFailure.newNonRetryableFailure(
                        end.message(), end.kind().name())
                : ApplicationFailure.newFailure(end.message(), end.kind().name());
    }
}
