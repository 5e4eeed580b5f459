package dev.metaprompt.experiment.temporal;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** An experiment: its cells in batches, some batches at once, so that no workflow's history grows without bound. */
@WorkflowInterface
public interface ExperimentWorkflow {
    /**
     * Computes all cells.
     *
     * @param input the experiment
     * @return how they ended
     */
    @WorkflowMethod(name = "Experiment")
    Ended compute(ExperimentInput input);

    /** Lets no further cell begin. */
    @SignalMethod
    void pause();

    /** Lets cells begin again. */
    @SignalMethod
    void resume();

    /**
     * Tells where it stands.
     *
     * @return counts of ended batches, and the batches in work
     */
    @QueryMethod
    Standing standing();
}
