package dev.metaprompt.experiment.temporal;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** A batch of an experiment's cells: an activity each, a window of them scheduled at once. */
@WorkflowInterface
public interface BatchWorkflow {
    /**
     * Computes the cells of the batch.
     *
     * @param input which
     * @return how they ended
     */
    @WorkflowMethod(name = "Batch")
    Ended compute(BatchInput input);

    /** Lets no further cell begin. */
    @SignalMethod
    void pause();

    /** Lets cells begin again. */
    @SignalMethod
    void resume();

    /**
     * Tells where it stands.
     *
     * @return counts of this batch
     */
    @QueryMethod
    Standing standing();
}
