package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The Wilcoxon signed-rank test, exact whatever ties there are: its statistic's distribution is counted over all
 * patterns of signs, with the mean rank for equal sizes. Differences of zero are left out (Wilcoxon's own rule).
 */
final class SignedRank {
    private SignedRank() {}

    /** Returns the two-sided p-value; nothing where all differences are zero. */
    static OptionalDouble pValue(double... differences) {
        double[] left = Arrays.stream(differences).filter(d -> d != 0).toArray();
        if (left.length == 0) {
            return OptionalDouble.empty();
        }
        int[] ranks = doubledRanks(left);
        int total = Arrays.stream(ranks).sum();
        int positive = 0;
        for (int i = 0; i < left.length; i++) {
            positive += left[i] > 0 ? ranks[i] : 0;
        }
        int extreme = Math.max(positive, total - positive);
        double[] probability = distribution(ranks, total);
        double tail = 0;
        for (int sum = total; sum >= extreme; sum--) {
            tail += probability[sum];
        }
        return OptionalDouble.of(Math.min(1, 2 * tail));
    }

    /** Twice the ranks of the sizes: a mean of two ranks is whole then. */
    private static int[] doubledRanks(double[] differences) {
        int[] ranks = new int[differences.length];
        for (int i = 0; i < differences.length; i++) {
            int smaller = 0;
            int equal = 0;
            for (double other : differences) {
                smaller += Math.abs(other) < Math.abs(differences[i]) ? 1 : 0;
                equal += Math.abs(other) == Math.abs(differences[i]) ? 1 : 0;
            }
            ranks[i] = 2 * smaller + equal + 1;
        }
        return ranks;
    }

    /** The probability of each sum of ranks when every sign is a fair coin's. */
    private static double[] distribution(int[] ranks, int total) {
        double[] probability = new double[total + 1];
        probability[0] = 1;
        int reached = 0;
        for (int rank : ranks) {
            for (int sum = reached; sum >= 0; sum--) {
                double half = probability[sum] / 2;
                probability[sum + rank] += half;
                probability[sum] = half;
            }
            reached += rank;
        }
        return probability;
    }
}
