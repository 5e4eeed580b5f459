package dev.metaprompt.tensor;

/** IEEE 754 binary16: 1 sign bit, 5 of the exponent (bias 15), 10 of the fraction. */
public final class Half {
    private static final float LARGEST = 65504;
    private static final int INFINITY = 0x7C00;

    private Half() {}

    /**
     * Rounds to the nearest binary16 number, of two equally near ones to the even one; beyond the range to infinity.
     *
     * @param value any float
     * @return the number's bits
     */
    public static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | INFINITY | 0x200);
        }
        // Half a step above the largest number is the first that rounds up to infinity.
        if (magnitude >= LARGEST + 16) {
            return (short) (sign | INFINITY);
        }
        if (magnitude < 0x1p-14f) {
            // Subnormal: a multiple of 2^-24; the product is exact, and rint rounds half to even.
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int shifted = Float.floatToRawIntBits(magnitude) - (112 << 23);
        int odd = shifted >>> 13 & 1;
        return (short) (sign | shifted + 0xFFF + odd >>> 13);
    }

    /**
     * Widens exactly.
     *
     * @param half a binary16 number's bits
     * @return the same number
     */
    public static float widen(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
        }
        if (exponent == 0) {
            float value = fraction * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | exponent + 112 << 23 | fraction << 13);
    }
}
