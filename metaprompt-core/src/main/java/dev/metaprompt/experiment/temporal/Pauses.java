package dev.metaprompt.experiment.temporal;

import io.grpc.StatusRuntimeException;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which batches are paused, asking each at most now and then: cells that wait for a worker must not begin then. */
final class Pauses {
    private static final long KNOWN_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MANY = 100;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(boolean paused, long nanos) {
        boolean old() {
            return System.nanoTime() - nanos > KNOWN_NANOS;
        }
    }

    /** Tells whether the batch of an activity is paused, as of two seconds ago at most. */
    boolean paused(ActivityExecutionContext context) {
        if (answers.size() > MANY) {
            answers.values().removeIf(Answer::old);
        }
        return answers.compute(
                        context.getInfo().getWorkflowRunId(),
                        (id, known) -> known == null || known.old() ? ask(context) : known)
                .paused();
    }

    // Whoever cannot be asked has not said that it is paused.
    private static Answer ask(ActivityExecutionContext context) {
        boolean paused;
        try {
            paused = context.getWorkflowClient()
                    .newUntypedWorkflowStub(context.getInfo().getWorkflowId())
                    .query("standing", Standing.class)
                    .paused();
        } catch (WorkflowException | StatusRuntimeException e) {
            paused = false;
        }
        return new Answer(paused, System.nanoTime());
    }
}
