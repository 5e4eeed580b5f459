package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Reads the first frame of a GIF (87a, 89a), placed on its logical screen. */
final class GifDecoder {
    private static final int SCREEN = 6;

    private final byte[] bytes;
    private final ByteReader in;
    private int width;
    private int height;
    private byte[] palette;
    private int transparent;
    private Region frame;
    private int frameFlags;

    private GifDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.in = new ByteReader(bytes, SCREEN);
    }

    static PixelImage decode(byte[] bytes) throws IOException {
        return new GifDecoder(bytes).image();
    }

    /** Returns the palette that stands where a file gives none: 0, 0, 0, 1, 1, 1 … 255. */
    static byte[] greyRamp() {
        byte[] ramp = new byte[768];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i / 3);
        }
        return ramp;
    }

    /** Reads the mode alone, from what stands before the pixels. */
    static Mode mode(byte[] bytes) throws IOException {
        GifDecoder decoder = new GifDecoder(bytes);
        decoder.readHeaders();
        return decoder.mode();
    }

    private void readHeaders() throws IOException {
        width = in.u16Little();
        height = in.u16Little();
        int flags = in.u8();
        in.skip(2);
        palette = palette(flags);
        skipToFrame();
        frame = frame();
        frameFlags = in.u8();
        if ((frameFlags & 0x80) != 0) {
            palette = palette(frameFlags);
        }
    }

    /** Indices that are their own grey need no palette: such a file is grey and is resized as grey. */
    private Mode mode() {
        return Arrays.equals(palette, greyRamp()) ? Mode.GREY : Mode.PALETTE;
    }

    private PixelImage image() throws IOException {
        readHeaders();
        int screenWidth = Math.max(width, frame.x() + frame.width());
        int screenHeight = Math.max(height, frame.y() + frame.height());
        ImageFiles.checkSize(screenWidth, screenHeight);
        int literalBits = in.u8();
        byte[] pixels = new GifLzw(blocks(), literalBits).unpack(frame.width() * frame.height());
        byte[] screen = new byte[screenWidth * screenHeight];
        Arrays.fill(screen, (byte) transparent);
        boolean interlaced = (frameFlags & 0x40) != 0;
        for (int i = 0; i < frame.height(); i++) {
            int y = frame.y() + (interlaced ? interlacedRow(i, frame.height()) : i);
            System.arraycopy(pixels, i * frame.width(), screen, y * screenWidth + frame.x(), frame.width());
        }
        return mode() == Mode.GREY
                ? PixelImage.of(Mode.GREY, screenWidth, screenHeight, screen)
                : new PixelImage(Mode.PALETTE, screenWidth, screenHeight, screen, palette);
    }

    private byte[] palette(int flags) throws IOException {
        byte[] colors = greyRamp();
        if ((flags & 0x80) != 0) {
            int length = 3 * (2 << (flags & 7));
            System.arraycopy(bytes, in.skip(length), colors, 0, length);
        }
        return colors;
    }

    private void skipToFrame() throws IOException {
        int block = in.u8();
        while (block != ',') {
            if (block != '!') {
                throw new IOException("damaged GIF, it holds no frame");
            }
            int label = in.u8();
            int length = in.u8();
            if (label == 0xF9 && length == 4) {
                int at = in.skip(length);
                transparent = (bytes[at] & 1) == 0 ? 0 : bytes[at + 3] & 255;
                length = in.u8();
            }
            while (length != 0) {
                in.skip(length);
                length = in.u8();
            }
            block = in.u8();
        }
    }

    private Region frame() throws IOException {
        int x = in.u16Little();
        int y = in.u16Little();
        int width = in.u16Little();
        int height = in.u16Little();
        ImageFiles.checkSize(width, height);
        return new Region(x, y, width, height);
    }

    /** Rows come in four passes: every 8th, every 8th from 4, every 4th from 2, every 2nd from 1. */
    private static int interlacedRow(int index, int height) {
        int[][] passes = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
        int left = index;
        for (int[] pass : passes) {
            int rows = (height - pass[0] + pass[1] - 1) / pass[1];
            if (left < rows) {
                return pass[0] + left * pass[1];
            }
            left -= Math.max(rows, 0);
        }
        throw new IllegalArgumentException("row " + index + " of " + height);
    }

    private byte[] blocks() throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int length = in.u8(); length != 0; length = in.u8()) {
            data.write(bytes, in.skip(length), length);
        }
        return data.toByteArray();
    }
}
