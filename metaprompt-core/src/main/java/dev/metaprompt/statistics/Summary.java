package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Mean, sample standard deviation and 95 % interval of independent values.
 *
 * @param count how many values, n ≥ 1
 * @param mean their mean
 * @param standardDeviation with divisor n − 1; absent for a single value
 * @param halfWidth half the width of the 95 % interval of the mean, {@code t(0.975, n − 1) · sd / √n}; absent for a
 *     single value
 */
public record Summary(int count, double mean, OptionalDouble standardDeviation, OptionalDouble halfWidth) {
    private static final double UPPER_PROBABILITY = 0.975;

    /**
     * Summarises values.
     *
     * @param values at least one, all finite
     * @return their summary
     * @throws IllegalArgumentException if there is none or one is not finite
     */
    public static Summary of(double... values) {
        int n = values.length;
        if (n == 0 || !Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("no finite values: " + Arrays.toString(values));
        }
        double mean = mean(values);
        if (n == 1) {
            return new Summary(1, mean, OptionalDouble.empty(), OptionalDouble.empty());
        }
        double sd = Math.sqrt(squares(values, mean) / (n - 1));
        double halfWidth = quantile(n - 1) * sd / Math.sqrt(n);
        return new Summary(n, mean, OptionalDouble.of(sd), OptionalDouble.of(halfWidth));
    }

    /**
     * Summarises values.
     *
     * @param values as {@link #of(double...)}
     * @return their summary
     */
    public static Summary of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Summarises the differences of paired values, such as two methods' figures of the same seeds.
     *
     * @param first one value a pair
     * @param second the other values, in the same order
     * @return the summary of {@code first − second}
     * @throws IllegalArgumentException if the lengths differ, there is no pair, or a value is not finite
     */
    public static Summary pairedDifference(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " values cannot be paired with " + second.length);
        }
        double[] differences = new double[first.length];
        for (int i = 0; i < first.length; i++) {
            differences[i] = first[i] - second[i];
        }
        return of(differences);
    }

    /**
     * Returns the lower end of the 95 % interval.
     *
     * @return absent for a single value
     */
    public OptionalDouble low() {
        return halfWidth.isPresent() ? OptionalDouble.of(mean - halfWidth.getAsDouble()) : halfWidth;
    }

    /**
     * Returns the upper end of the 95 % interval.
     *
     * @return absent for a single value
     */
    public OptionalDouble high() {
        return halfWidth.isPresent() ? OptionalDouble.of(mean + halfWidth.getAsDouble()) : halfWidth;
    }

    /**
     * Returns the 0.975 quantile of Student's t distribution, which leaves 5 % outside on both sides together.
     *
     * @param degreesOfFreedom one less than the number of values, at least 1
     * @return by how many standard errors a 95 % interval reaches to each side
     */
    public static double quantile(int degreesOfFreedom) {
        return TDistribution.of(degreesOfFreedom).inverseCumulativeProbability(UPPER_PROBABILITY);
    }

    /** Adds the mean of the residuals, so that rounding does not grow with the number of values. */
    private static double mean(double[] values) {
        double rough = 0;
        for (double value : values) {
            rough += value / values.length;
        }
        double residuals = 0;
        for (double value : values) {
            residuals += value - rough;
        }
        return rough + residuals / values.length;
    }

    private static double squares(double[] values, double mean) {
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }
}
