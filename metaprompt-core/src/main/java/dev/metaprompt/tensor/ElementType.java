package dev.metaprompt.tensor;

import java.nio.ByteBuffer;

/** The element types of weight files, by the names of the safetensors format. */
enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    float[] toFloats(ByteBuffer data, int count) {
        float[] values = new float[count];
        toFloats(data, values, 0, count);
        return values;
    }

    /** Widens, or narrows doubles to the nearest float; the bytes lie at the buffer's start, in the buffer's order. */
    void toFloats(ByteBuffer data, float[] values, int start, int count) {
        if (this == F32) {
            data.rewind().asFloatBuffer().get(values, start, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            values[start + i] = this == F64 ? (float) data.getDouble(Double.BYTES * i) : widen(data.getShort(2 * i));
        }
    }

    private float widen(short bits) {
        return this == BF16 ? Float.intBitsToFloat(bits << 16) : Half.widen(bits);
    }
}
