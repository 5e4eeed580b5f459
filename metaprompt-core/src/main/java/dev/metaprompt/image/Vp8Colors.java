package dev.metaprompt.image;

/**
 * Turns VP8's planes into RGB as libwebp does by default, and so Pillow: colours, of which there is one for four
 * pixels, are mixed from four neighbours 9 : 3 : 3 : 1, and converted by ITU-R BT.601 of limited range in its fixed
 * point.
 */
final class Vp8Colors {
    private final byte[] u;
    private final byte[] v;
    private final int stride;
    private final int width;
    private final int height;

    private Vp8Colors(byte[] u, byte[] v, int stride, int width, int height) {
        this.u = u;
        this.v = v;
        this.stride = stride;
        this.width = width;
        this.height = height;
    }

    /** Converts planes whose rows are longer than the picture's; {@code stride} is that of brightness. */
    static byte[] rgb(byte[] y, byte[] u, byte[] v, int stride, int width, int height) {
        byte[] rgb = new byte[Math.multiplyExact(3, width * height)];
        Vp8Colors colors = new Vp8Colors(u, v, stride / 2, width, height);
        for (int row = 0; row < height; row++) {
            colors.row(y, row * stride, row, rgb);
        }
        return rgb;
    }

    private void row(byte[] y, int from, int row, byte[] rgb) {
        int near = row / 2 * stride;
        int other = near;
        if (row % 2 == 1 && row < height - 1) {
            other += stride;
        } else if (row % 2 == 0 && row > 0) {
            other -= stride;
        }
        for (int x = 0; x < width; x++) {
            int luma = (y[from + x] & 255) * 19077 >> 8;
            int blue = mixed(u, near, other, x);
            int red = mixed(v, near, other, x);
            int to = 3 * (row * width + x);
            rgb[to] = clip(luma + (red * 26149 >> 8) - 14234);
            rgb[to + 1] = clip(luma - (blue * 6419 >> 8) - (red * 13320 >> 8) + 8708);
            rgb[to + 2] = clip(luma + (blue * 33050 >> 8) - 17685);
        }
    }

    private int mixed(byte[] plane, int near, int other, int x) {
        int column = x / 2;
        int own = plane[near + column] & 255;
        int vertical = plane[other + column] & 255;
        boolean last = x == width - 1 && x % 2 == 1;
        if (x == 0 || last) {
            return 3 * own + vertical + 2 >> 2;
        }
        int beside = x % 2 == 1 ? column + 1 : column - 1;
        int horizontal = plane[near + beside] & 255;
        int diagonal = plane[other + beside] & 255;
        int sum = own + horizontal + vertical + diagonal + 8;
        return (sum + 2 * (horizontal + vertical) >> 3) + own >> 1;
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value >> 6));
    }
}
