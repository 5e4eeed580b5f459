package dev.metaprompt.data;

import java.util.HashSet;
import java.util.Set;

/**
 * The numbers that Python's module {@code random} gives after {@code random.seed(seed)}: only to repeat draws that were
 * made in Python. Everything else draws from {@link dev.metaprompt.RandomStream}.
 *
 * <p>The generator is MT19937 (Matsumoto, Nishimura: "Mersenne Twister", ACM TOMACS 1998) with its initialisation by
 * array of 2002; seeding and sampling are those of CPython 3.7 to 3.11.
 */
final class PythonRandom {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final int UPPER_BIT = 0x80000000;
    private static final int TWIST = 0x9908b0df;
    /** Up to this size a list costs less memory than a set of five. */
    private static final int SMALL_SET = 21;

    private final int[] state = new int[SIZE];
    private int position = SIZE;

    /**
     * Seeds as {@code random.seed(seed)} does with a whole number.
     *
     * @param seed any; its sign does not count
     */
    PythonRandom(long seed) {
        long size = Math.abs(seed);
        int high = (int) (size >>> 32);
        initialise(high == 0 ? new int[] {(int) size} : new int[] {(int) size, high});
    }

    private void initialise(int[] key) {
        initialise(19650218);
        int i = 1;
        int j = 0;
        for (int k = Math.max(SIZE, key.length); k > 0; k--) {
            state[i] = (state[i] ^ (mixed(state[i - 1]) * 1664525)) + key[j] + j;
            i = next(i);
            j = (j + 1) % key.length;
        }
        for (int k = SIZE - 1; k > 0; k--) {
            state[i] = (state[i] ^ (mixed(state[i - 1]) * 1566083941)) - i;
            i = next(i);
        }
        state[0] = UPPER_BIT;
    }

    private void initialise(int word) {
        state[0] = word;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * mixed(state[i - 1]) + i;
        }
    }

    private static int mixed(int word) {
        return word ^ (word >>> 30);
    }

    /** The index behind one; the first word follows the last, and its place is skipped. */
    private int next(int i) {
        if (i + 1 < SIZE) {
            return i + 1;
        }
        state[0] = state[SIZE - 1];
        return 1;
    }

    /** Returns 32 random bits. */
    int nextWord() {
        if (position == SIZE) {
            twist();
            position = 0;
        }
        int word = state[position++];
        word ^= word >>> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >>> 18);
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int bits = (state[i] & UPPER_BIT) | (state[(i + 1) % SIZE] & ~UPPER_BIT);
            state[i] = state[(i + SHIFT) % SIZE] ^ (bits >>> 1) ^ ((bits & 1) == 0 ? 0 : TWIST);
        }
    }

    /**
     * Draws as {@code random.randrange(bound)} does: the highest bits of a word, again where they are too large.
     *
     * @param bound exclusive, at least 1
     */
    int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " < 1");
        }
        int unused = Integer.numberOfLeadingZeros(bound);
        while (true) {
            int number = nextWord() >>> unused;
            if (number < bound) {
                return number;
            }
        }
    }

    /**
     * Draws as {@code random.sample(range(population), count)} does.
     *
     * @param population how many there are
     * @param count how many to draw, at most {@code population}
     * @return the drawn indices, in the order they were drawn
     */
    int[] sample(int population, int count) {
        if (count < 0 || count > population) {
            throw new IllegalArgumentException("cannot draw " + count + " of " + population);
        }
        return population <= largestPool(count) ? fromPool(population, count) : distinct(population, count);
    }

    /** Up to this population Python keeps a list of what is left, beyond it a set of what was drawn. */
    private static long largestPool(int count) {
        if (count <= 5) {
            return SMALL_SET;
        }
        long power = 1; // the least power of four that is at least three times the count
        while (power < 3L * count) {
            power *= 4;
        }
        return SMALL_SET + power;
    }

    private int[] fromPool(int population, int count) {
        int[] pool = new int[population];
        for (int i = 0; i < population; i++) {
            pool[i] = i;
        }
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int j = nextInt(population - i);
            drawn[i] = pool[j];
            pool[j] = pool[population - i - 1];
        }
        return drawn;
    }

    private int[] distinct(int population, int count) {
        Set<Integer> known = new HashSet<>();
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int j = nextInt(population);
            while (!known.add(j)) {
                j = nextInt(population);
            }
            drawn[i] = j;
        }
        return drawn;
    }
}
