package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads PNG (ISO/IEC 15948) to raw samples.
 *
 * <p>Our own reader because the class library's gives other samples with some transparency chunks and bit depths, and
 * differs between Java versions. Transparency chunks, gamma and profiles are ignored, as CLIP's preprocessing does.
 */
final class PngDecoder {
    private static final int SIGNATURE = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    /** Deflate cannot shrink data more than about 1032-fold. */
    private static final long MOST_COMPRESSION = 1100;
    /** Some writers pad the last row; who packs more behind the pixels wants to keep the reader busy. */
    private static final int MOST_REST = 1 << 20;

    private final byte[] bytes;
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private final byte[] palette = GifDecoder.greyRamp();
    private boolean hasPalette;
    private PngFormat format;

    private PngDecoder(byte[] bytes) {
        this.bytes = bytes;
    }

    static PixelImage decode(byte[] bytes) throws IOException {
        PngDecoder decoder = new PngDecoder(bytes);
        decoder.readChunks();
        return decoder.image();
    }

    /** Reads the mode alone, from the header, which comes first. */
    static Mode mode(byte[] bytes) throws IOException {
        ByteReader in = new ByteReader(bytes, SIGNATURE);
        int length = in.s32Big();
        if (in.s32Big() != IHDR) {
            throw noHeader();
        }
        return PngFormat.parse(bytes, in.skip(length), length).mode();
    }

    private static IOException noHeader() {
        return new IOException("damaged PNG, it does not begin with its header");
    }

    private void readChunks() throws IOException {
        ByteReader in = new ByteReader(bytes, SIGNATURE);
        int type;
        do {
            int length = in.s32Big();
            type = in.s32Big();
            int data = in.skip(length);
            int crc = in.s32Big();
            boolean critical = (type & 0x20000000) == 0;
            if (critical && crc != crc(data - 4, length + 4)) {
                throw new IOException("damaged PNG, a checksum is wrong");
            }
            if (format == null && type != IHDR) {
                throw noHeader();
            }
            chunk(type, data, length);
        } while (type != IEND);
    }

    private int crc(int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private void chunk(int type, int data, int length) throws IOException {
        switch (type) {
            case IHDR -> format = PngFormat.parse(bytes, data, length);
            case PLTE -> {
                if (length % 3 != 0 || length > palette.length) {
                    throw new IOException("damaged PNG, palette of " + length + " bytes");
                }
                System.arraycopy(bytes, data, palette, 0, length);
                hasPalette = true;
            }
            case IDAT -> compressed.write(bytes, data, length);
            default -> {
                // Everything else describes the image but is not part of its samples.
            }
        }
    }

    private PixelImage image() throws IOException {
        long size = format.rawBytes();
        if (compressed.size() * MOST_COMPRESSION < size) {
            throw ByteReader.truncated();
        }
        byte[] raw = inflate(Math.toIntExact(size));
        Mode mode = format.mode();
        if (mode != Mode.PALETTE) {
            return PixelImage.of(mode, format.width(), format.height(), PngScanlines.samples(format, raw));
        }
        if (!hasPalette) {
            throw new IOException("damaged PNG, its palette is missing");
        }
        return new PixelImage(mode, format.width(), format.height(), PngScanlines.samples(format, raw), palette);
    }

    private byte[] inflate(int size) throws IOException {
        byte[] raw = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed.toByteArray());
            int done = 0;
            while (done < size) {
                int count = inflater.inflate(raw, done, size - done);
                if (count == 0) {
                    throw ByteReader.truncated();
                }
                done += count;
            }
            // Reads on to the end of the stream, which is where its checksum is compared.
            byte[] rest = new byte[1 << 12];
            while (!inflater.finished()) {
                if (inflater.inflate(rest) == 0 && !inflater.finished()) {
                    throw ByteReader.truncated();
                }
                if (inflater.getBytesWritten() - size > MOST_REST) {
                    throw new IOException("damaged PNG, more pixel data than its size takes");
                }
            }
            return raw;
        } catch (DataFormatException e) {
            throw new IOException("damaged PNG, its pixel data cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }
}
