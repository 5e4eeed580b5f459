package dev.metaprompt.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes RGB images as PNG; needs no display and no fonts. */
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int FILTER_SUB = 1;

    private PngWriter() {}

    /**
     * Writes a file.
     *
     * @param file the file, replaced if there
     * @param image any mode; written as RGB
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, PixelImage image) throws IOException {
        Files.write(file, encode(image));
    }

    /**
     * Encodes an image.
     *
     * @param image any mode; written as RGB
     * @return the bytes of a PNG file, 8 bits a channel
     */
    public static byte[] encode(PixelImage image) {
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(image.width()).putInt(image.height()).put((byte) 8).put((byte) 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflate(filtered(image.toRgb())));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** Stores each sample as its difference to the pixel on the left, which packs photographs better. */
    private static byte[] filtered(PixelImage image) {
        int rowBytes = image.width() * 3;
        byte[] samples = image.samples();
        byte[] raw = new byte[image.height() * (1 + rowBytes)];
        for (int y = 0, o = 0; y < image.height(); y++) {
            raw[o++] = FILTER_SUB;
            for (int i = 0; i < rowBytes; i++) {
                int at = y * rowBytes + i;
                raw[o++] = (byte) (i < 3 ? samples[at] : samples[at] - samples[at - 3]);
            }
        }
        return raw;
    }

    private static byte[] deflate(byte[] raw) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(raw);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
