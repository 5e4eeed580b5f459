package dev.metaprompt.evaluate;

import dev.metaprompt.statistics.HarmonicMean;
import java.util.Optional;

/**
 * What one classifier says of the test images of both halves.
 *
 * @param base scores on base classes
 * @param newClasses scores on new classes; empty where there are none or they cannot be scored
 */
public record SplitScores(Scores base, Optional<Scores> newClasses) {
    /**
     * Returns the harmonic mean.
     *
     * @return H = 2·base·new/(base + new), 0 when both are 0; empty without new classes
     */
    public Optional<Double> harmonicMean() {
        return newClasses.map(scores -> HarmonicMean.of(base.accuracy(), scores.accuracy()));
    }
}
