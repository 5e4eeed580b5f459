package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Products with plain numbers that are safe to differentiate.
 *
 * <p>DJL's own {@code mul(Number)} wraps a Java buffer in a tensor and lets the buffer go when it returns. The engine
 * still reads it in the backward pass, by which time the garbage collector may have freed it: a gradient is then wrong
 * or not a number, now and then. Here the number lives in memory of the engine's own, which it keeps as long as it
 * needs it.
 */
public final class Scalars {
    private Scalars() {}

    /**
     * Multiplies by a number.
     *
     * @param x any shape, float32
     * @param factor rounded to float32
     * @return the product, of the same shape
     */
    public static NDArray mul(NDArray x, double factor) {
        try (NDArray javaOwned = x.getManager().create((float) factor);
                NDArray engineOwned = javaOwned.duplicate()) {
            return x.mul(engineOwned);
        }
    }
}
