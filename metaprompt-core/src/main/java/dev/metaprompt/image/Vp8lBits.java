package dev.metaprompt.image;

import java.io.IOException;

/** Bits of a part of a file, the lowest of each byte first. */
final class Vp8lBits {
    private final byte[] bytes;
    private final int end;
    private int position;
    private long bits;
    private int count;

    Vp8lBits(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.position = start;
        this.end = start + length;
    }

    /** Reads a number of at most 24 bits. */
    int number(int length) throws IOException {
        int number = peek(length);
        skip(length);
        return number;
    }

    boolean flag() throws IOException {
        return number(1) == 1;
    }

    /** Looks at the next bits; behind the end there are zeros. */
    int peek(int length) {
        while (count < length && position < end) {
            bits |= (bytes[position++] & 255L) << count;
            count += 8;
        }
        return (int) (bits & (1L << length) - 1);
    }

    void skip(int length) throws IOException {
        if (length > count) {
            throw ByteReader.truncated();
        }
        bits >>>= length;
        count -= length;
    }
}
