package dev.metaprompt.experiment.temporal;

/**
 * A cell that a worker has in hand.
 *
 * @param number its place in the plan
 * @param worker the worker's process and machine
 * @param attempt how often it was begun
 * @param where how far it is, as of its last sign of life; empty before the first
 */
public record Working(int number, String worker, int attempt, String where) {}
