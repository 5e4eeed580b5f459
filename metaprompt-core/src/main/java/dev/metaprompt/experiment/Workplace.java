package dev.metaprompt.experiment;

/** Where a worker finds experiments that others submitted. Safe for use by several threads. */
public interface Workplace {
    /**
     * Finds a plan.
     *
     * @param experiment the experiment's name
     * @param planId digest of the plan
     * @return the plan of that digest
     * @throws dev.metaprompt.InvalidInputException if it is not there, or another is
     */
    Plan plan(String experiment, String planId);

    /**
     * Returns where the runs of an experiment are kept.
     *
     * @param plan the experiment
     * @return its store
     */
    CellStore store(Plan plan);
}
