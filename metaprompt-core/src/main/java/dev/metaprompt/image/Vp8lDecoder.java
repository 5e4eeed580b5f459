package dev.metaprompt.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Decodes WebP's lossless format (RFC 9649, section 3) to pixels 0xAARRGGBB. Work and memory are in proportion to the
 * pixels, whatever the file holds.
 */
final class Vp8lDecoder {
    private static final int SIGNATURE = 0x2F;
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int CACHE_HASH = 0x1E35A7BD;
    private static final int LONGEST_CACHE = 11;
    /** Pixels of one colour may take no bits at all; so many may come of nothing, and so many more of each byte. */
    private static final long FREE_PIXELS = 1 << 22;

    private static final long MOST_PIXELS_A_BYTE = 1 << 16;

    /** Encoders make at most 2,600 groups of codes; each takes memory, however few bits it has. */
    private static final int MOST_GROUPS = 10_000;

    /**
     * Section 3.6.2.1: nearby pixels by the smallest distances, four bits of rows and four of columns to the left of 8.
     */
    private static final int[] NEARBY =
            nearby("1807171928062729161a262a38053739151b363a252b48044749141c353b464a242c58454b343c03"
                    + "5759131d565a232d444c555b333d68026769121e666a222e545c434d656b323e78017779535d111f"
                    + "646c424e767a212f757b313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070");

    private final Vp8lBits in;
    private final int height;

    private Vp8lDecoder(Vp8lBits in, int height) {
        this.in = in;
        this.height = height;
    }

    /**
     * What the header of a picture says.
     *
     * @param alpha whether it says that not all pixels are opaque
     */
    record Header(int width, int height, boolean alpha) {}

    static Header header(byte[] bytes, int start, int length) throws IOException {
        Vp8lBits in = new Vp8lBits(bytes, start, length);
        if (in.number(8) != SIGNATURE) {
            throw new IOException("damaged WebP, it holds no lossless picture");
        }
        Header header = new Header(1 + in.number(14), 1 + in.number(14), in.flag());
        if (in.number(3) != 0) {
            throw new IOException("WebP of a version that is not known");
        }
        checkSize(header.width(), header.height(), length);
        return header;
    }

    private static void checkSize(int width, int height, int length) throws IOException {
        ImageFiles.checkSize(width, height);
        if ((long) width * height > FREE_PIXELS + length * MOST_PIXELS_A_BYTE) {
            throw new IOException(
                    "WebP of " + length + " bytes for " + width + "×" + height + " pixels, more than are read");
        }
    }

    /** Decodes a picture with its header. */
    static int[] decode(byte[] bytes, int start, int length) throws IOException {
        Header header = header(bytes, start, length);
        int begin = 5;
        return decode(bytes, start + begin, length - begin, header.width(), header.height());
    }

    /** Decodes a picture without a header, whose size is known. */
    static int[] decode(byte[] bytes, int start, int length, int width, int height) throws IOException {
        checkSize(width, height, length);
        return new Vp8lDecoder(new Vp8lBits(bytes, start, length), height).picture(width);
    }

    private int[] picture(int fullWidth) throws IOException {
        List<Vp8lTransform> transforms = new ArrayList<>();
        int width = fullWidth;
        int seen = 0;
        while (in.flag()) {
            int kind = in.number(2);
            if ((seen & 1 << kind) != 0) {
                throw new IOException("damaged WebP, it is transformed twice in one way");
            }
            seen |= 1 << kind;
            Vp8lTransform transform = transform(kind, width);
            transforms.add(transform);
            width = transform.narrowed();
        }
        int[] pixels = pixels(width, height, true);
        for (int i = transforms.size() - 1; i >= 0; i--) {
            pixels = transforms.get(i).inverse(pixels, height);
        }
        return pixels;
    }

    private Vp8lTransform transform(int kind, int width) throws IOException {
        if (kind == Vp8lTransform.SUBTRACT_GREEN) {
            return new Vp8lTransform(kind, width, 0, new int[0]);
        }
        if (kind == Vp8lTransform.PALETTE) {
            int colors = 1 + in.number(8);
            int[] palette = pixels(colors, 1, false);
            for (int i = 1; i < colors; i++) {
                palette[i] = Vp8lTransform.add(palette[i], palette[i - 1]);
            }
            int bits = colors <= 2 ? 3 : colors <= 4 ? 2 : colors <= 16 ? 1 : 0;
            // Indices above the palette's are transparent black.
            return new Vp8lTransform(kind, width, bits, Arrays.copyOf(palette, LITERALS));
        }
        int bits = 2 + in.number(3);
        return new Vp8lTransform(kind, width, bits, pixels(tiles(width, bits), tiles(height, bits), false));
    }

