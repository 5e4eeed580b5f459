package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.IOException;

/**
 * The header of a PNG file.
 *
 * @param width columns
 * @param height rows
 * @param depth bits a sample: 1, 2, 4, 8 or 16
 * @param mode what the samples become
 * @param interlaced whether the rows come in Adam7's seven passes
 */
record PngFormat(int width, int height, int depth, Mode mode, boolean interlaced) {
    private static final int LENGTH = 13;
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };
    private static final int[][] SINGLE = {{0, 0, 1, 1}};

    static PngFormat parse(byte[] bytes, int data, int length) throws IOException {
        ByteReader in = new ByteReader(bytes, data);
        if (length != LENGTH) {
            throw new IOException("damaged PNG, header of " + length + " bytes");
        }
        int width = in.s32Big();
        int height = in.s32Big();
        ImageFiles.checkSize(width, height);
        int depth = in.u8();
        int color = in.u8();
        int methods = in.u16Big();
        int interlace = in.u8();
        if (methods != 0 || interlace > 1) {
            throw new IOException("damaged PNG, unknown compression, filter or interlacing");
        }
        return new PngFormat(width, height, depth, mode(depth, color), interlace == 1);
    }

    private static Mode mode(int depth, int color) throws IOException {
        boolean whole = depth == 8 || depth == 16;
        boolean packed = depth == 1 || depth == 2 || depth == 4;
        if (color == 0 && (whole || packed)) {
            return depth == 1 ? Mode.BILEVEL : Mode.GREY;
        }
        if (color == 3 && (depth == 8 || packed)) {
            return Mode.PALETTE;
        }
        if (whole && (color == 2 || color == 4 || color == 6)) {
            return color == 2 ? Mode.RGB : color == 4 ? Mode.GREY_ALPHA : Mode.RGBA;
        }
        throw new IOException("damaged PNG, colour type " + color + " with " + depth + " bits");
    }

    /** Returns the passes as {first column, first row, column step, row step}. */
    int[][] passes() {
        return interlaced ? ADAM7 : SINGLE;
    }

    int columns(int[] pass) {
        return Math.max(0, (width - pass[0] + pass[2] - 1) / pass[2]);
    }

    int rows(int[] pass) {
        return Math.max(0, (height - pass[1] + pass[3] - 1) / pass[3]);
    }

    /** Returns the bytes of a row of {@code columns} pixels, without its filter byte. */
    int rowBytes(int columns) {
        return (int) (((long) columns * mode.bands() * depth + 7) / 8);
    }

    /** Returns the distance in bytes to the pixel on the left, for the filters. */
    int filterDistance() {
        return Math.max(1, mode.bands() * depth / 8);
    }

    /** Returns the bytes of all rows of all passes with their filter bytes. */
    long rawBytes() {
        long sum = 0;
        for (int[] pass : passes()) {
            int columns = columns(pass);
            sum += columns == 0 ? 0 : (long) rows(pass) * (1 + rowBytes(columns));
        }
        return sum;
    }
}
