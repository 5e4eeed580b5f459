package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HolmBoundsTest {
    private static final double CONFIDENCE = 0.95;

    /** A drop whose uncertainty is that of images alone, one point: estimates are normal quantiles. */
    private static Drop drop(double estimate) {
        return new Drop(5, estimate, 0, 1);
    }

    @Test
    void aSingleDropKeepsTheConfidenceToTheLastBit() {
        for (double confidence : new double[] {0.5, 0.9, 0.95, 0.99, 0.9999}) {
            assertArrayEquals(new double[] {confidence}, HolmBounds.confidences(List.of(drop(3)), 1, confidence), 0.0);
        }
        assertEquals(0, HolmBounds.confidences(List.of(), 1, CONFIDENCE).length);
    }

    @Test
    void theClearestIsHeldAgainstTheMostAndTheOthersAgainstWhereItEnds() {
        // One-sided chances 0.0013, 0.018, 0.16: 0.0013 < 0.05/3, 0.018 < 0.05/2, 0.16 > 0.05.
        double[] all = HolmBounds.confidences(List.of(drop(1), drop(3), drop(2.1)), 0, CONFIDENCE);
        assertArrayEquals(new double[] {0.95, 1 - 0.05 / 3, 0.975}, all, 1e-12);
        // 0.036 > 0.05/2: neither it nor what is less clear is shown, and both have the bound where it ended.
        double[] stopped = HolmBounds.confidences(List.of(drop(1), drop(3), drop(1.8)), 0, CONFIDENCE);
        assertArrayEquals(new double[] {0.975, 1 - 0.05 / 3, 0.975}, stopped, 1e-12);
        assertTrue(drop(1.8).lowerBound(0.975) < 0 && drop(1.8).lowerBound(CONFIDENCE) > 0, "shown if it were alone");
    }

    @Test
    void whatIsShownIsWhatAdjustedChancesSay() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            List<Drop> drops = new ArrayList<>();
            for (int i = 0; i < 1 + round % 15; i++) {
                int seeds = 2 + random.nextInt(9);
                drops.add(new Drop(seeds, 4 * random.nextGaussian() + 3, random.nextDouble(), random.nextDouble()));
            }
            double[] confidences = HolmBounds.confidences(drops, 1, CONFIDENCE);
            double[] adjusted = PairedTest.holm(
                    drops.stream().mapToDouble(drop -> drop.chance(1)).toArray());
            for (int i = 0; i < confidences.length; i++) {
                assertEquals(adjusted[i] < 1 - CONFIDENCE, drops.get(i).lowerBound(confidences[i]) > 1);
            }
        }
    }

    @Test
    void theChanceIsWhereTheLowerBoundMeetsTheTolerance() {
        for (Drop drop :
                List.of(new Drop(3, 5, 1, 0.5), new Drop(2, 9, 2, 0), drop(3), drop(6), new Drop(1, 2, 0, 1))) {
            double chance = drop.chance(0.5);
            assertEquals(0.5, drop.lowerBound(1 - chance), 1e-3 * drop.estimate());
            assertTrue(chance > 0 && chance < 0.5, String.valueOf(chance));
        }
        assertEquals(0, new Drop(3, 2, 0, 0).chance(1));
        assertEquals(1, new Drop(3, 1, 0, 0).chance(1));
        assertTrue(drop(-3).chance(0) > 0.99);
        assertTrue(
                drop(10).chance(0) < drop(9).chance(0) && drop(9).chance(0) < 1e-18, "beyond doubt has an order too");
    }
}
