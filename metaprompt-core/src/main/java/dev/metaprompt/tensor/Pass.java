package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.function.Consumer;

/**
 * What was computed from a leaf, with the way back for its gradient where the engine's own graph does not reach the leaf.
 *
 * @param result in the engine's graph
 * @param onward carries the gradient on from where the graph ends; nothing where it ends at the leaf
 */
public record Pass(NDArray result, Consumer<GradientCollector> onward) {
    /**
     * Adds the gradient to the leaf's; once, after what was computed from the result was differentiated.
     *
     * @param collector the collector of the same step
     */
    public void back(GradientCollector collector) {
        onward.accept(collector);
    }
}
