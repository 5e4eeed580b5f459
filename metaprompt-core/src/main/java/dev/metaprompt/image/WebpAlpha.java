package dev.metaprompt.image;

import java.io.IOException;

/** Reads the opacity of a lossy WebP (RFC 9649, section 2.7.1.2). */
final class WebpAlpha {
    private static final int NONE = 0;
    private static final int HORIZONTAL = 1;
    private static final int VERTICAL = 2;

    private WebpAlpha() {}

    static byte[] decode(byte[] bytes, int start, int length, int width, int height) throws IOException {
        int flags = new ByteReader(bytes, start).u8();
        int compression = flags & 3;
        if (length < 1 || compression > 1) {
            throw new IOException("damaged WebP, its alpha is stored in a way that is not known");
        }
        byte[] alpha = new byte[Math.multiplyExact(width, height)];
        if (compression == 0) {
            if (length - 1 < alpha.length) {
                throw ByteReader.truncated();
            }
            System.arraycopy(bytes, start + 1, alpha, 0, alpha.length);
        } else {
            int[] pixels = Vp8lDecoder.decode(bytes, start + 1, length - 1, width, height);
            for (int i = 0; i < alpha.length; i++) {
                alpha[i] = (byte) (pixels[i] >> 8);
            }
        }
        unfilter(alpha, width, flags >> 2 & 3);
        return alpha;
    }

    private static void unfilter(byte[] alpha, int width, int filter) {
        for (int i = 1; filter != NONE && i < alpha.length; i++) {
            boolean first = i % width == 0;
            int left = first ? 0 : alpha[i - 1] & 255;
            int above = i < width ? 0 : alpha[i - width] & 255;
            int predicted;
            if (i < width) {
                predicted = left;
            } else if (first || filter == VERTICAL) {
                predicted = above;
            } else if (filter == HORIZONTAL) {
                predicted = left;
            } else {
                predicted = Vp8Transforms.clip(left + above - (alpha[i - width - 1] & 255));
            }
            alpha[i] += (byte) predicted;
        }
    }
}
