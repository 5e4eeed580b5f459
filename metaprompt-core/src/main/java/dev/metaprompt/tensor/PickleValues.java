package dev.metaprompt.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle can hold besides Java's own values: {@code Long}, {@code Double}, {@code Boolean}, {@code String},
 * {@code byte[]} and {@code List}. None of these is compared or hashed by its content: contents can be deep, or circular.
 */
final class PickleValues {
    /** Python's None. */
    static final Object NONE = new Object();

    private PickleValues() {}

    /** A name that may be called or that stands for a type; calling it is the reader's business. */
    record Global(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** A tuple; its items may be tuples themselves. */
    static final class Tuple {
        private final List<Object> items;

        Tuple(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** A dictionary, or the attributes of an object that is otherwise left alone. Its keys are plain values. */
    static final class Fields {
        private final boolean script;
        private Map<Object, Object> entries = new LinkedHashMap<>();

        Fields(boolean script) {
            this.script = script;
        }

        /** True for a TorchScript module. */
        boolean script() {
            return script;
        }

        /** Takes another's entries for its own: shared, since copies could be asked for without end. */
        void become(Fields other) {
            entries = other.entries;
        }

        Map<Object, Object> entries() {
            return entries;
        }
    }

    /** The numbers behind tensors: an entry of the archive. */
    record Storage(String key, ElementType type, long elements) {}

    /** A tensor as a view on a storage. */
    static final class Tensor {
        private final Storage storage;
        private final long offset;
        private final long[] shape;
        private final long[] strides;

        Tensor(Storage storage, long offset, long[] shape, long[] strides) {
            this.storage = storage;
            this.offset = offset;
            this.shape = shape;
            this.strides = strides;
        }

        Storage storage() {
            return storage;
        }

        /** First element, counted in the storage. */
        long offset() {
            return offset;
        }

        long[] shape() {
            return shape;
        }

        /** Steps in elements. */
        long[] strides() {
            return strides;
        }

        long elements() {
            long elements = 1;
            for (long extent : shape) {
                elements *= extent;
            }
            return elements;
        }

        /** How many elements of the storage lie between the first and the last that is used. */
        long span() {
            long span = 1;
            for (int i = 0; i < shape.length; i++) {
                if (shape[i] == 0) {
                    return 0;
                }
                span += (shape[i] - 1) * strides[i];
            }
            return span;
        }
    }
}
