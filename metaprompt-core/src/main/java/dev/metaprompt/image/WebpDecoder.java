package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads WebP, lossy and lossless, with alpha or without, and of a moving one the first frame, to the samples that
 * libwebp gives Pillow.
 */
final class WebpDecoder {
    private static final int RIFF_HEADER = 8;
    private static final int FIRST_CHUNK = 12;
    private static final int ANIMATED = 2;
    private static final int ALPHA = 16;
    private static final int FRAME_HEADER = 16;

    private final byte[] bytes;
    private final int end;

    private WebpDecoder(byte[] bytes) throws IOException {
        this.bytes = bytes;
        long size = new ByteReader(bytes, 4).s32Little() & 0xFFFFFFFFL;
        if (size + RIFF_HEADER > bytes.length) {
            throw ByteReader.truncated();
        }
        this.end = (int) size + RIFF_HEADER;
    }

    static PixelImage decode(byte[] bytes) throws IOException {
        return new WebpDecoder(bytes).image();
    }

    /** Reads the mode alone, from the headers. */
    static Mode mode(byte[] bytes) throws IOException {
        return new WebpDecoder(bytes).hasAlpha() ? Mode.RGBA : Mode.RGB;
    }

    /** A piece of the file: its name, and where its content is. */
    private record Chunk(String name, int start, int length) {}

    private Chunk chunk(int at, int limit) throws IOException {
        if (at > limit - RIFF_HEADER) {
            throw new IOException("damaged WebP, it holds no picture");
        }
        long length = new ByteReader(bytes, at + 4).s32Little() & 0xFFFFFFFFL;
        if (length > limit - at - RIFF_HEADER) {
            throw ByteReader.truncated();
        }
        char[] name = new char[4];
        for (int i = 0; i < name.length; i++) {
            name[i] = (char) (bytes[at + i] & 255);
        }
        return new Chunk(new String(name), at + RIFF_HEADER, (int) length);
    }

    private static int behind(Chunk chunk) {
        return chunk.start() + chunk.length() + (chunk.length() & 1);
    }

    private PixelImage image() throws IOException {
        Chunk first = chunk(FIRST_CHUNK, end);
        if (!first.name().equals("VP8X")) {
            return picture(FIRST_CHUNK, end).image();
        }
        ByteReader in = new ByteReader(bytes, first.start());
        int flags = in.u8();
        in.skip(3);
        int width = 1 + u24(in);
        int height = 1 + u24(in);
        ImageFiles.checkSize(width, height);
        boolean alpha = (flags & ALPHA) != 0;
        return (flags & ANIMATED) == 0
                ? still(behind(first), width, height, alpha)
                : frame(behind(first), width, height, alpha);
    }

    private boolean hasAlpha() throws IOException {
        Chunk first = chunk(FIRST_CHUNK, end);
        return first.name().equals("VP8X")
                ? (new ByteReader(bytes, first.start()).u8() & ALPHA) != 0
                : picture(FIRST_CHUNK, end).alpha;
    }

    private static int u24(ByteReader in) throws IOException {
        return in.u16Little() | in.u8() << 16;
    }

    private PixelImage still(int at, int width, int height, boolean alpha) throws IOException {
        Picture picture = picture(at, end);
        if (picture.width() != width || picture.height() != height) {
            throw new IOException("damaged WebP, its picture is not of the size that it says");
        }
        return picture.decode(alpha);
    }

