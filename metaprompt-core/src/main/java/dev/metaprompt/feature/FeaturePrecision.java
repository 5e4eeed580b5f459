package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.Half;
import java.nio.ByteBuffer;

/** In which numbers features are kept, and to which they are rounded before use. */
public enum FeaturePrecision {
    /** As the encoder gives them. */
    FP32("F32", Float.BYTES),
    /** Rounded to binary16, to nearest and half to even. */
    FP16("F16", Short.BYTES);

    private final String type;
    private final int bytes;

    FeaturePrecision(String type, int bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /**
     * Reads the option's value.
     *
     * @param text {@code fp32} or {@code fp16}
     * @return the precision
     * @throws InvalidInputException for anything else
     */
    public static FeaturePrecision parse(String text) {
        for (FeaturePrecision precision : values()) {
            if (precision.word().equals(text)) {
                return precision;
            }
        }
        throw new InvalidInputException("feature.precision is " + Quoted.of(text) + "; allowed are fp32 and fp16.");
    }

    /**
     * Returns the option's value.
     *
     * @return {@code fp32} or {@code fp16}
     */
    public String word() {
        return this == FP16 ? "fp16" : "fp32";
    }

    /** The element type of safetensors. */
    String type() {
        return type;
    }

    /** Bytes of a number. */
    int bytes() {
        return bytes;
    }

    /** Rounds numbers where they stand. */
    void round(float[] values) {
        for (int i = 0; this == FP16 && i < values.length; i++) {
            float rounded = Half.widen(Half.round(values[i]));
            if (Float.isInfinite(rounded) && Float.isFinite(values[i])) {
                throw new InvalidInputException("feature.precision is fp16, but a feature is " + values[i]
                        + "; fp16 ends at 65504. Use feature.precision=fp32 with this model.");
            }
            values[i] = rounded;
        }
    }

    /** Writes numbers that are rounded already. */
    byte[] toBytes(float[] values, int from, int count) {
        ByteBuffer out = ByteBuffer.allocate(count * bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < from + count; i++) {
            if (this == FP16) {
                out.putShort(Half.round(values[i]));
            } else {
                out.putFloat(values[i]);
            }
        }
        return out.array();
    }

    /** Reads numbers from a little-endian buffer's beginning. */
    void toFloats(ByteBuffer in, float[] out, int from, int count) {
        for (int i = 0; i < count; i++) {
            out[from + i] = this == FP16 ? Half.widen(in.getShort(i * bytes)) : in.getFloat(i * bytes);
        }
    }
}
