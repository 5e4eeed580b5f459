package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.episode.Task;
import java.util.List;

/** What one optimiser step computes its loss on. */
public sealed interface StepData {
    /**
     * The tasks of a meta-iteration.
     *
     * @param tasks T tasks of equal shape
     * @param support unnormalised image features [T, N, K, D]
     * @param query unnormalised image features [T, N·Q, D], class by class
     */
    record Episodes(List<Task> tasks, NDArray support, NDArray query) implements StepData {}

    /**
     * A mini-batch.
     *
     * @param labels [B] indices of base classes
     * @param images unnormalised image features [B, D]
     */
    record Batch(int[] labels, NDArray images) implements StepData {}
}
