package dev.metaprompt.image;

import java.io.IOException;

/** What a key frame says before its macroblocks (RFC 6386, section 9), and the parts of the file they are in. */
final class Vp8Header {
    private static final int SEGMENTS = 4;
    private static final int PARTITION_LENGTH = 3;

    private final Vp8Bits modes;
    private Vp8Bits[] residuals;
    private boolean segmented;
    private boolean segmentMap;
    private boolean relative = true;
    private final int[] quantizers = new int[SEGMENTS];
    private final int[] strengths = new int[SEGMENTS];
    private final int[] segmentTree = {255, 255, 255};
    private boolean simpleFilter;
    private int filterLevel;
    private int sharpness;
    private boolean deltas;
    private int frameDelta;
    private int subblockDelta;
    private final int[][] y1 = new int[SEGMENTS][];
    private final int[][] y2 = new int[SEGMENTS][];
    private final int[][] uv = new int[SEGMENTS][];
    private final int[] tokens = Vp8Tables.TOKENS.clone();
    private int skip = -1;

    private Vp8Header(Vp8Bits modes) {
        this.modes = modes;
    }

    static Vp8Header read(byte[] bytes, int start, int length, int begin) throws IOException {
        ByteReader in = new ByteReader(bytes, start);
        int tag = in.u16Little() | in.u8() << 16;
        int first = tag >> 5;
        if (first > length - begin) {
            throw ByteReader.truncated();
        }
        Vp8Header header = new Vp8Header(new Vp8Bits(bytes, start + begin, first));
        // Colour space and clamping mean nothing to whoever decodes a still picture.
        header.modes.number(2);
        header.segments();
        header.filter();
        header.partitions(bytes, start + begin + first, length - begin - first);
        header.quantizers();
        header.modes.flag();
        header.probabilities();
        return header;
    }

    private void segments() throws IOException {
        segmented = modes.flag();
        if (!segmented) {
            return;
        }
        segmentMap = modes.flag();
        if (modes.flag()) {
            relative = !modes.flag();
            for (int i = 0; i < SEGMENTS; i++) {
                quantizers[i] = modes.optional(7);
            }
            for (int i = 0; i < SEGMENTS; i++) {
                strengths[i] = modes.optional(6);
            }
        }
        for (int i = 0; segmentMap && i < segmentTree.length; i++) {
            segmentTree[i] = modes.flag() ? modes.number(8) : 255;
        }
    }

    private void filter() throws IOException {
        simpleFilter = modes.flag();
        filterLevel = modes.number(6);
        sharpness = modes.number(3);
        deltas = modes.flag();
        if (deltas && modes.flag()) {
            for (int i = 0; i < SEGMENTS; i++) {
                int delta = modes.optional(6);
                frameDelta = i == 0 ? delta : frameDelta;
            }
            for (int i = 0; i < SEGMENTS; i++) {
                int delta = modes.optional(6);
                subblockDelta = i == 0 ? delta : subblockDelta;
            }
        }
    }

    private void partitions(byte[] bytes, int start, int length) throws IOException {
        int count = 1 << modes.number(2);
        residuals = new Vp8Bits[count];
        int at = start + PARTITION_LENGTH * (count - 1);
        int left = length - PARTITION_LENGTH * (count - 1);
        for (int i = 0; i < count; i++) {
            int size = left;
            if (left >= 0 && i < count - 1) {
                ByteReader in = new ByteReader(bytes, start + PARTITION_LENGTH * i);
                size = in.u16Little() | in.u8() << 16;
            }
            if (left < 0 || size > left) {
                throw ByteReader.truncated();
            }
            residuals[i] = new Vp8Bits(bytes, at, size);
            at += size;
            left -= size;
        }
    }

    private void quantizers() throws IOException {
        int base = modes.number(7);
        int y1First = modes.optional(4);
        int y2First = modes.optional(4);
        int y2Rest = modes.optional(4);
        int uvFirst = modes.optional(4);
        int uvRest = modes.optional(4);
        for (int i = 0; i < SEGMENTS; i++) {
            int q = !segmented ? base : relative ? base + quantizers[i] : quantizers[i];
            y1[i] = new int[] {factor(Vp8Tables.DC, q + y1First, 127), factor(Vp8Tables.AC, q, 127)};
            y2[i] = new int[] {
                2 * factor(Vp8Tables.DC, q + y2First, 127),
                Math.max(8, factor(Vp8Tables.AC, q + y2Rest, 127) * 155 / 100)
            };
            // The first factor of colours is at most 132, which stands at 117.
            uv[i] = new int[] {factor(Vp8Tables.DC, q + uvFirst, 117), factor(Vp8Tables.AC, q + uvRest, 127)};
        }
    }

    private static int factor(int[] table, int index, int most) {
        return table[Math.max(0, Math.min(most, index))];
    }

    private void probabilities() throws IOException {
        for (int i = 0; i < tokens.length; i++) {
            if (modes.bit(Vp8Tables.TOKEN_UPDATES[i]) == 1) {
                tokens[i] = modes.number(8);
            }
        }
        if (modes.flag()) {
            skip = modes.number(8);
        }
    }

    Vp8Bits modes() {
        return modes;
    }

    Vp8Bits residuals(int row) {
        return residuals[row & residuals.length - 1];
    }

    boolean segmentMap() {
        return segmentMap;
    }

    int readSegment() throws IOException {
        return modes.bit(segmentTree[0]) == 0 ? modes.bit(segmentTree[1]) : 2 + modes.bit(segmentTree[2]);
    }

    boolean readSkip() throws IOException {
        return skip >= 0 && modes.bit(skip) == 1;
    }

    int[] tokens() {
        return tokens;
    }

    int[] y1(int segment) {
        return y1[segment];
    }

    int[] y2(int segment) {
        return y2[segment];
    }

    int[] uv(int segment) {
        return uv[segment];
    }

    boolean isFiltered() {
        return filterLevel > 0;
    }

    boolean isFilteredSimply() {
        return simpleFilter;
    }

    int sharpness() {
        return sharpness;
    }

    /** How much a macroblock is to be smoothed, 0 to 63. */
    int filterLevel(int segment, boolean whole) {
        int level = !segmented ? filterLevel : relative ? filterLevel + strengths[segment] : strengths[segment];
        if (deltas) {
            level += frameDelta + (whole ? 0 : subblockDelta);
        }
        return Math.max(0, Math.min(63, level));
    }
}
