package dev.metaprompt.image;

import java.io.IOException;

/**
 * Unpacks GIF's Lempel–Ziv–Welch codes (9 to 12 bits, growing).
 *
 * <p>A table entry is a stretch of the output itself: what the code before wrote and one index more. So an entry may be
 * used while its last index is only being written.
 */
final class GifLzw {
    private static final int MOST_CODES = 4096;
    private static final int MOST_BITS = 12;

    private final byte[] data;
    private final int literalBits;
    private final int clear;
    private final int[] from = new int[MOST_CODES];
    private final int[] length = new int[MOST_CODES];
    private int next;
    private int bits;
    private long position;
    private byte[] out;
    private int at;
    private int previous;

    GifLzw(byte[] data, int literalBits) throws IOException {
        if (literalBits < 1 || literalBits > 8) {
            throw new IOException("damaged GIF, code length " + literalBits);
        }
        this.data = data;
        this.literalBits = literalBits;
        this.clear = 1 << literalBits;
    }

    /** Returns the first {@code count} indices. */
    byte[] unpack(int count) throws IOException {
        out = new byte[count];
        at = 0;
        position = 0;
        reset();
        while (at < count) {
            int code = code();
            if (code == clear) {
                reset();
            } else if (code == clear + 1) {
                throw ByteReader.truncated();
            } else {
                write(code);
            }
        }
        return out;
    }

    private void reset() {
        next = clear + 2;
        bits = literalBits + 1;
        previous = -1;
    }

    private void write(int code) throws IOException {
        if (previous >= 0 && next < MOST_CODES) {
            from[next] = previous;
            length[next++] = at - previous + 1;
        }
        if (code >= next || (code > clear && previous < 0)) {
            throw new IOException("damaged GIF, a code is used before it is defined");
        }
        previous = at;
        if (code < clear) {
            out[at++] = (byte) code;
        } else {
            for (int i = 0; i < length[code] && at < out.length; i++) {
                out[at++] = out[from[code] + i];
            }
        }
        if (next == 1 << bits && bits < MOST_BITS) {
            bits++;
        }
    }

    private int code() throws IOException {
        if (position + bits > 8L * data.length) {
            throw ByteReader.truncated();
        }
        int first = (int) (position >> 3);
        int window = 0;
        for (int i = 0; i < 3 && first + i < data.length; i++) {
            window |= (data[first + i] & 255) << 8 * i;
        }
        int code = window >> (position & 7) & ((1 << bits) - 1);
        position += bits;
        return code;
    }
}
