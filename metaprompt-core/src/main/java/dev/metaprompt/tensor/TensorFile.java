package dev.metaprompt.tensor;

import dev.metaprompt.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A file, or a set of files, that holds tensors by name; a tensor's values are read when they are asked for. */
public interface TensorFile extends AutoCloseable {
    /**
     * Opens a weight file, whatever it is.
     *
     * @param file a safetensors file, a zip file of {@code torch.save} or {@code torch.jit.save}, or an index of shards,
     *     whose name ends in {@code .index.json}
     * @return the open file; close it
     * @throws InvalidInputException if the file is missing, of another kind, or damaged
     */
    static TensorFile open(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(ShardedTensors.SUFFIX)) {
            return ShardedTensors.open(file);
        }
        if (name.endsWith(".safetensors") || !Files.isRegularFile(file)) {
            return Safetensors.open(file);
        }
        return CheckpointKind.requireZip(file) ? TorchCheckpoint.open(file) : Safetensors.open(file);
    }

    /**
     * Returns the file.
     *
     * @return the file that messages name
     */
    Path path();

    /**
     * Returns the tensors' names.
     *
     * @return the names
     */
    Set<String> names();

    /**
     * Returns a tensor's shape.
     *
     * @param name the tensor's name
     * @return its sizes; empty for a single value
     * @throws InvalidInputException if there is no such tensor
     */
    long[] shape(String name);

    /**
     * Reads a tensor's values.
     *
     * @param name the tensor's name
     * @return the values in row-major order, widened or narrowed to float32
     * @throws InvalidInputException if there is no such tensor, it holds no floating-point numbers or cannot be read
     */
    float[] readFloats(String name);

    /**
     * As {@link #readFloats}, into memory that is there already: a checkpoint need not pass through the Java heap.
     *
     * @param name the tensor's name
     * @param target receives the values from its position on, in its own byte order; its position is not changed
     * @throws InvalidInputException as {@link #readFloats}
     */
    default void readFloats(String name, ByteBuffer target) {
        target.slice().order(target.order()).asFloatBuffer().put(readFloats(name));
    }

    @Override
    void close();
}
