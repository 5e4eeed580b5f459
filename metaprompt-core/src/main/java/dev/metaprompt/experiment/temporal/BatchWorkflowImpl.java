package dev.metaprompt.experiment.temporal;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** See {@link BatchWorkflow}. Deterministic: Temporal runs it again from its history. */
public final class BatchWorkflowImpl implements BatchWorkflow {
    private static final Duration LONGEST_CELL = Duration.ofDays(30);
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
        CompletablePromise<Void> done = Workflow.newPromise();
        Async.procedure(activities(experiment, cell)::compute, experiment, cell.number())
                .handle((nothing, fault) -> {
                    scheduled--;
                    if (fault == null) {
                        finished++;
                    } else if (fault.getCause() instanceof CanceledFailure || fault instanceof CanceledFailure) {
                        done.completeExceptionally(fault);
                        return null;
                    } else {
                        fail(cell, fault);
                    }
                    done.complete(null);
                    return null;
                });
        return done;
    }

    private static CellActivities activities(ExperimentInput experiment, CellRef cell) {
        return Workflow.newActivityStub(
                CellActivities.class,
                ActivityOptions.newBuilder()
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
            String message = message(fault);
            failures.add(new Ended.Failure(
                    cell.number(), message.substring(0, Math.min(Ended.LONGEST_MESSAGE, message.length()))));
        }
    }

    private static String message(RuntimeException fault) {
        Throwable cause = fault instanceof ActivityFailure && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof ApplicationFailure application) {
            return application.getOriginalMessage();
        }
        return String.valueOf(cause.getMessage());
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
