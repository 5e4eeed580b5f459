package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Makes an array of rows that lie elsewhere, a few at a time, so that nothing large is held twice. */
final class FeatureTable {
    static final int CHUNK = 4096;

    /** Where rows lie. */
    interface Reader {
        /** Copies row {@code row} to {@code target} from {@code offset} on. */
        void read(int row, float[] target, int offset);
    }

    private FeatureTable() {}

    /** Returns [rows, width], float32. */
    static NDArray of(NDManager manager, int rows, int width, Reader reader) {
        if (rows <= CHUNK) {
            return manager.create(chunk(0, rows, width, reader), new Shape(rows, width));
        }
        NDArray table = manager.zeros(new Shape(rows, width), DataType.FLOAT32);
        for (int start = 0; start < rows; start += CHUNK) {
            int end = Math.min(rows, start + CHUNK);
            try (NDArray part = manager.create(chunk(start, end, width, reader), new Shape(end - start, width))) {
                table.set(new NDIndex(start + ":" + end), part);
            }
        }
        return table;
    }

    private static float[] chunk(int start, int end, int width, Reader reader) {
        float[] values = new float[(end - start) * width];
        for (int row = start; row < end; row++) {
            reader.read(row, values, (row - start) * width);
        }
        return values;
    }
}
