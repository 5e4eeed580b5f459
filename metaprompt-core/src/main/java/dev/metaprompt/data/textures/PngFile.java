package dev.metaprompt.data.textures;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Encodes 8-bit RGB pixels as a PNG file (ISO/IEC 15948) without any time stamp or text. */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int LEVEL = 4;

    private PngFile() {}

    /** Returns the file's bytes for {@code rgb} of [height, width, 3]. */
    static byte[] encode(byte[] rgb, int width, int height) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(rgb.length);
        file.writeBytes(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        chunk(file, "IHDR", header, header.length);
        byte[] raw = filtered(rgb, width, height);
        byte[] packed = new byte[raw.length + 1024];
        chunk(file, "IDAT", packed, deflate(raw, packed));
        chunk(file, "IEND", new byte[0], 0);
        return file.toByteArray();
    }

    /** Every row with filter 1: each byte less the one a pixel to its left. */
    private static byte[] filtered(byte[] rgb, int width, int height) {
        int row = width * 3;
        byte[] raw = new byte[height * (row + 1)];
        for (int y = 0; y < height; y++) {
            int to = y * (row + 1);
            raw[to] = 1;
            for (int x = 0; x < row; x++) {
                int left = x < 3 ? 0 : rgb[y * row + x - 3];
                raw[to + 1 + x] = (byte) (rgb[y * row + x] - left);
            }
        }
        return raw;
    }

    private static int deflate(byte[] raw, byte[] packed) {
        Deflater deflater = new Deflater(LEVEL);
        try {
            deflater.setInput(raw);
            deflater.finish();
            int length = deflater.deflate(packed);
            if (!deflater.finished()) {
                throw new IllegalStateException("deflated data larger than expected");
            }
            return length;
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data, int length) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data, 0, length);
        file.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        file.writeBytes(name);
        file.write(data, 0, length);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
