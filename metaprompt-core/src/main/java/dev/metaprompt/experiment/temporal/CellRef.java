package dev.metaprompt.experiment.temporal;

/**
 * A cell as workflows know it.
 *
 * @param number its place in the plan
 * @param queue {@code cpu} or {@code gpu}
 */
public record CellRef(int number, String queue) {}
