package dev.metaprompt.experiment.temporal;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/** What workflows ask of the plan. */
@ActivityInterface
public interface PlanActivities {
    /**
     * Lists cells.
     *
     * @param input the experiment
     * @param from the first cell's number
     * @param to the number behind the last cell's
     * @return the cells
     */
    @ActivityMethod(name = "Cells")
    List<CellRef> cells(ExperimentInput input, int from, int to);
}
