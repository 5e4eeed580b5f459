package dev.metaprompt.statistics;

/** The figure that weighs base and new classes against each other. */
public final class HarmonicMean {
    private HarmonicMean() {}

    /**
     * Returns the harmonic mean of two accuracies.
     *
     * @param base accuracy on base classes, at least 0
     * @param newClasses accuracy on new classes, at least 0, in the same unit
     * @return {@code 2 · base · new / (base + new)}; 0 when both are 0
     * @throws IllegalArgumentException if one is negative or not a number
     */
    public static double of(double base, double newClasses) {
        if (!(base >= 0 && newClasses >= 0)) {
            throw new IllegalArgumentException("accuracies " + base + " and " + newClasses);
        }
        double sum = base + newClasses;
        return sum == 0 ? 0 : 2 * base * newClasses / sum;
    }
}
