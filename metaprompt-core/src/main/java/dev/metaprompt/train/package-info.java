/**
 * The loop: optimiser, schedule, checkpoints, progress.
 *
 * <p>One loop serves episodic and mini-batch methods. Everything drawn is a function of the seed and the step, so a
 * checkpoint is tensors, momentum and the next step.
 */
package dev.metaprompt.train;
