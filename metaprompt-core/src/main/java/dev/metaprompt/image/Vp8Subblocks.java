package dev.metaprompt.image;

/** Predicts blocks of 4 × 4 samples of VP8 from the samples around them (RFC 6386, section 12.3). */
final class Vp8Subblocks {
    /** Of each mode of a direction, which of the sums below each of the 16 samples is. */
    private static final int[][] PATTERNS = new int[10][];

    /** Sums of three neighbours are counted from here on, sums of two before. */
    private static final int THREE = 16;

    static {
        // Samples around the block from below left over the corner to above right: 0 to 3, 4, 5 to 12.
        PATTERNS[Vp8Block.LD] = diagonal(THREE + 6, 1, 1);
        PATTERNS[Vp8Block.RD] = diagonal(THREE + 4, 1, -1);
        PATTERNS[Vp8Block.VR] = pattern("b4 b5 b6 b7 t4 t5 t6 t7 t3 b4 b5 b6 t2 t4 t5 t6");
        PATTERNS[Vp8Block.VL] = pattern("b5 b6 b7 b8 t6 t7 t8 t9 b6 b7 b8 t10 t7 t8 t9 t11");
        PATTERNS[Vp8Block.HD] = pattern("b3 t4 t5 t6 b2 t3 b3 t4 b1 t2 b2 t3 b0 t1 b1 t2");
    }

    private Vp8Subblocks() {}

    private static int[] diagonal(int start, int right, int down) {
        int[] pattern = new int[16];
        for (int i = 0; i < 16; i++) {
            pattern[i] = start + right * (i % 4) + down * (i / 4);
        }
        return pattern;
    }

    /** Reads a pattern: b3 is the mean of samples 3 and 4, t3 the weighted mean of 2, 3 and 4. */
    private static int[] pattern(String text) {
        String[] words = text.split(" ");
        int[] pattern = new int[16];
        for (int i = 0; i < 16; i++) {
            pattern[i] = Integer.parseInt(words[i].substring(1)) + (words[i].charAt(0) == 't' ? THREE : 0);
        }
        return pattern;
    }

    static void predict(int[] field, int at, int stride, int mode) {
        int[] around = around(field, at, stride);
        if (mode == Vp8Block.DC || mode == Vp8Block.TM) {
            plain(field, at, stride, mode, around);
            return;
        }
        for (int i = 0; i < 16; i++) {
            field[at + i / 4 * stride + i % 4] = sample(mode, i, around);
        }
    }

    /** The samples around a block: left ones from below, the corner, those above from the left, eight of them. */
    private static int[] around(int[] field, int at, int stride) {
        int[] around = new int[13];
        for (int i = 0; i < 4; i++) {
            around[i] = field[at + (3 - i) * stride - 1];
        }
        for (int i = 0; i < 9; i++) {
            around[4 + i] = field[at - stride - 1 + i];
        }
        return around;
    }

    private static void plain(int[] field, int at, int stride, int mode, int[] around) {
        int sum = 4;
        for (int i = 0; i < 4; i++) {
            sum += around[i] + around[5 + i];
        }
        for (int i = 0; i < 16; i++) {
            int smooth = around[3 - i / 4] + around[5 + i % 4] - around[4];
            field[at + i / 4 * stride + i % 4] = mode == Vp8Block.DC ? sum >> 3 : Vp8Transforms.clip(smooth);
        }
    }

    private static int sample(int mode, int i, int[] around) {
        return switch (mode) {
            case Vp8Block.VE -> three(around, 5 + i % 4);
            case Vp8Block.HE -> i / 4 == 3 ? around[1] + 3 * around[0] + 2 >> 2 : three(around, 3 - i / 4);
            case Vp8Block.HU -> up(around, i % 4 + 2 * (i / 4));
            default -> {
                int sum = PATTERNS[mode][i];
                yield sum >= THREE ? three(around, sum - THREE) : two(around, sum);
            }
        };
    }

    /** Up along the left side: means of two and of three in turn, and the lowest sample from there on. */
    private static int up(int[] around, int step) {
        if (step >= 6) {
            return around[0];
        }
        if (step == 5) {
            return around[1] + 3 * around[0] + 2 >> 2;
        }
        return step % 2 == 0 ? two(around, 2 - step / 2) : three(around, 2 - step / 2);
    }

    private static int two(int[] around, int first) {
        return around[first] + around[first + 1] + 1 >> 1;
    }

    private static int three(int[] around, int middle) {
        int after = around[Math.min(middle + 1, around.length - 1)];
        return around[middle - 1] + 2 * around[middle] + after + 2 >> 2;
    }
}
