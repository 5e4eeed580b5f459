package dev.metaprompt.image;

/** The inverse transforms of VP8 (RFC 6386, section 14), in its integers. */
final class Vp8Transforms {
    private static final int COS = 85627;
    private static final int SIN = 35468;

    private Vp8Transforms() {}

    /** Spreads a block of first coefficients over the 16 blocks of a macroblock. */
    static void inverseWalsh(int[] coefficients, int from) {
        int[] m = new int[16];
        for (int i = 0; i < 4; i++) {
            int a = coefficients[from + i] + coefficients[from + 12 + i];
            int b = coefficients[from + 4 + i] + coefficients[from + 8 + i];
            int c = coefficients[from + 4 + i] - coefficients[from + 8 + i];
            int d = coefficients[from + i] - coefficients[from + 12 + i];
            m[i] = a + b;
            m[8 + i] = a - b;
            m[4 + i] = d + c;
            m[12 + i] = d - c;
        }
        for (int i = 0; i < 4; i++) {
            int first = m[4 * i] + 3;
            int a = first + m[4 * i + 3];
            int b = m[4 * i + 1] + m[4 * i + 2];
            int c = m[4 * i + 1] - m[4 * i + 2];
            int d = first - m[4 * i + 3];
            coefficients[64 * i] = (short) (a + b >> 3);
            coefficients[64 * i + 16] = (short) (d + c >> 3);
            coefficients[64 * i + 32] = (short) (a - b >> 3);
            coefficients[64 * i + 48] = (short) (d - c >> 3);
        }
    }

    /** Adds a block's picture to what was predicted. */
    static void addInverseCosine(int[] coefficients, int from, int[] target, int at, int stride) {
        int[] m = new int[16];
        for (int i = 0; i < 4; i++) {
            int c0 = coefficients[from + i];
            int c1 = coefficients[from + 4 + i];
            int c2 = coefficients[from + 8 + i];
            int c3 = coefficients[from + 12 + i];
            int c = (c1 * SIN >> 16) - (c3 * COS >> 16);
            int d = (c1 * COS >> 16) + (c3 * SIN >> 16);
            m[4 * i] = c0 + c2 + d;
            m[4 * i + 1] = c0 - c2 + c;
            m[4 * i + 2] = c0 - c2 - c;
            m[4 * i + 3] = c0 + c2 - d;
        }
        for (int j = 0; j < 4; j++) {
            int first = m[j] + 4;
            int c = (m[4 + j] * SIN >> 16) - (m[12 + j] * COS >> 16);
            int d = (m[4 + j] * COS >> 16) + (m[12 + j] * SIN >> 16);
            int row = at + j * stride;
            target[row] = clip(target[row] + (first + m[8 + j] + d >> 3));
            target[row + 1] = clip(target[row + 1] + (first - m[8 + j] + c >> 3));
            target[row + 2] = clip(target[row + 2] + (first - m[8 + j] - c >> 3));
            target[row + 3] = clip(target[row + 3] + (first + m[8 + j] - d >> 3));
        }
    }

    static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
