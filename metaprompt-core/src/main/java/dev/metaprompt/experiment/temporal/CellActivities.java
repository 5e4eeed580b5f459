package dev.metaprompt.experiment.temporal;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** What workers do. */
@ActivityInterface
public interface CellActivities {
    /**
     * Computes a cell to its end, from its checkpoint where there is one.
     *
     * @param input the experiment
     * @param number the cell's place in the plan
     */
    @ActivityMethod(name = "Compute")
    void compute(ExperimentInput input, int number);
}
