package dev.metaprompt.image;

import java.util.Arrays;

/**
 * The two passes of a bicubic resize.
 *
 * <p>Both add up whole lines of levels, one source line times its weight after the other: loops over {@code int} arrays
 * with one index are what the JVM's compiler turns into vector instructions. (Loops over bytes, or with an offset that
 * differs between arrays, it leaves alone in Java 17.) Across, lines are columns, so some rows at a time are turned on
 * their side.
 */
final class Resampling {
    private static final int HALF = 1 << (BicubicWeights.PRECISION - 1);
    private static final int ROWS_AT_ONCE = 64;

    private Resampling() {}

    /**
     * Resizes every row.
     *
     * @param samples height × width × bands
     * @param width columns of the whole image
     * @param bands samples a pixel
     * @param region what is read
     * @param weights of the new columns
     * @return levels 0 to 255, region height × (new columns · bands)
     */
    static int[][] across(byte[] samples, int width, int bands, Region region, BicubicWeights weights) {
        int[][] out = new int[region.height()][weights.length() * bands];
        int atOnce = Math.min(ROWS_AT_ONCE, region.height());
        int[][] columns = new int[weights.span()][atOnce * bands];
        int[] mixed = new int[atOnce * bands];
        for (int top = 0; top < region.height(); top += atOnce) {
            int rows = Math.min(atOnce, region.height() - top);
            for (int row = 0; row < rows; row++) {
                int from = ((region.y() + top + row) * width + region.x()) * bands;
                turn(samples, from, columns, row * bands, bands);
            }
            for (int x = 0; x < weights.length(); x++) {
                mix(mixed, columns, weights, x);
                turnBack(mixed, out, top, rows, x * bands, bands);
            }
        }
        return out;
    }

    private static void turn(byte[] samples, int from, int[][] columns, int to, int bands) {
        if (bands == 3) {
            int i = from;
            for (int[] column : columns) {
                column[to] = samples[i] & 255;
                column[to + 1] = samples[i + 1] & 255;
                column[to + 2] = samples[i + 2] & 255;
                i += 3;
            }
            return;
        }
        for (int x = 0; x < columns.length; x++) {
            for (int band = 0; band < bands; band++) {
                columns[x][to + band] = samples[from + x * bands + band] & 255;
            }
        }
    }

    private static void turnBack(int[] column, int[][] out, int top, int rows, int to, int bands) {
        for (int row = 0; row < rows; row++) {
            int[] line = out[top + row];
            for (int band = 0; band < bands; band++) {
                line[to + band] = column[row * bands + band];
            }
        }
    }

    /**
     * Resizes every column.
     *
     * @param rows levels, one row for each that the weights span
     * @param weights of the new rows
     * @return levels 0 to 255, new rows × as many as a row holds
     */
    static int[][] down(int[][] rows, BicubicWeights weights) {
        int[][] out = new int[weights.length()][rows[0].length];
        for (int y = 0; y < out.length; y++) {
            mix(out[y], rows, weights, y);
        }
        return out;
    }

    /**
     * Resizes every column of a region; rows are unpacked when they are needed and let go of afterwards, since a picture
     * with many more rows than columns can be large.
     *
     * @param samples height × width × bands
     * @param width columns of the whole image
     * @param bands samples a pixel
     * @param region what is read; its rows are those that the weights span
     * @param weights of the new rows
     * @return levels 0 to 255, new rows × (region width · bands)
     */
    static int[][] down(byte[] samples, int width, int bands, Region region, BicubicWeights weights) {
        int[][] out = new int[weights.length()][region.width() * bands];
        int[][] rows = new int[weights.span()][];
        int unpacked = 0;
        int dropped = 0;
        for (int y = 0; y < out.length; y++) {
            while (dropped < weights.start[y]) {
                rows[dropped++] = null;
            }
            while (unpacked < weights.start[y] + weights.count[y]) {
                int from = ((region.y() + unpacked) * width + region.x()) * bands;
                rows[unpacked++] = unpack(samples, from, out[y].length);
            }
            mix(out[y], rows, weights, y);
        }
        return out;
    }

    private static int[] unpack(byte[] samples, int from, int count) {
        int[] levels = new int[count];
        for (int i = 0; i < count; i++) {
            levels[i] = samples[from + i] & 255;
        }
        return levels;
    }

    private static void mix(int[] sums, int[][] lines, BicubicWeights weights, int position) {
        Arrays.fill(sums, HALF);
        int k = position * weights.stride;
        int end = k + weights.count[position];
        int line = weights.start[position];
        for (; k + 4 <= end; k += 4, line += 4) {
            addFour(sums, lines, line, weights.weights, k);
        }
        for (; k < end; k++, line++) {
            add(sums, lines[line], weights.weights[k]);
        }
        clip(sums);
    }

    private static void add(int[] sums, int[] levels, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += levels[i] * weight;
        }
    }

    private static void addFour(int[] sums, int[][] lines, int line, int[] weights, int k) {
        int[] first = lines[line];
        int[] second = lines[line + 1];
        int[] third = lines[line + 2];
        int[] fourth = lines[line + 3];
        int w1 = weights[k];
        int w2 = weights[k + 1];
        int w3 = weights[k + 2];
        int w4 = weights[k + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += first[i] * w1 + second[i] * w2 + third[i] * w3 + fourth[i] * w4;
        }
    }

    private static void clip(int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.max(0, Math.min(255, sums[i] >> BicubicWeights.PRECISION));
        }
    }
}
