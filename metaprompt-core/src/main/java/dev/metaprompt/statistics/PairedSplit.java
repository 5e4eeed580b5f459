package dev.metaprompt.statistics;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which images of one split two models got right, for several seeds; all seeds see the same images.
 *
 * @param images how many images, at least 1
 * @param baseline a set of image indices a seed: those the baseline got right
 * @param current the same for what is compared with it, in the same order of seeds
 */
public record PairedSplit(int images, List<BitSet> baseline, List<BitSet> current) {
    /** Checks that the sets pair and fit. */
    public PairedSplit {
        baseline = copy(baseline);
        current = copy(current);
        boolean fits = Stream.of(baseline, current).flatMap(List::stream).allMatch(bits -> bits.length() <= images);
        if (images < 1 || baseline.isEmpty() || baseline.size() != current.size() || !fits) {
            throw new IllegalArgumentException(images + " images, " + baseline.size() + " seeds against "
                    + current.size() + (fits ? "" : ", an image beyond the last"));
        }
    }

    private static List<BitSet> copy(List<BitSet> sets) {
        return sets.stream().map(bits -> (BitSet) bits.clone()).toList();
    }

    /** Returns how many seeds there are. */
    int seeds() {
        return baseline.size();
    }

    /** Returns whom of both models and all seeds an image was right for: the baseline's seeds, then the others. */
    BitSet pattern(int image) {
        BitSet pattern = new BitSet();
        for (int seed = 0; seed < seeds(); seed++) {
            pattern.set(seed, baseline.get(seed).get(image));
            pattern.set(seeds() + seed, current.get(seed).get(image));
        }
        return pattern;
    }
}
