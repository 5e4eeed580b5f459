package dev.metaprompt.experiment.temporal;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.TemporalException;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** See {@link ExperimentWorkflow}. Deterministic: Temporal runs it again from its history. */
public final class ExperimentWorkflowImpl implements ExperimentWorkflow {
    /** Enough that the end of one batch does not leave workers idle. */
    private static final int BATCHES_AT_ONCE = 4;

    private final Map<String, BatchWorkflow> running = new LinkedHashMap<>();
    private final List<Ended.Failure> failures = new ArrayList<>();
    private boolean paused;
    private int finished;
    private int failed;

    @Override
    public Ended compute(ExperimentInput input) {
        List<Promise<Void>> batches = new ArrayList<>();
        for (int from = 0; from < input.cells(); from += input.batch()) {
            Workflow.await(() -> running.size() < BATCHES_AT_ONCE && !paused);
            batches.add(start(new BatchInput(input, from, Math.min(input.cells(), from + input.batch()), paused)));
        }
        Promise.allOf(batches).get();
        return new Ended(finished, failed, failures);
    }

    private Promise<Void> start(BatchInput input) {
        String id = Workflow.getInfo().getWorkflowId() + "/" + input.from();
        BatchWorkflow batch = Workflow.newChildWorkflowStub(
                BatchWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(id)
                        .setStaticSummary("cells " + input.from() + " to " + (input.to() - 1))
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                        .build());
        running.put(id, batch);
        return Async.function(batch::compute, input).handle((ended, fault) -> {
            running.remove(id);
            if (fault != null) {
                throw fault;
            }
            add(ended);
            return null;
        });
    }

    private void add(Ended ended) {
        finished += ended.finished();
        failed += ended.failed();
        ended.failures().stream()
                .limit(Math.max(0, Ended.MOST_FAILURES - failures.size()))
                .forEach(failures::add);
    }

    @Override
    public void pause() {
        paused = true;
        tell(BatchWorkflow::pause);
    }

    @Override
    public void resume() {
        paused = false;
        tell(BatchWorkflow::resume);
    }

    // Each in a thread of its own: to tell one waits for the server, and batches end meanwhile.
    private void tell(Consumer<BatchWorkflow> word) {
        for (BatchWorkflow batch : List.copyOf(running.values())) {
            Async.procedure(() -> {
                try {
                    word.accept(batch);
                } catch (TemporalException e) {
                    // It has just ended: there is nothing to pause.
                }
            });
        }
    }

    @Override
    public Standing standing() {
        return new Standing(paused, finished, failed, 0, List.copyOf(running.keySet()));
    }
}
