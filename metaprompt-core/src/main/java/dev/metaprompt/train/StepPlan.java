package dev.metaprompt.train;

import dev.metaprompt.episode.Task;
import java.util.List;

/**
 * What a step uses, as indices: decided before anything is computed.
 *
 * @param step the optimiser step, from 1
 * @param tasks the tasks; empty for mini-batch methods
 * @param images indices into the few-shot training set: every task's supports, class by class, then its queries, class
 *     by class; or the mini-batch
 * @param views a view for each of them
 */
public record StepPlan(long step, List<Task> tasks, int[] images, int[] views) {}
