package dev.metaprompt.experiment.temporal;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.StoredCells;
import dev.metaprompt.experiment.Workplace;
import dev.metaprompt.io.Quoted;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What a worker does with a cell: it is computed here, on from wherever it was left, unless it is finished. */
final class WorkerActivities implements CellActivities, PlanActivities {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(20);
    /** Type of the failure of a cell whose batch is paused. */
    static final String PAUSED = "Paused";

    /** Type of the failure of a cell that another process computes. */
    static final String BUSY = "Busy";

    /** Type of the failure of a cell whose worker was stopped. */
    static final String STOPPED = "Stopped";

    private static final Duration BUSY_WAIT = Duration.ofSeconds(3);
    private static final Duration PAUSE_WAIT = Duration.ofSeconds(10);
    private final CellEngine engine;
    private final Workplace workplace;
    private final Map<String, Plan> plans = new ConcurrentHashMap<>();
    private final Pauses pauses = new Pauses();

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
            return plans.computeIfAbsent(
                    input.experiment() + "/" + input.planId(),
                    asked -> workplace.plan(input.experiment(), input.planId()));
        } catch (InvalidInputException e) {
            // It may lie on a disk that is not mounted yet, or come later.
            throw failure("NoPlan", e.getMessage(), retried -> {});
        }
    }

    @Override
    public void compute(ExperimentInput input, int number) {
        if (pauses.paused(Activity.getExecutionContext())) {
            throw failure(PAUSED, "paused", retried -> retried.setNextRetryDelay(PAUSE_WAIT));
        }
        Plan plan = plan(input);
        Cell cell = plan.cells().get(number);
        CellStore store = store(plan);
        Optional<ActivityCompletionException> stopped;
        CellEnd end;
        try (Heartbeat heartbeat =
                new Heartbeat(Activity.getExecutionContext(), number, Duration.ofSeconds(input.heartbeatSeconds()))) {
            end = compute(plan, cell, store, heartbeat);
            stopped = heartbeat.stopped();
        }
        // The heartbeat may have interrupted this thread.
        Thread.interrupted();
        answer(end, stopped);
    }

    private CellStore store(Plan plan) {
        try {
            return workplace.store(plan);
        } catch (RuntimeException e) {
            // Tried again like any other fault, but told in words.
            throw failure("NoStore", Quoted.fault(e), retried -> {});
        }
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
            case BUSY -> throw failure(BUSY, end.message(), retried -> retried.setNextRetryDelay(BUSY_WAIT));
            case INTERRUPTED -> {
                if (stopped.isPresent()) {
                    throw stopped.get();
                }
                throw failure(STOPPED, "stopped", retried -> {});
            }
            default -> throw failure(end.kind().name(), end.message(), last -> last.setNonRetryable(true));
        }
    }

    // Short, and without where in this program it was thrown: histories hold all of them, run directories the details.
    private static ApplicationFailure failure(String type, String message, Consumer<ApplicationFailure.Builder> more) {
        ApplicationFailure.Builder builder =
                ApplicationFailure.newBuilder().setType(type).setMessage(Ended.cut(message));
        more.accept(builder);
        ApplicationFailure failure = builder.build();
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
