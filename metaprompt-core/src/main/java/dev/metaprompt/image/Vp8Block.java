package dev.metaprompt.image;

import java.util.Arrays;

/**
 * Predicts and reconstructs macroblocks of VP8 (RFC 6386, section 12) on a small field: a row above and a column to the
 * left of 16 × 16 samples of brightness, and the same of two fields of 8 × 8 of colour.
 */
final class Vp8Block {
    static final int DC = 0;
    static final int TM = 1;
    static final int VE = 2;
    static final int HE = 3;
    static final int RD = 4;
    static final int VR = 5;
    static final int LD = 6;
    static final int VL = 7;
    static final int HD = 8;
    static final int HU = 9;

    /** What stands above the picture, and to the left of it. */
    private static final int ABOVE = 127;

    private static final int LEFT = 129;
    private static final int STRIDE = 32;
    private static final int Y = STRIDE + 8;
    private static final int U = 18 * STRIDE + 8;
    private static final int V = 18 * STRIDE + 24;
    private static final int U_BLOCKS = 16;
    private static final int V_BLOCKS = 20;

    private final int[] field = new int[26 * STRIDE];
    private final byte[] y;
    private final byte[] u;
    private final byte[] v;
    private final int columns;

    Vp8Block(byte[] y, byte[] u, byte[] v, int columns) {
        this.y = y;
        this.u = u;
        this.v = v;
        this.columns = columns;
    }

    /**
     * Reconstructs a macroblock into the planes, whose macroblocks above and to the left are there already, unfiltered.
     *
     * @param mode of all brightness; negative if each subblock has its own
     */
    void reconstruct(int row, int column, int mode, int[] subModes, int colourMode, int[] coefficients) {
        borders(y, Y, 16, row, column);
        borders(u, U, 8, row, column);
        borders(v, V, 8, row, column);
        aboveRight(row, column);
        if (mode >= 0) {
            whole(Y, 16, mode, row, column);
        }
        for (int n = 0; n < 16; n++) {
            int at = Y + (n / 4) * 4 * STRIDE + n % 4 * 4;
            if (mode < 0) {
                Vp8Subblocks.predict(field, at, STRIDE, subModes[n]);
            }
            add(coefficients, n, at);
        }
        colour(U, U_BLOCKS, colourMode, row, column, coefficients);
        colour(V, V_BLOCKS, colourMode, row, column, coefficients);
        store(y, Y, 16, row, column);
        store(u, U, 8, row, column);
        store(v, V, 8, row, column);
    }

    private void colour(int at, int blocks, int mode, int row, int column, int[] coefficients) {
        whole(at, 8, mode, row, column);
        for (int n = 0; n < 4; n++) {
            add(coefficients, blocks + n, at + (n / 2) * 4 * STRIDE + n % 2 * 4);
        }
    }

    private void add(int[] coefficients, int block, int at) {
        for (int i = 16 * block; i < 16 * block + 16; i++) {
            if (coefficients[i] != 0) {
                Vp8Transforms.addInverseCosine(coefficients, 16 * block, field, at, STRIDE);
                return;
            }
        }
    }

    private void borders(byte[] plane, int at, int side, int row, int column) {
        int stride = side * columns;
        int from = row * side * stride + column * side;
        for (int i = 0; i < side; i++) {
            field[at - STRIDE + i] = row == 0 ? ABOVE : plane[from - stride + i] & 255;
            field[at + i * STRIDE - 1] = column == 0 ? LEFT : plane[from + i * stride - 1] & 255;
        }
        field[at - STRIDE - 1] = row == 0 ? ABOVE : column == 0 ? LEFT : plane[from - stride - 1] & 255;
    }

    /** The four samples above and to the right serve all rows of subblocks. */
    private void aboveRight(int row, int column) {
        int stride = 16 * columns;
        int from = (16 * row - 1) * stride + 16 * column + 16;
        for (int i = 0; i < 4; i++) {
            int sample = row == 0 ? ABOVE : y[column == columns - 1 ? from - 1 : from + i] & 255;
            for (int j = 0; j < 16; j += 4) {
                field[Y + (j - 1) * STRIDE + 16 + i] = sample;
            }
        }
    }

    private void whole(int at, int side, int mode, int row, int column) {
        if (mode == DC) {
            average(at, side, row > 0, column > 0);
            return;
        }
        int corner = field[at - STRIDE - 1];
        for (int j = 0; j < side; j++) {
            int left = field[at + j * STRIDE - 1];
            for (int i = 0; i < side; i++) {
                int above = field[at - STRIDE + i];
                field[at + j * STRIDE + i] =
                        mode == VE ? above : mode == HE ? left : Vp8Transforms.clip(left + above - corner);
            }
        }
    }

    private void average(int at, int side, boolean above, boolean left) {
        int sum = 0;
        for (int i = 0; i < side; i++) {
            sum += above ? field[at - STRIDE + i] : 0;
            sum += left ? field[at + i * STRIDE - 1] : 0;
        }
        int count = (above ? side : 0) + (left ? side : 0);
        int mean = count == 0 ? 128 : (sum + count / 2) / count;
        for (int j = 0; j < side; j++) {
            Arrays.fill(field, at + j * STRIDE, at + j * STRIDE + side, mean);
        }
    }

    private void store(byte[] plane, int at, int side, int row, int column) {
        int stride = side * columns;
        for (int j = 0; j < side; j++) {
            int to = (row * side + j) * stride + column * side;
            for (int i = 0; i < side; i++) {
                plane[to + i] = (byte) field[at + j * STRIDE + i];
            }
        }
    }
}
