package dev.metaprompt.evaluate;

import dev.metaprompt.statistics.Summary;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known of a run at its end.
 *
 * @param learned zero-shot inference with what was learned
 * @param zeroShot zero-shot CLIP by template, in the order shown: the prompt's own, and the data set's usual one where it is
 *     another
 * @param multimodalBase percent, base test images, multi-modal prototypes
 * @param multimodalNew percent, new-class test images, prototypes from K labelled supports of the new classes
 * @param episodes accuracy over N-way K-shot test episodes
 */
public record FinalScores(
        SplitScores learned,
        Map<String, SplitScores> zeroShot,
        Optional<Double> multimodalBase,
        Optional<Double> multimodalNew,
        Optional<Summary> episodes) {
    /**
     * Returns the gap that the divergence is meant to close.
     *
     * @return multimodalBase − base in points; empty for methods without prototypes
     */
    public Optional<Double> gap() {
        return multimodalBase.map(accuracy -> accuracy - learned.base().accuracy());
    }
}
