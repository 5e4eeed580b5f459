package dev.metaprompt.statistics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A one-sided bound of a drop.
 *
 * <p>The critical value of {@link Drop} keeps a confidence of 95 % whatever part of the variance is the seeds'. Far in
 * the tail, where each of many drops must be judged, it does not with few seeds: their spread is then often estimated
 * far too small, and at 99.67 % (one of 15) two seeds alarm 2.5 times too often where the seeds' variance is 50 times
 * that of the images. There the critical value is taken from further out, as far as the worst share needs it.
 *
 * @param confidence that the true drop is above it, at least 0.5 and below 1
 * @param ofFamily whether it is one of several that are judged together
 */
public record Bound(double confidence, boolean ofFamily) {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    /** The integration's own error is below this. */
    private static final double EXACT = 1.001;

    private static final int BISECTIONS = 24;
    private static final int SHARES = 36;
    private static final int STEPS = 600;

    private static final Map<Tail, Double> LEVELS = new ConcurrentHashMap<>();

    private record Tail(int seeds, double level) {}

    /**
     * Returns the lower bound.
     *
     * @param drop a drop
     * @return at most its estimate, in points
     */
    public double lowerBound(Drop drop) {
        return drop.lowerBound(nominal(drop.seeds()));
    }

    /**
     * Returns the distance of the bound from the estimate.
     *
     * @param drop a drop
     * @return at least 0, in points
     */
    public double halfWidth(Drop drop) {
        return drop.halfWidth(nominal(drop.seeds()));
    }

    /**
     * Returns the smallest true drop whose lower bound exceeds the tolerance with a given probability.
     *
     * @param drop a drop
     * @param tolerance the drop that is allowed, in points
     * @param power the probability, above 0.5 and below 1
     * @return at least the tolerance
     */
    public double detectable(Drop drop, double tolerance, double power) {
        return drop.detectable(tolerance, nominal(drop.seeds()), power);
    }

    /** The confidence at which the drop's own critical value keeps this one. */
    private double nominal(int seeds) {
        return ofFamily && seeds > 1
                ? 1 - LEVELS.computeIfAbsent(new Tail(seeds, 1 - confidence), Bound::nominalLevel)
                : confidence;
    }

    private static double nominalLevel(Tail tail) {
        double low = 0;
        double high = tail.level();
        if (worst(tail.seeds(), high) <= high * EXACT) {
            return high;
        }
        for (int step = 0; step < BISECTIONS; step++) {
            double middle = low == 0 ? high / 2 : Math.sqrt(low * high);
            if (worst(tail.seeds(), middle) > tail.level()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Returns how often a bound of that level errs where the seeds' variance is the worst multiple of the images'. */
    private static double worst(int seeds, double level) {
        int freedom = seeds - 1;
        double ofSeeds = TDistribution.of(freedom).inverseSurvivalProbability(level);
        double ofImages = NORMAL.inverseSurvivalProbability(level);
        ChiSquaredDistribution spread = ChiSquaredDistribution.of(freedom);
        double low = Math.log(1e-12);
        double step = (Math.log(400) - low) / STEPS;
        double worst = 0;
        for (int share = 0; share < SHARES; share++) {
            // The images' variance is 1 and known; that of the seeds is 0.01 to 10^5, and estimated from few values.
            double variance = Math.pow(10, -2 + 0.2 * share);
            double errors = 0;
            for (int i = 0; i < STEPS; i++) {
                double x = Math.exp(low + (i + 0.5) * step);
                double estimated = variance * x / freedom;
                double critical = (estimated * ofSeeds + ofImages) / Math.sqrt(estimated + 1) / Math.sqrt(variance + 1);
                errors += spread.density(x) * x * step * NORMAL.survivalProbability(critical);
            }
            worst = Math.max(worst, errors);
        }
        return worst;
    }
}
