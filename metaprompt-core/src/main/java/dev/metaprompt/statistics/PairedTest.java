package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.statistics.inference.TTest;

/**
 * What paired differences, such as two methods' figures of the same seeds, say.
 *
 * @param difference mean, spread and 95 % interval of the differences
 * @param pStudent two-sided p-value of the paired t test; absent for a single pair, or where all differences are equal
 * @param pWilcoxon two-sided p-value of the Wilcoxon signed-rank test, exact up to 50 pairs, with ties too; absent for a
 *     single pair, or where all differences are zero
 * @param effect mean difference over the differences' standard deviation (Cohen's d_z); absent where pStudent is
 */
public record PairedTest(Summary difference, OptionalDouble pStudent, OptionalDouble pWilcoxon, OptionalDouble effect) {
    /**
     * Tests differences.
     *
     * @param differences first minus second in percent or points, at least one, all finite
     * @return what they say
     * @throws IllegalArgumentException if there is none or one is not finite
     */
    public static PairedTest of(double... differences) {
        Summary summary = Summary.of(differences);
        OptionalDouble student = pStudent(differences, 0);
        OptionalDouble effect = student.isEmpty()
                ? student
                : OptionalDouble.of(summary.mean() / summary.standardDeviation().orElseThrow());
        return new PairedTest(summary, student, SignedRank.pValue(differences), effect);
    }

    /**
     * Tests whether the mean of paired differences is a given one.
     *
     * @param differences at least one, all finite
     * @param mean the mean that is tested
     * @return the two-sided p-value of the t test; absent for a single pair, or where all differences are equal
     */
    public static OptionalDouble pStudent(double[] differences, double mean) {
        double least = Arrays.stream(differences).min().orElseThrow();
        double most = Arrays.stream(differences).max().orElseThrow();
        // What differs by rounding alone has no spread to test against.
        if (most - least <= SignedRank.ROUNDING) {
            return OptionalDouble.empty();
        }
        double[] shifted = Arrays.stream(differences).map(value -> value - mean).toArray();
        return OptionalDouble.of(TTest.withDefaults().test(shifted).getPValue());
    }

    /**
     * Adjusts p-values for their number (Holm's step-down procedure), so that the chance of any false one among them
     * stays below the level they are compared with.
     *
     * @param pValues p-values, 0 to 1
     * @return the adjusted ones, in the order given
     */
    public static double[] holm(double... pValues) {
        Integer[] order = new Integer[pValues.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(pValues[a], pValues[b]));
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
