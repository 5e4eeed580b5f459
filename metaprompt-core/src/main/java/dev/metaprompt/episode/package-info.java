/**
 * A task and how it is drawn: index arithmetic on the few-shot training set, no tensors.
 *
 * <p>A <em>task</em> is one N-way K-shot problem; an <em>episode</em> is one use of it in training. All draws are
 * functions of the seed and the step alone: neither the method nor the number of threads can change them. Source:
 * Snell, Swersky, Zemel, "Prototypical Networks for Few-shot Learning", NeurIPS 2017.
 */
package dev.metaprompt.episode;
