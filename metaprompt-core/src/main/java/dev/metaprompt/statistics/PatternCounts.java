package dev.metaprompt.statistics;

import dev.metaprompt.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Resamples the images of a split, jointly for all seeds and both models.
 *
 * <p>Images that the same runs got right cannot be told apart, so a resample is a count for each such pattern, and the
 * accuracies of all runs are sums over patterns instead of over images.
 */
final class PatternCounts {
    private final int[] patternOfImage;
    /** The runs that got a pattern's images right. */
    private final int[][] patterns;

    private final int[] counts;
    private final int runs;

    PatternCounts(PairedSplit split) {
        Map<BitSet, Integer> known = new HashMap<>();
        List<int[]> found = new ArrayList<>();
        patternOfImage = new int[split.images()];
        for (int image = 0; image < split.images(); image++) {
            BitSet pattern = split.pattern(image);
            patternOfImage[image] = known.computeIfAbsent(pattern, p -> {
                found.add(p.stream().toArray());
                return found.size() - 1;
            });
        }
        patterns = found.toArray(int[][]::new);
        counts = new int[patterns.length];
        runs = 2 * split.seeds();
    }

    /** Counts every image once. */
    void reset() {
        Arrays.fill(counts, 0);
        for (int pattern : patternOfImage) {
            counts[pattern]++;
        }
    }

    /** Draws as many images as there are, with replacement. */
    void resample(RandomStream random) {
        Arrays.fill(counts, 0);
        for (int draw = 0; draw < patternOfImage.length; draw++) {
            counts[patternOfImage[random.nextInt(patternOfImage.length)]]++;
        }
    }

    /** Returns each run's accuracy in percent on the images drawn: the baseline's seeds, then the others. */
    double[] accuracies() {
        int[] right = new int[runs];
        for (int p = 0; p < counts.length; p++) {
            for (int run : patterns[p]) {
                right[run] += counts[p];
            }
        }
        double[] percent = new double[runs];
        for (int run = 0; run < runs; run++) {
            percent[run] = 100.0 * right[run] / patternOfImage.length;
        }
        return percent;
    }
}
