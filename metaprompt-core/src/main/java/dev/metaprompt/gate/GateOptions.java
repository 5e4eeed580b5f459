package dev.metaprompt.gate;

import java.util.OptionalDouble;

/**
 * What is demanded of runs.
 *
 * @param minBase lowest allowed base accuracy in percent
 * @param minNew lowest allowed new accuracy in percent
 * @param minHarmonicMean lowest allowed mean of the seeds' harmonic means in percent
 * @param tolerance points that the compared figure may fall, 0 to 100
 * @param confidence of the one-sided bound of the drop, at least 0.5 and below 1
 */
public record GateOptions(
        OptionalDouble minBase,
        OptionalDouble minNew,
        OptionalDouble minHarmonicMean,
        double tolerance,
        double confidence) {
    /** Checks the ranges. */
    public GateOptions {
        if (!(tolerance >= 0 && tolerance <= 100 && confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("tolerance " + tolerance + ", confidence " + confidence);
        }
    }

    /**
     * Tells whether there is a floor.
     *
     * @return whether one of the three is set
     */
    public boolean hasFloor() {
        return minBase.isPresent() || minNew.isPresent() || minHarmonicMean.isPresent();
    }
}
