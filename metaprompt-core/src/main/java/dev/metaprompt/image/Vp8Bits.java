package dev.metaprompt.image;

import java.io.IOException;

/** The arithmetic decoder of VP8 (RFC 6386, section 7) over a part of a file. */
final class Vp8Bits {
    private static final int EVEN = 128;

    private final byte[] bytes;
    private final int end;
    private int position;
    /** The interval's size less one, 127 to 254 between two bits. */
    private int range = 254;

    private int value;
    private int bits;

    Vp8Bits(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.position = start;
        this.end = start + length;
    }

    /** Reads a bit that is 0 with a probability of 256ths. */
    int bit(int probability) throws IOException {
        if (bits < 8) {
            if (position >= end) {
                throw ByteReader.truncated();
            }
            value |= (bytes[position++] & 255) << 8 - bits;
            bits += 8;
        }
        int split = (range * probability >> 8) + 1;
        int bit = 0;
        if (value >= split << 8) {
            range -= split;
            value -= split << 8;
            bit = 1;
        } else {
            range = split - 1;
        }
        while (range < 127) {
            range = 2 * range + 1;
            value <<= 1;
            bits--;
        }
        return bit;
    }

    boolean flag() throws IOException {
        return bit(EVEN) == 1;
    }

    /** Reads an unsigned number, its highest bit first. */
    int number(int length) throws IOException {
        int number = 0;
        for (int i = 0; i < length; i++) {
            number = 2 * number + bit(EVEN);
        }
        return number;
    }

    /** Reads a number and its sign, or nothing for 0. */
    int optional(int length) throws IOException {
        if (!flag()) {
            return 0;
        }
        int number = number(length);
        return flag() ? -number : number;
    }
}
