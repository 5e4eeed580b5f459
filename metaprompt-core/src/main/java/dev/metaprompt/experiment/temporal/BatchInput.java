package dev.metaprompt.experiment.temporal;

/**
 * What a batch is started with.
 *
 * @param experiment the experiment's
 * @param from its first cell's number
 * @param to the number behind its last cell's
 * @param paused whether it begins paused
 */
public record BatchInput(ExperimentInput experiment, int from, int to, boolean paused) {}
