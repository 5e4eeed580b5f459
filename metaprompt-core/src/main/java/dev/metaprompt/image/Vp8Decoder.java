package dev.metaprompt.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes a key frame of VP8 (RFC 6386), the picture of a lossy WebP, to its planes of brightness and colour. Work and
 * memory are in proportion to the pixels, whatever the file holds.
 */
final class Vp8Decoder {
    private static final int FRAME_HEADER = 10;
    /** The modes of a macroblock of 256 pixels take three bits, whatever else it holds. */
    private static final int MOST_PIXELS_A_BYTE = 1024;

    private static final int[] MAGIC = {0x9D, 0x01, 0x2A};
    private static final int Y1_WITH_Y2 = 0;
    private static final int Y2 = 1;
    private static final int UV = 2;
    private static final int Y1 = 3;
    private static final int COEFFICIENTS = 25 * 16;
    private static final int Y2_BLOCK = 24 * 16;

    /** Sizes in macroblocks of 16 × 16 pixels. */
    private final int columns;

    private final int rows;
    private final int width;
    private final int height;
    private final Vp8Header header;
    private final Vp8Block block;
    private final byte[] y;
    private final byte[] u;
    private final byte[] v;

    /** Modes of the subblocks in the row above, four a macroblock, and of those to the left. */
    private final int[] modesAbove;

    private final int[] modesLeft = new int[4];
    /** Whether blocks above and to the left hold coefficients: four of brightness, two and two of colour, one of Y2. */
    private final int[] filledAbove;

    private final int[] filledLeft = new int[9];
    private final int[] coefficients = new int[COEFFICIENTS];
    /** Of each macroblock how it is to be smoothed, see {@link Vp8Filter#kind}. */
    private final byte[] filters;

    private int segment;
    private int mode;
    private int colourMode;
    private final int[] subModes = new int[16];

    private Vp8Decoder(Vp8Header header, int width, int height) {
        this.header = header;
        this.width = width;
        this.height = height;
        columns = (width + 15) / 16;
        rows = (height + 15) / 16;
        y = new byte[256 * columns * rows];
        u = new byte[64 * columns * rows];
        v = new byte[64 * columns * rows];
        block = new Vp8Block(y, u, v, columns);
        modesAbove = new int[4 * columns];
        filledAbove = new int[9 * columns];
        filters = new byte[columns * rows];
    }

    /** The size that a frame's header states, width and height; it is checked to be such a header. */
    static int[] size(byte[] bytes, int start, int length) throws IOException {
        if (length < FRAME_HEADER) {
            throw ByteReader.truncated();
        }
        ByteReader in = new ByteReader(bytes, start);
        boolean key = (in.u8() & 1) == 0;
        in.skip(2);
        boolean magic = in.u8() == MAGIC[0] & in.u8() == MAGIC[1] & in.u8() == MAGIC[2];
        if (!key || !magic) {
            throw new IOException("damaged WebP, it holds no VP8 key frame");
        }
        int[] size = {in.u16Little() & 0x3FFF, in.u16Little() & 0x3FFF};
        ImageFiles.checkSize(size[0], size[1]);
        if ((length + 16L) * MOST_PIXELS_A_BYTE < (long) size[0] * size[1]) {
            throw ByteReader.truncated();
        }
        return size;
    }

    /** Decodes a frame to RGB, height × width × 3. */
    static byte[] rgb(byte[] bytes, int start, int length) throws IOException {
        int[] size = size(bytes, start, length);
        Vp8Header header = Vp8Header.read(bytes, start, length, FRAME_HEADER);
        Vp8Decoder decoder = new Vp8Decoder(header, size[0], size[1]);
        decoder.decode();
        return decoder.toRgb();
    }

    private void decode() throws IOException {
        for (int row = 0; row < rows; row++) {
            Arrays.fill(modesLeft, 0);
            Arrays.fill(filledLeft, 0);
            Vp8Bits residuals = header.residuals(row);
            for (int column = 0; column < columns; column++) {
                macroblock(row, column, residuals);
            }
        }
        new Vp8Filter(header, y, u, v, columns, rows).apply(filters);
    }

    private byte[] toRgb() {
        return Vp8Colors.rgb(y, u, v, 16 * columns, width, height);
    }

    private void macroblock(int row, int column, Vp8Bits residuals) throws IOException {
        Vp8Bits modes = header.modes();
        if (header.segmentMap()) {
            segment = header.readSegment();
        }
        boolean empty = header.readSkip();
        boolean whole = modes.bit(145) == 1;
        if (whole) {
            wholeMode(modes, column);
        } else {
            subModes(modes, column);
        }
        colourMode = modes.bit(142) == 0
                ? Vp8Block.DC
                : modes.bit(114) == 0 ? Vp8Block.VE : modes.bit(183) == 0 ? Vp8Block.HE : Vp8Block.TM;
        Arrays.fill(coefficients, 0);
        boolean filled = false;
        if (empty) {
            forget(column, whole);
        } else {
            filled = residuals(residuals, column, whole);
        }
        block.reconstruct(row, column, whole ? mode : -1, subModes, colourMode, coefficients);
        filters[row * columns + column] = Vp8Filter.kind(segment, whole, filled);
    }

