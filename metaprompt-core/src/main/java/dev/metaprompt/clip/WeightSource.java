package dev.metaprompt.clip;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.TensorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The weights of a file by role: found under the file's own names, checked, and put on the device one at a time. */
final class WeightSource implements ClipWeights.Source {
    private final TensorFile file;
    private final WeightNames names;
    private final String authority;
    private final NDManager manager;
    private final Set<String> used = new HashSet<>();

    /**
     * Creates the source.
     *
     * @param file the weights
     * @param names how they are named
     * @param authority what says which tensors there must be: named in messages
     * @param manager owner of the arrays
     */
    WeightSource(TensorFile file, WeightNames names, String authority, NDManager manager) {
        this.file = file;
        this.names = names;
        this.authority = authority;
        this.manager = manager;
    }

    @Override
    public NDArray get(String role, long... shape) {
        // The file is read straight into the engine's memory: a copy in Java would count twice at the peak.
        NDArray array = manager.create(new Shape(shape), DataType.FLOAT32, Device.cpu());
        ByteBuffer memory = array.toByteBuffer(true).order(ByteOrder.nativeOrder());
        List<String> parts = names.of(role);
        long[] partShape = shape.clone();
        if (parts.size() > 1) {
            partShape[0] /= parts.size();
        }
        for (int i = 0; i < parts.size(); i++) {
            memory.position(i * (memory.limit() / parts.size()));
            if (names.transposed(role)) {
                readTransposed(parts.get(i), memory, partShape);
            } else {
                read(parts.get(i), memory, partShape);
            }
        }
        requireFinite(array, parts, memory.rewind());
        return placed(array);
    }

    private NDArray placed(NDArray array) {
        if (!manager.getDevice().isGpu()) {
            return array;
        }
        try (NDArray read = array) {
            return read.toDevice(manager.getDevice(), true);
        }
    }

    @Override
    public NDArray queryKeyValue(String prefix, String kind, long... shape) {
        return get(prefix + "qkv_proj." + kind, shape);
    }

    // A sum is finite only if every summand is. Where it is not, it may still be the sum alone that is too large.
    private void requireFinite(NDArray array, List<String> parts, ByteBuffer memory) {
        try (NDArray sum = array.sum()) {
            if (Float.isFinite(sum.getFloat())) {
                return;
            }
        }
        FloatBuffer values = memory.asFloatBuffer();
        int each = values.limit() / parts.size();
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw new InvalidInputException(file.path() + ": tensor " + parts.get(i / each) + " holds "
                        + values.get(i) + "; only finite weights are allowed. Fetch the checkpoint again.");
            }
        }
    }

    private void readTransposed(String name, ByteBuffer target, long[] shape) {
        int rows = Math.toIntExact(shape[0]);
        int columns = Math.toIntExact(shape[1]);
        requireShape(name, columns, rows);
        float[] values = file.readFloats(name);
        FloatBuffer result = target.slice().order(target.order()).asFloatBuffer();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result.put(row * columns + column, values[column * rows + row]);
            }
        }
    }

    private void read(String name, ByteBuffer target, long... shape) {
        requireShape(name, shape);
        file.readFloats(name, target);
    }

    private void requireShape(String name, long... shape) {
        if (!file.names().contains(name)) {
            throw new InvalidInputException(file.path() + " has no tensor " + Quoted.of(name) + ", which " + authority
                    + " asks for. Use the weights that belong to this configuration.");
        }
        long[] found = file.shape(name);
        // Some programs save the one value of the logit scale as a list of one.
        boolean one = shape.length == 0 && Arrays.stream(found).allMatch(extent -> extent == 1);
        if (!Arrays.equals(found, shape) && !one) {
            throw new InvalidInputException(
                    file.path() + ": tensor " + name + " has shape " + Quoted.of(Arrays.toString(found))
                            + "; " + authority + " asks for " + Arrays.toString(shape)
                            + ". Use the weights that belong to this configuration.");
        }
        used.add(name);
    }

    /**
     * Refuses a file with weights that nobody asked for: a model with parts that are not CLIP's gives other features.
     *
     * @param image whether the image tower was asked for, or all the rest
     */
    void requireAllUsed(boolean image) {
        file.names().stream()
                .filter(name -> !used.contains(name) && !WeightNames.ignored(name))
                .filter(name -> names.imageTensor(name) == image)
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidInputException(file.path() + " holds a tensor " + Quoted.of(name)
                            + ", which a CLIP of the sizes in " + authority
                            + " has not. Use the weights that belong to this configuration.");
                });
    }
}
