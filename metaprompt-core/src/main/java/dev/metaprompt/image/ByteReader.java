package dev.metaprompt.image;

import java.io.IOException;

/** A position in the bytes of a file; reading past the end means that the file is truncated. */
final class ByteReader {
    private final byte[] bytes;
    private int position;

    ByteReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    int position() {
        return position;
    }

    /** Skips {@code count} bytes and returns the position of the first of them. */
    int skip(int count) throws IOException {
        if (count < 0 || count > bytes.length - position) {
            throw truncated();
        }
        int at = position;
        position += count;
        return at;
    }

    int u8() throws IOException {
        return bytes[skip(1)] & 255;
    }

    int u16Big() throws IOException {
        return u8() << 8 | u8();
    }

    int u16Little() throws IOException {
        return u8() | u8() << 8;
    }

    int s32Big() throws IOException {
        return u16Big() << 16 | u16Big();
    }

    int s32Little() throws IOException {
        return u16Little() | u16Little() << 16;
    }

    static IOException truncated() {
        return new IOException("the file is truncated, its image data ends early");
    }
}
