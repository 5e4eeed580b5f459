package dev.metaprompt.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * By how much a figure fell, and how sure that is; all in points.
 *
 * <p>The variance of the drop has two parts. The seeds' part shrinks with more seeds and is known from as many
 * differences as there are seeds, so its critical value is Student's with {@code seeds − 1} degrees of freedom. The
 * images' part does not shrink with more seeds and comes from hundreds of images, so its critical value is the normal
 * one. The critical value of both together is the mean of the two, weighted by the parts (Cochran and Cox,
 * "Experimental Designs", 1957, section 4.14).
 *
 * @param seeds how many pairs of runs, n ≥ 1
 * @param estimate baseline − current; negative if the figure rose
 * @param seedVariance the variance of the estimate that more seeds would lower; 0 for a single seed, which cannot
 *     show any
 * @param imageVariance the variance of the estimate that only more test images would lower
 */
public record Drop(int seeds, double estimate, double seedVariance, double imageVariance) {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final int BISECTIONS = 300;
    private static final double CLOSE = 1 + 1e-12;

    /** Checks the ranges. */
    public Drop {
        boolean finite = Double.isFinite(estimate) && seedVariance >= 0 && imageVariance >= 0;
        if (seeds < 1 || !finite || seeds == 1 && seedVariance > 0) {
            throw new IllegalArgumentException(
                    seeds + " seeds, drop " + estimate + ", variances " + seedVariance + " and " + imageVariance);
        }
    }

    /**
     * Returns the standard error of the estimate.
     *
     * @return at least 0
     */
    public double standardError() {
        return Math.sqrt(seedVariance + imageVariance);
    }

    /**
     * Returns the distance of the one-sided bounds from the estimate.
     *
     * @param confidence of one bound, above 0.5 and below 1
     * @return at least 0
     */
    public double halfWidth(double confidence) {
        return standardError() == 0 ? 0 : critical(confidence) * standardError();
    }

    private double critical(double probability) {
        double images = NORMAL.inverseCumulativeProbability(probability);
        if (seedVariance == 0) {
            return images;
        }
        double ofSeeds = TDistribution.of(seeds - 1).inverseCumulativeProbability(probability);
        return (seedVariance * ofSeeds + imageVariance * images) / (seedVariance + imageVariance);
    }

    /**
     * Returns the lower one-sided bound: with the given confidence the true drop is larger. It is this bound, not the
     * upper one, that must exceed what is allowed before a fall counts as shown.
     *
     * @param confidence above 0.5 and below 1
     * @return at most the estimate
     */
    public double lowerBound(double confidence) {
        return estimate - halfWidth(confidence);
    }

    /**
     * Returns the chance of a drop as large as this one if the true drop is what is allowed.
     *
     * @param tolerance the drop that is allowed
     * @return one minus the confidence up to which the lower bound exceeds the tolerance; 0 to 1
     */
    public double chance(double tolerance) {
        double beyond = estimate - tolerance;
        if (standardError() == 0) {
            return beyond > 0 ? 0 : 1;
        }
        double low = 0;
        double high = 1;
        // The distance falls as the chance rises; near 0 the chance itself must be halved, not its distance from 1.
        for (int step = 0; step < BISECTIONS && (low == 0 || high > low * CLOSE); step++) {
            double middle = low == 0 ? high / 2 : Math.sqrt(low * high);
            if (criticalBeyond(middle) * standardError() > beyond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double criticalBeyond(double chance) {
        double images = NORMAL.inverseSurvivalProbability(chance);
        if (seedVariance == 0) {
            return images;
        }
        double ofSeeds = TDistribution.of(seeds - 1).inverseSurvivalProbability(chance);
        return (seedVariance * ofSeeds + imageVariance * images) / (seedVariance + imageVariance);
    }

    /**
     * Returns the smallest true drop whose lower bound exceeds the tolerance with a given probability.
     *
     * <p>Few values show too small a spread on average, so the seeds' spread is divided by {@code (4n − 4) / (4n − 3)},
     * the usual approximation of that factor.
     *
     * @param tolerance the drop that is allowed
     * @param confidence of the lower bound
     * @param power the probability, above 0.5 and below 1
     * @return at least the tolerance
     */
    public double detectable(double tolerance, double confidence, double power) {
        double factor = (4.0 * seeds - 3) / (4.0 * seeds - 4);
        double trueSpread = seeds == 1 ? 0 : seedVariance * factor * factor;
        Drop unbiased = new Drop(seeds, estimate, trueSpread, imageVariance);
        return tolerance + unbiased.halfWidth(confidence) + unbiased.halfWidth(power);
    }

    /**
     * Returns what this drop would look like with another number of seeds of the same spread.
     *
     * @param count how many, at least 2
     * @return the same estimate and images' part, the seeds' part scaled
     * @throws IllegalArgumentException if this drop has one seed, and so knows no spread
     */
    public Drop withSeeds(int count) {
        if (seeds < 2 || count < 2) {
            throw new IllegalArgumentException("the spread over seeds is unknown from " + seeds + " for " + count);
        }
        return new Drop(count, estimate, seedVariance * seeds / count, imageVariance);
    }
}