    private void wholeMode(Vp8Bits modes, int column) throws IOException {
        if (modes.bit(156) == 0) {
            mode = modes.bit(163) == 0 ? Vp8Block.DC : Vp8Block.VE;
        } else {
            mode = modes.bit(128) == 0 ? Vp8Block.HE : Vp8Block.TM;
        }
        for (int i = 0; i < 4; i++) {
            modesAbove[4 * column + i] = mode;
            modesLeft[i] = mode;
        }
    }

    private void subModes(Vp8Bits modes, int column) throws IOException {
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < 4; i++) {
                int found = subMode(modes, 9 * (10 * modesAbove[4 * column + i] + modesLeft[j]));
                subModes[4 * j + i] = found;
                modesAbove[4 * column + i] = found;
                modesLeft[j] = found;
            }
        }
    }

    /** Section 11.2: the tree of the subblocks' modes. */
    private static int subMode(Vp8Bits modes, int at) throws IOException {
        int[] p = Vp8Tables.SUBBLOCK_MODES;
        if (modes.bit(p[at]) == 0) {
            return Vp8Block.DC;
        }
        if (modes.bit(p[at + 1]) == 0) {
            return Vp8Block.TM;
        }
        if (modes.bit(p[at + 2]) == 0) {
            return Vp8Block.VE;
        }
        if (modes.bit(p[at + 3]) == 0) {
            if (modes.bit(p[at + 4]) == 0) {
                return Vp8Block.HE;
            }
            return modes.bit(p[at + 5]) == 0 ? Vp8Block.RD : Vp8Block.VR;
        }
        if (modes.bit(p[at + 6]) == 0) {
            return Vp8Block.LD;
        }
        if (modes.bit(p[at + 7]) == 0) {
            return Vp8Block.VL;
        }
        return modes.bit(p[at + 8]) == 0 ? Vp8Block.HD : Vp8Block.HU;
    }

    private void forget(int column, boolean whole) {
        Arrays.fill(filledLeft, 0, whole ? 9 : 8, 0);
        Arrays.fill(filledAbove, 9 * column, 9 * column + (whole ? 9 : 8), 0);
    }

    /** Reads a macroblock's coefficients; returns whether there are any. */
    private boolean residuals(Vp8Bits in, int column, boolean whole) throws IOException {
        int above = 9 * column;
        boolean filled = false;
        if (whole) {
            int found = block(in, Y2, filledLeft[8] + filledAbove[above + 8], header.y2(segment), 0, Y2_BLOCK);
            filledLeft[8] = found;
            filledAbove[above + 8] = found;
            Vp8Transforms.inverseWalsh(coefficients, Y2_BLOCK);
            // What they give counts as coefficients of the blocks below.
            for (int i = 0; i < 256; i += 16) {
                filled |= coefficients[i] != 0;
            }
        }
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < 4; i++) {
                int context = filledLeft[j] + filledAbove[above + i];
                int found = block(
                        in, whole ? Y1_WITH_Y2 : Y1, context, header.y1(segment), whole ? 1 : 0, 16 * (4 * j + i));
                filledLeft[j] = found;
                filledAbove[above + i] = found;
                filled |= found != 0;
            }
        }
        for (int plane = 0; plane < 2; plane++) {
            for (int j = 0; j < 2; j++) {
                for (int i = 0; i < 2; i++) {
                    int left = 4 + 2 * plane + j;
                    int up = above + 4 + 2 * plane + i;
                    int found = block(
                            in,
                            UV,
                            filledLeft[left] + filledAbove[up],
                            header.uv(segment),
                            0,
                            16 * (16 + 4 * plane + 2 * j + i));
                    filledLeft[left] = found;
                    filledAbove[up] = found;
                    filled |= found != 0;
                }
            }
        }
        return filled;
    }

    /** Section 13: reads the coefficients of a block; returns 1 if there are any, else 0. */
    private int block(Vp8Bits in, int plane, int context, int[] factors, int first, int at) throws IOException {
        int[] p = header.tokens();
        int n = first;
        int token = Vp8Tables.token(plane, Vp8Tables.BAND[n], context);
        if (in.bit(p[token]) == 0) {
            return 0;
        }
        while (n < 16) {
            int place = Vp8Tables.ZIGZAG[n++];
            if (in.bit(p[token + 1]) == 0) {
                token = Vp8Tables.token(plane, Vp8Tables.BAND[n], 0);
                continue;
            }
            int value = 1;
            if (in.bit(p[token + 2]) == 1) {
                value = large(in, p, token);
            }
            token = Vp8Tables.token(plane, Vp8Tables.BAND[n], value == 1 ? 1 : 2);
            int product = value * factors[place > 0 ? 1 : 0];
            coefficients[at + place] = (short) (in.bit(128) == 1 ? -product : product);
            if (n == 16 || in.bit(p[token]) == 0) {
                return 1;
            }
        }
        return 1;
    }

    private static int large(Vp8Bits in, int[] p, int token) throws IOException {
        if (in.bit(p[token + 3]) == 0) {
            return in.bit(p[token + 4]) == 0 ? 2 : 3 + in.bit(p[token + 5]);
        }
        if (in.bit(p[token + 6]) == 0) {
            return in.bit(p[token + 7]) == 0 ? 5 + in.bit(159) : 7 + 2 * in.bit(165) + in.bit(145);
        }
        int high = in.bit(p[token + 8]);
        int category = 2 * high + in.bit(p[token + 9 + high]);
        int value = 0;
        for (int probability : Vp8Tables.EXTRA_BITS[category]) {
            value = 2 * value + in.bit(probability);
        }
        return value + 3 + (8 << category);
    }
}
