package dev.metaprompt.image;

/**
 * The weights of one pass of Pillow's bicubic resize, for a window of the target's positions.
 *
 * <p>The kernel is Keys' (a = −0.5), widened by the scale when shrinking (antialias). Weights are normalised in double
 * and rounded half away from zero to 22 fractional bits, so that a pass is integer arithmetic and the same everywhere.
 */
final class BicubicWeights {
    /** Fractional bits of a weight. */
    static final int PRECISION = 22;

    private static final double A = -0.5;
    private static final double KERNEL_SUPPORT = 2;

    /** First source position of each target position, counted from {@link #first()}. */
    final int[] start;
    /** Number of source positions of each target position. */
    final int[] count;
    /** Weights, {@link #stride} a target position. */
    final int[] weights;
    /** Distance between the weights of neighbouring target positions. */
    final int stride;

    private final int first;

    /**
     * Computes the weights; between equal lengths each position is only copied.
     *
     * @param source source length
     * @param target target length
     * @param offset first target position of the window
     * @param length positions in the window, at least 1
     */
    BicubicWeights(int source, int target, int offset, int length) {
        double scale = (double) source / target;
        double filterScale = Math.max(scale, 1);
        double support = KERNEL_SUPPORT * filterScale;
        boolean copies = source == target;
        stride = copies ? 1 : (int) Math.ceil(support) * 2 + 1;
        start = new int[length];
        count = new int[length];
        weights = new int[Math.multiplyExact(length, stride)];
        double[] raw = new double[stride];
        for (int i = 0; i < length; i++) {
            double center = (offset + i + 0.5) * scale;
            int low = copies ? offset + i : Math.max((int) (center - support + 0.5), 0);
            int high = copies ? low + 1 : Math.min((int) (center + support + 0.5), source);
            start[i] = low;
            count[i] = high - low;
            double sum = 0;
            for (int k = 0; k < count[i]; k++) {
                raw[k] = kernel((k + low - center + 0.5) * (1 / filterScale));
                sum += raw[k];
            }
            for (int k = 0; k < count[i]; k++) {
                weights[i * stride + k] = fixedPoint(raw[k] / sum);
            }
        }
        first = start[0];
        for (int i = 0; i < length; i++) {
            start[i] -= first;
        }
    }

    /** Returns the number of target positions in the window. */
    int length() {
        return start.length;
    }

    /** Returns the first source position that is read. */
    int first() {
        return first;
    }

    /** Returns how many source positions, from the first on, are read. */
    int span() {
        return start[start.length - 1] + count[start.length - 1];
    }

    private static int fixedPoint(double weight) {
        double scaled = weight * (1 << PRECISION);
        return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    private static double kernel(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
}
