package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.function.Consumer;

/** Texts on their way through the tower and back: features for a loss, and then its gradient for the vectors. */
public final class TextPass {
    private final NDArray features;
    private final Consumer<GradientCollector> back;

    /**
     * Creates a pass.
     *
     * @param features unnormalised features [U, D]
     * @param back carries the gradient on from where the engine's own graph ends
     */
    TextPass(NDArray features, Consumer<GradientCollector> back) {
        this.features = features;
        this.back = back;
    }

    /**
     * Returns what a loss reads.
     *
     * @return unnormalised features [U, D]
     */
    public NDArray features() {
        return features;
    }

    /**
     * Adds the gradient to the vectors'; once, after what was computed from the features was differentiated.
     *
     * @param collector the collector of the same step
     */
    public void back(GradientCollector collector) {
        back.accept(collector);
    }
}
