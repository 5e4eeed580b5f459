package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Arrays in memory of the engine's own. DJL lets an array made of Java values lie where Java put them, on another
 * address every time; the engine aligns its own. Sums are taken in another order where an array is aligned otherwise: what
 * is computed from must not lie there, or two runs differ in their last bits.
 */
public final class EngineMemory {
    private EngineMemory() {}

    /**
     * Makes an array.
     *
     * @param manager its owner
     * @param values the values in row-major order
     * @param shape the shape
     * @return float32
     */
    public static NDArray of(NDManager manager, float[] values, Shape shape) {
        try (NDArray javaOwned = manager.create(values, shape)) {
            return javaOwned.duplicate();
        }
    }
}
