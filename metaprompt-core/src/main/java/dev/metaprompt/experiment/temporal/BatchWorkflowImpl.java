package dev.metaprompt.experiment.temporal;

import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.io.Quoted;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** See {@link BatchWorkflow}. Deterministic: Temporal runs it again from its history. */
public final class BatchWorkflowImpl implements BatchWorkflow {
    private static final Duration LONGEST_CELL = Duration.ofDays(30);

    /** A fault may be one machine's, or a store's that is away for a while. */
    private static final int ATTEMPTS = 3;

    /** A process that ends without a word may have been ended by whoever looks after the machine, or by its memory. */
    private static final int CRASHES = 8;

    private static final Duration BEFORE_RETRY = Duration.ofSeconds(3);

    private final List<Ended.Failure> failures = new ArrayList<>();
    private boolean paused;
    private int scheduled;
    private int finished;
    private int failed;

    @Override
    public Ended compute(BatchInput input) {
        paused |= input.paused();
        ExperimentInput experiment = input.experiment();
        List<CellRef> cells = plan().cells(experiment, input.from(), input.to());
        List<Promise<Void>> all = new ArrayList<>();
        for (CellRef cell : cells) {
            Workflow.await(() -> scheduled < experiment.window() && !paused);
            all.add(start(experiment, cell));
        }
        Promise.allOf(all).get();
        return new Ended(finished, failed, failures);
    }

    private static PlanActivities plan() {
        return Workflow.newActivityStub(
                PlanActivities.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(5))
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setMaximumInterval(Duration.ofSeconds(30))
                                .setMaximumAttempts(20)
                                .build())
                        .build());
    }

    private Promise<Void> start(ExperimentInput experiment, CellRef cell) {
        scheduled++;
        return attempt(experiment, cell, 1).handle((nothing, fault) -> {
            scheduled--;
            if (fault != null) {
                throw fault;
            }
            return null;
        });
    }

    // A retry of the activity's own would count those that were nobody's fault too: a killed worker, a busy run.
    private Promise<Void> attempt(ExperimentInput experiment, CellRef cell, int number) {
        return Async.procedure(activities(experiment, cell)::compute, experiment, cell.number())
                .handle((nothing, fault) -> Optional.ofNullable(fault))
                .thenCompose(fault ->
                        number < fault.map(BatchWorkflowImpl::attempts).orElse(1)
                                ? Workflow.newTimer(BEFORE_RETRY.multipliedBy(Math.min(number, ATTEMPTS)))
                                        .thenCompose(nothing -> attempt(experiment, cell, number + 1))
                                : end(cell, fault));
    }

    private static int attempts(RuntimeException fault) {
        if (!(fault.getCause() instanceof ApplicationFailure failure)) {
            return 1;
        }
        return failure.getType().equals(CellEnd.Kind.FAILED.name())
                ? ATTEMPTS
                : failure.getType().equals(CellEnd.Kind.CRASHED.name()) ? CRASHES : 1;
    }

    private Promise<Void> end(CellRef cell, Optional<RuntimeException> fault) {
        if (fault.isEmpty()) {
            finished++;
        } else if (fault.get() instanceof CanceledFailure || fault.get().getCause() instanceof CanceledFailure) {
            return Workflow.newFailedPromise(fault.get());
        } else {
            fail(cell, fault.get());
        }
        return Workflow.newPromise(null);
    }

    private static CellActivities activities(ExperimentInput experiment, CellRef cell) {
        return Workflow.newActivityStub(
                CellActivities.class,
                ActivityOptions.newBuilder()
                        .setSummary("cell " + cell.number())
                        .setTaskQueue(experiment.taskQueue() + "-" + cell.queue())
                        .setStartToCloseTimeout(LONGEST_CELL)
                        .setHeartbeatTimeout(Duration.ofSeconds(experiment.heartbeatSeconds()))
                        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofSeconds(1))
                                .setMaximumInterval(Duration.ofSeconds(30))
                                .build())
                        .build());
    }

    private void fail(CellRef cell, RuntimeException fault) {
        failed++;
        if (failures.size() < Ended.MOST_FAILURES) {
            failures.add(new Ended.Failure(cell.number(), Ended.cut(message(fault))));
        }
    }

    private static String message(RuntimeException fault) {
        Throwable cause = fault instanceof ActivityFailure && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof ApplicationFailure application) {
            return application.getOriginalMessage();
        }
        return Quoted.fault(cause);
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public Standing standing() {
        return new Standing(paused, finished, failed, scheduled, List.of());
    }
}
