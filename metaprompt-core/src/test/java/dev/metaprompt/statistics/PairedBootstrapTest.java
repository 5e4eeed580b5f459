package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    private static BitSet first(int count) {
        BitSet bits = new BitSet();
        bits.set(0, count);
        return bits;
    }

    private static Drop drop(PairedSplit... splits) {
        return PairedBootstrap.drop(List.of(splits), RandomStream.of(1, "test"));
    }

    @Test
    void oneSeedHasTheErrorOfPairedImages() {
        // 30 images of 200 were lost and 10 won: variance of the paired difference (p + q − (p − q)²) / n.
        BitSet current = first(90);
        current.set(120, 130);
        Drop drop = drop(new PairedSplit(200, List.of(first(120)), List.of(current)));
        assertEquals(10, drop.estimate(), 1e-12);
        double expected = 100 * Math.sqrt((0.15 + 0.05 - 0.1 * 0.1) / 200);
        assertEquals(expected, drop.standardError(), 0.03 * expected);
        assertEquals(0, drop.seedVariance());
        assertEquals(10 - 1.6449 * drop.standardError(), drop.lowerBound(0.95), 1e-3);
    }

    @Test
    void equalRunsHaveNoDropAndNoDoubt() {
        PairedSplit split = new PairedSplit(50, List.of(first(20), first(25)), List.of(first(20), first(25)));
        Drop drop = drop(split, split);
        assertEquals(0, drop.estimate());
        assertEquals(0, drop.halfWidth(0.95));
    }

    @Test
    void theSeedsPartIsTheVarianceOfTheirMean() {
        PairedSplit split = new PairedSplit(
                1000, List.of(first(700), first(700), first(700)), List.of(first(690), first(650), first(610)));
        Drop drop = drop(split);
        assertEquals(5, drop.estimate(), 1e-12);
        assertEquals(16.0 / 3, drop.seedVariance(), 1e-9);
        assertTrue(drop.imageVariance() < 1, drop.toString());
    }

    @Test
    void twoSplitsAreComparedByTheHarmonicMeanOfEachSeed() {
        PairedSplit base = new PairedSplit(100, List.of(first(80), first(60)), List.of(first(70), first(60)));
        PairedSplit ofNew = new PairedSplit(100, List.of(first(40), first(50)), List.of(first(40), first(30)));
        double expected =
                (HarmonicMean.of(80, 40) - HarmonicMean.of(70, 40) + HarmonicMean.of(60, 50) - HarmonicMean.of(60, 30))
                        / 2;
        assertEquals(expected, drop(base, ofNew).estimate(), 1e-12);
    }

    @Test
    void theCriticalValueIsStudentsForSeedsAndNormalForImages() {
        assertEquals(2 * 2.919986, new Drop(3, 0, 4, 0).halfWidth(0.95), 1e-5);
        assertEquals(2 * 1.644854, new Drop(3, 0, 0, 4).halfWidth(0.95), 1e-5);
        double both = new Drop(3, 0, 2, 2).halfWidth(0.95);
        assertEquals(2 * (2.919986 + 1.644854) / 2, both, 1e-5);
    }

    @Test
    void moreSeedsShrinkTheirOwnPartOnly() {
        Drop more = new Drop(2, 1, 6, 3).withSeeds(6);
        assertEquals(2, more.seedVariance());
        assertEquals(3, more.imageVariance());
        assertTrue(more.detectable(1, 0.95, 0.8) < new Drop(2, 1, 6, 3).detectable(1, 0.95, 0.8));
        assertThrows(IllegalArgumentException.class, () -> new Drop(1, 1, 0, 3).withSeeds(3));
    }

    @Test
    void theSameStreamGivesTheSameDrop() {
        PairedSplit split = new PairedSplit(80, List.of(first(50), first(40)), List.of(first(45), first(41)));
        assertEquals(drop(split, split), drop(split, split));
    }

    @Test
    void whatDoesNotPairIsRefused() {
        List<BitSet> one = List.of(first(3));
        assertThrows(IllegalArgumentException.class, () -> new PairedSplit(2, one, one));
        assertThrows(IllegalArgumentException.class, () -> new PairedSplit(3, one, List.of(first(1), first(2))));
        PairedSplit split = new PairedSplit(3, one, one);
        PairedSplit two = new PairedSplit(3, List.of(first(1), first(1)), List.of(first(1), first(1)));
        assertThrows(IllegalArgumentException.class, () -> drop(split, two));
    }
}
