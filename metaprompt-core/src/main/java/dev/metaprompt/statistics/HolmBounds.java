package dev.metaprompt.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How sure each of several drops must be, so that a confidence holds for all of them together (Holm's step-down
 * procedure): the clearest of n drops is held against 1 − α / n, the next against 1 − α / (n − 1), and so on until one
 * is not shown. Then the chance that any drop is falsely shown is at most α = 1 − confidence, however the drops depend
 * on each other, as far as each bound holds.
 */
public final class HolmBounds {
    private HolmBounds() {}

    /**
     * Returns each drop's own lower bound.
     *
     * @param drops the family that is judged together
     * @param tolerance the drop that is allowed, in points
     * @param confidence that of all bounds together, at least 0.5 and below 1
     * @return for each drop, in the order given, the bound that exceeds the tolerance if and only if the drop is shown;
     *     of a single drop that of the confidence itself
     */
    public static List<Bound> of(List<Drop> drops, double tolerance, double confidence) {
        double[] chances =
                drops.stream().mapToDouble(drop -> drop.chance(tolerance)).toArray();
        Integer[] order = new Integer[drops.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> chances[i]));
        Bound[] bounds = new Bound[drops.size()];
        int left = drops.size();
        for (int drop : order) {
            double own = left == 1 ? confidence : 1 - (1 - confidence) / left;
            bounds[drop] = new Bound(own, drops.size() > 1);
            // What is not shown leaves the others, which are less clear, the same bound to pass.
            left -= bounds[drop].lowerBound(drops.get(drop)) > tolerance ? 1 : 0;
        }
        return List.of(bounds);
    }
}