    static int tiles(int length, int bits) {
        return length + (1 << bits) - 1 >> bits;
    }

    /** Five codes: green with lengths and cached colours, red, blue, alpha, and distances. */
    private record Group(Vp8lCode green, Vp8lCode red, Vp8lCode blue, Vp8lCode alpha, Vp8lCode distance) {}

    private int[] pixels(int width, int rows, boolean main) throws IOException {
        int cacheBits = in.flag() ? in.number(4) : 0;
        if (cacheBits > LONGEST_CACHE) {
            throw new IOException("damaged WebP, its cache of colours is too large");
        }
        int[] cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
        int[] tiles = new int[0];
        int tileBits = 0;
        int groups = 1;
        if (main && in.flag()) {
            tileBits = 2 + in.number(3);
            tiles = pixels(tiles(width, tileBits), tiles(rows, tileBits), false);
            for (int i = 0; i < tiles.length; i++) {
                tiles[i] = tiles[i] >> 8 & 0xFFFF;
                groups = Math.max(groups, tiles[i] + 1);
            }
        }
        return pixels(width, rows, groups(groups, cache.length), tiles, tileBits, cache);
    }

    private Group[] groups(int count, int cached) throws IOException {
        if (count > MOST_GROUPS) {
            throw new IOException("WebP of " + count + " groups of codes, more than are read");
        }
        Group[] groups = new Group[count];
        for (int i = 0; i < count; i++) {
            groups[i] = new Group(
                    Vp8lCode.read(in, LITERALS + LENGTHS + cached),
                    Vp8lCode.read(in, LITERALS),
                    Vp8lCode.read(in, LITERALS),
                    Vp8lCode.read(in, LITERALS),
                    Vp8lCode.read(in, DISTANCES));
        }
        return groups;
    }

    private int[] pixels(int width, int rows, Group[] groups, int[] tiles, int tileBits, int[] cache)
            throws IOException {
        int[] pixels = new int[Math.multiplyExact(width, rows)];
        int tilesInRow = tiles(width, tileBits);
        int cacheShift = Integer.numberOfLeadingZeros(cache.length) + 1;
        for (int at = 0; at < pixels.length; ) {
            int x = at % width;
            Group group = tiles.length == 0
                    ? groups[0]
                    : groups[tiles[(at / width >> tileBits) * tilesInRow + (x >> tileBits)]];
            int symbol = group.green().next(in);
            int begin = at;
            if (symbol < LITERALS) {
                int red = group.red().next(in);
                int blue = group.blue().next(in);
                pixels[at++] = group.alpha().next(in) << 24 | red << 16 | symbol << 8 | blue;
            } else if (symbol < LITERALS + LENGTHS) {
                int length = extended(symbol - LITERALS);
                int distance = distance(extended(group.distance().next(in)), width);
                if (distance > at || length > pixels.length - at) {
                    throw new IOException("damaged WebP, it refers to pixels that are not there");
                }
                for (int i = 0; i < length; i++, at++) {
                    pixels[at] = pixels[at - distance];
                }
            } else {
                pixels[at++] = cache[symbol - LITERALS - LENGTHS];
            }
            for (int i = begin; cache.length > 0 && i < at; i++) {
                cache[pixels[i] * CACHE_HASH >>> cacheShift] = pixels[i];
            }
        }
        return pixels;
    }

    /** A length or distance by its symbol and more bits. */
    private int extended(int symbol) throws IOException {
        if (symbol < 4) {
            return symbol + 1;
        }
        int bits = symbol - 2 >> 1;
        return (2 + (symbol & 1) << bits) + in.number(bits) + 1;
    }

    private static int distance(int code, int width) {
        if (code > NEARBY.length) {
            return code - NEARBY.length;
        }
        int nearby = NEARBY[code - 1];
        return Math.max(1, (nearby >> 4) * width + 8 - (nearby & 15));
    }

    private static int[] nearby(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        int[] nearby = new int[bytes.length];
        for (int i = 0; i < nearby.length; i++) {
            nearby[i] = bytes[i];
        }
        return nearby;
    }
}