    private PixelImage frame(int at, int width, int height, boolean alpha) throws IOException {
        Chunk chunk = chunk(at, end);
        while (!chunk.name().equals("ANMF")) {
            chunk = chunk(behind(chunk), end);
        }
        if (chunk.length() < FRAME_HEADER) {
            throw ByteReader.truncated();
        }
        ByteReader in = new ByteReader(bytes, chunk.start());
        int left = 2 * u24(in);
        int top = 2 * u24(in);
        Picture picture = picture(chunk.start() + FRAME_HEADER, chunk.start() + chunk.length());
        if (picture.width() > width - left || picture.height() > height - top) {
            throw new IOException("damaged WebP, its first frame is not inside of it");
        }
        PixelImage frame = picture.decode(alpha);
        if (frame.width() == width && frame.height() == height) {
            return frame;
        }
        int bands = frame.mode().bands();
        byte[] canvas = new byte[Math.multiplyExact(bands, width * height)];
        int row = bands * frame.width();
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(frame.samples(), y * row, canvas, bands * ((top + y) * width + left), row);
        }
        return PixelImage.of(frame.mode(), width, height, canvas);
    }

    /** Finds the picture among the chunks of a part of the file. */
    private Picture picture(int at, int limit) throws IOException {
        Optional<Chunk> alpha = Optional.empty();
        Chunk chunk = chunk(at, limit);
        while (true) {
            if (chunk.name().equals("VP8L")) {
                Vp8lDecoder.Header header = Vp8lDecoder.header(bytes, chunk.start(), chunk.length());
                return new Picture(chunk, Optional.empty(), header.width(), header.height(), header.alpha());
            }
            if (chunk.name().equals("VP8 ")) {
                int[] size = Vp8Decoder.size(bytes, chunk.start(), chunk.length());
                return new Picture(chunk, alpha, size[0], size[1], alpha.isPresent());
            }
            if (chunk.name().equals("ALPH")) {
                alpha = Optional.of(chunk);
            }
            chunk = chunk(behind(chunk), limit);
        }
    }

    /** A picture that is not decoded yet. */
    private final class Picture {
        private final Chunk chunk;
        private final Optional<Chunk> alphaChunk;
        private final int width;
        private final int height;
        private final boolean alpha;

        Picture(Chunk chunk, Optional<Chunk> alphaChunk, int width, int height, boolean alpha) {
            this.chunk = chunk;
            this.alphaChunk = alphaChunk;
            this.width = width;
            this.height = height;
            this.alpha = alpha;
        }

        int width() {
            return width;
        }

        int height() {
            return height;
        }

        PixelImage image() throws IOException {
            return decode(alpha);
        }

        PixelImage decode(boolean withAlpha) throws IOException {
            byte[] samples = chunk.name().equals("VP8L") ? lossless(withAlpha) : lossy(withAlpha);
            return PixelImage.of(withAlpha ? Mode.RGBA : Mode.RGB, width, height, samples);
        }

        private byte[] lossless(boolean withAlpha) throws IOException {
            int[] pixels = Vp8lDecoder.decode(bytes, chunk.start(), chunk.length());
            int bands = withAlpha ? 4 : 3;
            byte[] samples = new byte[Math.multiplyExact(bands, pixels.length)];
            for (int i = 0, at = 0; i < pixels.length; i++, at += bands) {
                samples[at] = (byte) (pixels[i] >> 16);
                samples[at + 1] = (byte) (pixels[i] >> 8);
                samples[at + 2] = (byte) pixels[i];
                if (withAlpha) {
                    samples[at + 3] = (byte) (pixels[i] >> 24);
                }
            }
            return samples;
        }

        private byte[] lossy(boolean withAlpha) throws IOException {
            byte[] rgb = Vp8Decoder.rgb(bytes, chunk.start(), chunk.length());
            if (!withAlpha) {
                return rgb;
            }
            byte[] opacity = opacity();
            byte[] rgba = new byte[Math.multiplyExact(4, opacity.length)];
            for (int i = 0; i < opacity.length; i++) {
                System.arraycopy(rgb, 3 * i, rgba, 4 * i, 3);
                rgba[4 * i + 3] = opacity[i];
            }
            return rgba;
        }

        private byte[] opacity() throws IOException {
            if (alphaChunk.isPresent()) {
                Chunk stored = alphaChunk.get();
                return WebpAlpha.decode(bytes, stored.start(), stored.length(), width, height);
            }
            byte[] opaque = new byte[width * height];
            Arrays.fill(opaque, (byte) 255);
            return opaque;
        }
    }
}
