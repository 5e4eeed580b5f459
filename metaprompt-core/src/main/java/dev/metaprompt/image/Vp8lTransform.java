package dev.metaprompt.image;

/**
 * A transform of WebP's lossless format (RFC 9649, section 3.5), to be undone.
 *
 * @param kind one of the four
 * @param width of the picture in pixels once it is undone
 * @param bits logarithm of the side of its tiles; for a palette, of how many indices stand in one pixel
 * @param data a pixel for each tile, or the palette
 */
record Vp8lTransform(int kind, int width, int bits, int[] data) {
    static final int PREDICTOR = 0;
    static final int COLOUR = 1;
    static final int SUBTRACT_GREEN = 2;
    static final int PALETTE = 3;

    private static final int BLACK = 0xFF000000;

    /** The width before it is undone. */
    int narrowed() {
        return kind == PALETTE ? Vp8lDecoder.tiles(width, bits) : width;
    }

    /** Undoes it; the given pixels may be changed. */
    int[] inverse(int[] pixels, int height) {
        switch (kind) {
            case PREDICTOR -> predict(pixels, height);
            case COLOUR -> colour(pixels, height);
            case SUBTRACT_GREEN -> addGreen(pixels);
            default -> {
                return palette(pixels, height);
            }
        }
        return pixels;
    }

    private int tile(int x, int y) {
        return data[(y >> bits) * Vp8lDecoder.tiles(width, bits) + (x >> bits)];
    }

    private static void addGreen(int[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            int green = pixels[i] >> 8 & 255;
            pixels[i] = add(pixels[i], green << 16 | green);
        }
    }

    private void colour(int[] pixels, int height) {
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at++) {
                int factors = tile(x, y);
                byte green = (byte) (pixels[at] >> 8);
                int red = (pixels[at] >> 16) + product(factors, green) & 255;
                int blue = pixels[at] + product(factors >> 8, green) + product(factors >> 16, (byte) red) & 255;
                pixels[at] = pixels[at] & 0xFF00FF00 | red << 16 | blue;
            }
        }
    }

    private static int product(int factor, byte value) {
        return (byte) factor * value >> 5;
    }

    private int[] palette(int[] pixels, int height) {
        int inRow = narrowed();
        int[] out = new int[Math.multiplyExact(width, height)];
        int indexBits = 8 >> bits;
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int packed = pixels[y * inRow + (x >> bits)] >> 8 & 255;
                int index = packed >> indexBits * (x & (1 << bits) - 1) & (1 << indexBits) - 1;
                out[at++] = data[index];
            }
        }
        return out;
    }

    private void predict(int[] pixels, int height) {
        pixels[0] = add(pixels[0], BLACK);
        for (int x = 1; x < width; x++) {
            pixels[x] = add(pixels[x], pixels[x - 1]);
        }
        for (int y = 1, at = width; y < height; y++) {
            pixels[at] = add(pixels[at], pixels[at - width]);
            at++;
            for (int x = 1; x < width; x++, at++) {
                int mode = tile(x, y) >> 8 & 15;
                pixels[at] = add(pixels[at], predicted(mode, pixels, at));
            }
        }
    }

    private int predicted(int mode, int[] p, int at) {
        int left = p[at - 1];
        int top = p[at - width];
        // At the end of a row this is the first pixel of its own row.
        int topRight = p[at - width + 1];
        int topLeft = p[at - width - 1];
        return switch (mode) {
            case 1 -> left;
            case 2 -> top;
            case 3 -> topRight;
            case 4 -> topLeft;
            case 5 -> mean(mean(left, topRight), top);
            case 6 -> mean(left, topLeft);
            case 7 -> mean(left, top);
            case 8 -> mean(topLeft, top);
            case 9 -> mean(top, topRight);
            case 10 -> mean(mean(left, topLeft), mean(top, topRight));
            case 11 -> nearer(left, top, topLeft);
            case 12 -> gradient(left, top, topLeft);
            case 13 -> half(mean(left, top), topLeft);
            default -> BLACK;
        };
    }

    /** Adds each of the four samples, without a carry from one to the next. */
    static int add(int a, int b) {
        return (a & 0xFF00FF00) + (b & 0xFF00FF00) & 0xFF00FF00 | (a & 0xFF00FF) + (b & 0xFF00FF) & 0xFF00FF;
    }

    private static int mean(int a, int b) {
        return ((a ^ b) >>> 1 & 0x7F7F7F7F) + (a & b);
    }

    private static int nearer(int left, int top, int topLeft) {
        int ofLeft = 0;
        int ofTop = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int corner = topLeft >>> shift & 255;
            ofTop += Math.abs((top >>> shift & 255) - corner);
            ofLeft += Math.abs((left >>> shift & 255) - corner);
        }
        return ofTop < ofLeft ? left : top;
    }

    private static int gradient(int left, int top, int topLeft) {
        int pixel = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int value = (left >>> shift & 255) + (top >>> shift & 255) - (topLeft >>> shift & 255);
            pixel |= Vp8Transforms.clip(value) << shift;
        }
        return pixel;
    }

    private static int half(int mean, int topLeft) {
        int pixel = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int value = mean >>> shift & 255;
            pixel |= Vp8Transforms.clip(value + (value - (topLeft >>> shift & 255)) / 2) << shift;
        }
        return pixel;
    }
}
