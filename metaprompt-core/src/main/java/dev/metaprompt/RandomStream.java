package dev.metaprompt;

/**
 * A stream of random numbers that is a function of the seed, a purpose and a position alone.
 *
 * <p>Every use draws from its own stream ({@code of(seed, "episode", step)}), so that no use can disturb another and
 * a resumed run needs no generator state beside the position it had reached. The generator is SplitMix64 (Steele,
 * Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014); all arithmetic is exact, so a stream is
 * the same on every platform.
 */
public final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /**
     * Returns the stream of a seed, a purpose and a position within the purpose.
     *
     * @param seed the run's seed
     * @param purpose what the numbers are for, for example {@code "episode"}
     * @param indices the position, for example step and task; may be empty
     * @return a new stream at its beginning
     */
    public static RandomStream of(long seed, String purpose, long... indices) {
        long h = mix(seed + GOLDEN_GAMMA);
        for (int i = 0; i < purpose.length(); i++) {
            h = mix(h ^ (purpose.charAt(i) + GOLDEN_GAMMA));
        }
        for (long index : indices) {
            h = mix(h ^ mix(index + GOLDEN_GAMMA));
        }
        return new RandomStream(h);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * Returns 64 random bits.
     *
     * @return the next number
     */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * Returns a uniform number.
     *
     * @param bound exclusive upper bound, at least 1
     * @return 0 ≤ number &lt; bound, without modulo bias
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " < 1");
        }
        long limit = (1L << 31) - (1L << 31) % bound;
        while (true) {
            long bits = nextLong() >>> 33;
            if (bits < limit) {
                return (int) (bits % bound);
            }
        }
    }

    /**
     * Returns a uniform number with 53 random bits.
     *
     * @return 0 ≤ number &lt; 1
     */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /**
     * Returns a uniform number in an interval.
     *
     * @param low lower bound
     * @param high upper bound
     * @return low ≤ number &lt; high
     */
    public double nextDouble(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /**
     * Returns a number of the standard normal distribution (Box–Muller with {@link StrictMath}).
     *
     * @return the number
     */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }

    /**
     * Draws without replacement (a partial Fisher–Yates shuffle).
     *
     * @param population size of the population
     * @param count how many to draw, at most {@code population}
     * @return the drawn indices, in the order they were drawn
     */
    public int[] sample(int population, int count) {
        if (count > population) {
            throw new IllegalArgumentException("cannot draw " + count + " of " + population);
        }
        int[] pool = identity(population);
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int j = i + nextInt(population - i);
            drawn[i] = pool[j];
            pool[j] = pool[i];
        }
        return drawn;
    }

    private static int[] identity(int n) {
        int[] a = new int[n];
        for (int i = 0; i < n; i++) {
            a[i] = i;
        }
        return a;
    }
}
