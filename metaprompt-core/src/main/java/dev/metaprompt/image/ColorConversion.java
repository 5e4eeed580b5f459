package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;

/** Pillow's conversions between modes, in its own integer arithmetic. */
final class ColorConversion {
    private ColorConversion() {}

    /** Returns RGB samples of the same pixels; {@code palette} is read for {@link Mode#PALETTE} alone. */
    static byte[] toRgb(Mode mode, byte[] samples, byte[] palette) {
        int bands = mode.bands();
        int pixels = samples.length / bands;
        byte[] rgb = new byte[pixels * 3];
        switch (mode) {
            case BILEVEL, GREY, GREY_ALPHA -> {
                for (int i = 0; i < pixels; i++) {
                    byte grey = samples[i * bands];
                    rgb[3 * i] = grey;
                    rgb[3 * i + 1] = grey;
                    rgb[3 * i + 2] = grey;
                }
            }
            case PALETTE -> {
                for (int i = 0; i < pixels; i++) {
                    System.arraycopy(palette, 3 * (samples[i] & 255), rgb, 3 * i, 3);
                }
            }
            case RGB, RGBA -> {
                for (int i = 0; i < pixels; i++) {
                    System.arraycopy(samples, i * bands, rgb, 3 * i, 3);
                }
            }
            case CMYK -> cmykToRgb(samples, rgb);
        }
        return rgb;
    }

    private static void cmykToRgb(byte[] cmyk, byte[] rgb) {
        for (int i = 0, o = 0; i < cmyk.length; i += 4) {
            int light = 255 - (cmyk[i + 3] & 255);
            for (int band = 0; band < 3; band++) {
                int value = light - multiply(cmyk[i + band] & 255, light);
                rgb[o++] = (byte) Math.max(value, 0);
            }
        }
    }

    /** Multiplies the colour bands by alpha, the last band; resizing mixes colours by how much they show. */
    static byte[] premultiply(byte[] samples, int bands) {
        byte[] out = new byte[samples.length];
        for (int i = 0; i < samples.length; i += bands) {
            int alpha = samples[i + bands - 1] & 255;
            for (int band = 0; band < bands - 1; band++) {
                out[i + band] = (byte) multiply(samples[i + band] & 255, alpha);
            }
            out[i + bands - 1] = (byte) alpha;
        }
        return out;
    }

    /** Divides the colour bands by alpha, in place. */
    static void unpremultiply(byte[] samples, int bands) {
        for (int i = 0; i < samples.length; i += bands) {
            int alpha = samples[i + bands - 1] & 255;
            if (alpha == 0 || alpha == 255) {
                continue;
            }
            for (int band = 0; band < bands - 1; band++) {
                samples[i + band] = (byte) Math.min(255, 255 * (samples[i + band] & 255) / alpha);
            }
        }
    }

    /** Returns a·b/255, rounded. */
    private static int multiply(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
