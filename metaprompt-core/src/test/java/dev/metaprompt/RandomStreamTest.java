package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void theSameSeedPurposeAndPositionGiveTheSameNumbers() {
        RandomStream one = RandomStream.of(7, "episode", 3, 1);
        RandomStream two = RandomStream.of(7, "episode", 3, 1);
        for (int i = 0; i < 100; i++) {
            assertEquals(one.nextLong(), two.nextLong());
        }
    }

    @Test
    void anyChangeOfSeedPurposeOrPositionGivesOtherNumbers() {
        long first = RandomStream.of(7, "episode", 3, 1).nextLong();
        assertNotEquals(first, RandomStream.of(8, "episode", 3, 1).nextLong());
        assertNotEquals(first, RandomStream.of(7, "batch", 3, 1).nextLong());
        assertNotEquals(first, RandomStream.of(7, "episode", 1, 3).nextLong());
        assertNotEquals(first, RandomStream.of(7, "episode", 3).nextLong());
    }

    @Test
    void aSampleHasDistinctIndicesOfThePopulation() {
        for (int seed = 0; seed < 200; seed++) {
            int[] drawn = RandomStream.of(seed, "sample").sample(20, 1 + seed % 20);
            assertEquals(drawn.length, Arrays.stream(drawn).distinct().count());
            assertTrue(Arrays.stream(drawn).allMatch(i -> 0 <= i && i < 20));
        }
    }

    @Test
    void aSampleOfAllIsAPermutationAndTooLargeASampleIsRefused() {
        int[] all = RandomStream.of(1, "sample").sample(9, 9);
        Arrays.sort(all);
        assertArrayEquals(IntStream.range(0, 9).toArray(), all);
        assertThrows(
                IllegalArgumentException.class,
                () -> RandomStream.of(1, "sample").sample(3, 4));
    }

    @Test
    void everyIndexIsDrawnEquallyOften() {
        int[] count = new int[6];
        RandomStream random = RandomStream.of(5, "uniform");
        int draws = 60_000;
        for (int i = 0; i < draws; i++) {
            count[random.nextInt(6)]++;
        }
        // Chi-squared with 5 degrees of freedom: above 20.5 one time in a thousand; the seed is fixed.
        double expected = draws / 6.0;
        double chi = Arrays.stream(count)
                .mapToDouble(c -> (c - expected) * (c - expected) / expected)
                .sum();
        assertTrue(chi < 20.5, "chi-squared " + chi);
    }

    @Test
    void gaussianNumbersHaveMeanZeroAndDeviationOne() {
        RandomStream random = RandomStream.of(5, "gaussian");
        double[] values = IntStream.range(0, 20_000)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
        assertEquals(0, mean, 4 / Math.sqrt(values.length));
        assertEquals(1, variance, 4 * Math.sqrt(2.0 / values.length));
    }
}
