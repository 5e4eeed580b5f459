package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.tensor.TensorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final DataType imagePrecision;
    private final Set<String> used = new HashSet<>();
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

    /**
     * Creates the source.
     *
     * @param file the weights
     * @param names how they are named
     * @param authority what says which tensors there must be: named in messages
     * @param manager owner of the arrays
     * @param imagePrecision of the image tower's arrays
     */
    WeightSource(TensorFile file, WeightNames names, String authority, NDManager manager, DataType imagePrecision) {
        this.file = file;
        this.names = names;
        this.authority = authority;
        this.manager = manager;
        this.imagePrecision = imagePrecision;
    }

    @Override
    public NDArray get(String role, long... shape) {
        List<String> parts = names.of(role);
        if (parts.size() == 1) {
            return array(
                    role, names.transposed(role) ? transposed(parts.get(0), shape) : read(parts.get(0), shape), shape);
        }
        long[] partShape = shape.clone();
        partShape[0] /= parts.size();
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        int start = 0;
        for (String part : parts) {
            float[] partValues = read(part, partShape);
            System.arraycopy(partValues, 0, values, start, partValues.length);
            start += partValues.length;
        }
        return array(role, values, shape);
    }

    @Override
    public NDArray queryKeyValue(String prefix, String kind, long... shape) {
        return get(prefix + "qkv_proj." + kind, shape);
    }

    private float[] transposed(String name, long[] shape) {
        int rows = Math.toIntExact(shape[0]);
        int columns = Math.toIntExact(shape[1]);
        float[] values = read(name, columns, rows);
        float[] result = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result[row * columns + column] = values[column * rows + row];
            }
        }
        return result;
    }

    private NDArray array(String role, float[] values, long[] shape) {
        DataType type = WeightNames.image(role) ? imagePrecision : DataType.FLOAT32;
        // Memory of the engine's own: a Java buffer behind every weight would count against the heap's limit.
        try (NDArray javaOwned = manager.create(buffer(values), new Shape(shape), DataType.FLOAT32)) {
            return type == DataType.FLOAT32 ? javaOwned.duplicate() : javaOwned.toType(type, true);
        }
    }

    // One buffer for all weights in turn: a new one each would stay until the garbage collector finds it.
    private ByteBuffer buffer(float[] values) {
        int bytes = Math.multiplyExact(values.length, Float.BYTES);
        if (scratch.capacity() < bytes) {
            scratch = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        scratch.clear().limit(bytes).asFloatBuffer().put(values);
        return scratch;
    }

    private float[] read(String name, long... shape) {
        if (!file.names().contains(name)) {
            throw new InvalidInputException(file.path() + " has no tensor " + name + ", which " + authority
                    + " asks for. Use the weights that belong to this configuration.");
        }
        long[] found = file.shape(name);
        // Some programs save the one value of the logit scale as a list of one.
        boolean one = shape.length == 0 && Arrays.stream(found).allMatch(extent -> extent == 1);
        if (!Arrays.equals(found, shape) && !one) {
            throw new InvalidInputException(file.path() + ": tensor " + name + " has shape " + Arrays.toString(found)
                    + "; " + authority + " asks for " + Arrays.toString(shape)
                    + ". Use the weights that belong to this configuration.");
        }
        used.add(name);
        float[] values = file.readFloats(name);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidInputException(file.path() + ": tensor " + name + " holds " + value
                        + "; only finite weights are allowed. Fetch the checkpoint again.");
            }
        }
        return values;
    }

    /**
     * Refuses a file with weights that nobody asked for: a model with parts that are not CLIP's gives other features.
     *
     * @param imageTower whether the image tower was asked for
     */
    void requireAllUsed(boolean imageTower) {
        file.names().stream()
                .filter(name -> !used.contains(name) && !WeightNames.ignored(name))
                .filter(name -> imageTower || !names.imageTensor(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidInputException(file.path() + " holds a tensor " + WeightNames.quote(name)
                            + ", which a CLIP of the sizes in " + authority
                            + " has not. Use the weights that belong to this configuration.");
                });
    }
}
