package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Picks rows of a table of features. */
public final class Rows {
    private Rows() {}

    /**
     * Picks rows.
     *
     * @param table [n, D]
     * @param index m rows, 0 ≤ row &lt; n, repetitions allowed
     * @return [m, D], owned by the caller's scope
     */
    public static NDArray pick(NDArray table, long[] index) {
        return table.get(table.getManager().create(index, new Shape(index.length)));
    }
}
