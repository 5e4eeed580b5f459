package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.statistics.inference.TTest;

/**
 * What paired differences, such as two methods' figures of the same seeds, say.
 *
 * @param difference mean, spread and 95 % interval of the differences
 * @param pStudent two-sided p-value of the paired t test; absent for a single pair, or where all differences are equal
 * @param pWilcoxon two-sided p-value of the Wilcoxon signed-rank test, exact with ties too; absent where every
 *     difference is zero
 * @param effect mean difference over the differences' standard deviation (Cohen's d_z); absent where that is zero
 */
public record PairedTest(Summary difference, OptionalDouble pStudent, OptionalDouble pWilcoxon, OptionalDouble effect) {
    /**
     * Tests differences.
     *
     * @param differences first minus second, at least one, all finite
     * @return what they say
     * @throws IllegalArgumentException if there is none or one is not finite
     */
    public static PairedTest of(double... differences) {
        Summary summary = Summary.of(differences);
        boolean equal = Arrays.stream(differences).allMatch(value -> value == differences[0]);
        OptionalDouble student = equal
                ? OptionalDouble.empty()
                : OptionalDouble.of(TTest.withDefaults().test(differences).getPValue());
        OptionalDouble effect = equal
                ? OptionalDouble.empty()
                : OptionalDouble.of(summary.mean() / summary.standardDeviation().orElseThrow());
        return new PairedTest(summary, student, SignedRank.pValue(differences), effect);
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
