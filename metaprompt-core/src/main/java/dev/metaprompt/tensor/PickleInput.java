package dev.metaprompt.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, little-endian; past the end {@link java.nio.BufferUnderflowException} is thrown. */
final class PickleInput {
    private final ByteBuffer in;

    PickleInput(byte[] pickle) {
        in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return in.position();
    }

    int int16() {
        return in.getShort() & 0xFFFF;
    }

    int int32() {
        return in.getInt();
    }

    long int64() {
        return in.getLong();
    }

    /** A double is written the other way round. */
    double float64() {
        return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
    }

    int next() {
        return in.get() & 0xFF;
    }

    long unsigned() {
        return in.getInt() & 0xFFFFFFFFL;
    }

    int length(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new PickleException("says that " + Long.toUnsignedString(length) + " bytes follow; there are "
                    + in.remaining() + " left");
        }
        return (int) length;
    }

    // Little-endian two's complement; longer numbers than Java's long count nothing that a file can hold.
    long whole(int length) {
        if (length > Long.BYTES) {
            throw new PickleException("holds a number of " + length + " bytes; 8 are allowed");
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (long) next() << 8 * i;
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("holds a text that is not UTF-8");
        }
    }

    String line() {
        int start = in.position();
        while (next() != '\n') {
            // The name ends with its line, or the buffer does.
        }
        int length = in.position() - 1 - start;
        return new String(in.array(), start, length, StandardCharsets.UTF_8);
    }
}
