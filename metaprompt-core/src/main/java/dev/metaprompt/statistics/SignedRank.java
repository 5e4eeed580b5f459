package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The Wilcoxon signed-rank test. Differences of accuracies are multiples of one image's share, so that equal ones are
 * common among few pairs; the usual normal approximation is then far too sure of itself (0.037 for five equal
 * differences, where no arrangement of five signs is rarer than 0.0625). The p-value is therefore counted out over all
 * arrangements of signs, with the mean rank for equal sizes; only many pairs are left to the approximation of Commons
 * Statistics.
 */
final class SignedRank {
    /** Differences of accuracies in percent that are equal but for rounding are far closer than this. */
    static final double ROUNDING = 1e-9;

    private static final int LARGEST_EXACT = 50;

    private SignedRank() {}

    /**
     * Tests whether differences lie about zero.
     *
     * @param differences finite; those that are zero count for nothing (Wilcoxon's own rule)
     * @return the two-sided p-value; absent for fewer than two, and where all are zero
     */
    static OptionalDouble pValue(double... differences) {
        double[] values = Arrays.stream(differences)
                .filter(value -> Math.abs(value) > ROUNDING)
                .toArray();
        if (differences.length < 2 || values.length == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                values.length <= LARGEST_EXACT
                        ? exact(values)
                        : WilcoxonSignedRankTest.withDefaults().test(values).getPValue());
    }

    /** Returns twice the rank of each absolute value, the mean rank among equal ones; whole numbers. */
    private static int[] doubledRanks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(Math.abs(values[a]), Math.abs(values[b])));
        int[] ranks = new int[values.length];
        int begin = 0;
        for (int end = 1; end <= order.length; end++) {
            boolean equal =
                    end < order.length && Math.abs(values[order[end]]) - Math.abs(values[order[end - 1]]) <= ROUNDING;
            if (!equal) {
                for (int i = begin; i < end; i++) {
                    ranks[order[i]] = begin + 1 + end;
                }
                begin = end;
            }
        }
        return ranks;
    }

    private static double exact(double... values) {
        int[] ranks = doubledRanks(values);
        int total = Arrays.stream(ranks).sum();
        int positive = 0;
        for (int i = 0; i < values.length; i++) {
            positive += values[i] > 0 ? ranks[i] : 0;
        }
        double[] chances = chances(ranks, total);
        int smaller = Math.min(positive, total - positive);
        double tail = 0;
        for (int sum = 0; sum <= smaller; sum++) {
            tail += chances[sum];
        }
        return Math.min(1, 2 * tail);
    }

    /** Returns the chance of each sum of the positive ranks when every sign is as likely as its opposite. */
    private static double[] chances(int[] ranks, int total) {
        double[] chances = new double[total + 1];
        chances[0] = 1;
        int reached = 0;
        for (int rank : ranks) {
            reached += rank;
            for (int sum = reached; sum >= 0; sum--) {
                chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
            }
        }
        return chances;
    }
}
