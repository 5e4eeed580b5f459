package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Reads a safetensors file: a bounds-checked JSON header, then raw little-endian values, mapped into memory tensor by
 * tensor. F16 and BF16 are widened, F64 is narrowed to float32.
 */
public final class Safetensors implements TensorFile {
    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file and checks its header against the file's size.
     *
     * @param file the file
     * @return the open file; close it
     * @throws InvalidInputException if the file is missing or its header contradicts the format or the file
     */
    public static Safetensors open(Path file) {
        FileChannel channel = null;
        try {
            channel = PlainFiles.openBehindLinks(file);
            return new Safetensors(file, channel, SafetensorsHeader.read(file, channel));
        } catch (IOException e) {
            close(channel);
            throw new InvalidInputException(
                    file + " cannot be read: " + Quoted.reason(e) + ". Name a safetensors file that exists.", e);
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // Reading is over; a failed close loses nothing.
        }
    }

    @Override
    public Path path() {
        return file;
    }

    /**
     * Returns the tensors' names.
     *
     * @return in the order of their data
     */
    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    /**
     * Returns the header's metadata.
     *
     * @return possibly empty
     */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /**
     * Reads a tensor.
     *
     * @param name the tensor's name
     * @param manager owner of the result
     * @return float32, of the tensor's shape
     * @throws InvalidInputException if there is no such tensor, or it holds no floating-point numbers
     */
    public NDArray read(String name, NDManager manager) {
        return manager.create(readFloats(name), new Shape(shape(name)));
    }

    @Override
    public float[] readFloats(String name) {
        SafetensorsHeader.Entry entry = floating(name);
        return entry.type()
                .toFloats(map(name, entry), (int) (entry.bytes() / entry.type().bytes()));
    }

    @Override
    public void readFloats(String name, ByteBuffer target) {
        SafetensorsHeader.Entry entry = floating(name);
        if (entry.type() != ElementType.F32 || target.order() != ByteOrder.LITTLE_ENDIAN) {
            TensorFile.super.readFloats(name, target);
            return;
        }
        // Mapped pages would count as the process's memory, beside the copy, until the garbage collector unmaps them.
        ByteBuffer part = target.duplicate().limit(target.position() + (int) limited(name, entry));
        try {
            while (part.hasRemaining()) {
                int done = part.position() - target.position();
                if (channel.read(part, entry.begin() + done) < 0) {
                    throw new EOFException("the file has become shorter");
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": tensor " + Quoted.of(name) + " cannot be read: " + Quoted.reason(e), e);
        }
    }

    private SafetensorsHeader.Entry floating(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        if (!entry.type().floating()) {
            throw new InvalidInputException(file + ": tensor " + Quoted.of(name) + " is of type " + entry.type()
                    + "; F64, F32, F16 and BF16 can be read as numbers. Save it as one of these.");
        }
        return entry;
    }

    /**
     * Reads a tensor of 32-bit whole numbers.
     *
     * @param name the tensor's name
     * @return the values in row-major order
     * @throws InvalidInputException if there is no such tensor, or it is of another type
     */
    public int[] readInts(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        if (entry.type() != ElementType.I32) {
            throw new InvalidInputException(file + ": tensor " + Quoted.of(name) + " is of type " + entry.type()
                    + "; I32 is needed here. Save it as such.");
        }
        int[] values = new int[(int) (entry.bytes() / Integer.BYTES)];
        map(name, entry).asIntBuffer().get(values);
        return values;
    }

    /**
     * Returns a tensor's element type.
     *
     * @param name the tensor's name
     * @return as the format writes it, for example {@code F16}
     * @throws InvalidInputException if there is no such tensor
     */
    public String type(String name) {
        return entry(name).type().name();
    }

    /**
     * Maps a tensor's bytes into memory; they stay there after this object is closed.
     *
     * @param name the tensor's name
     * @return read-only, little-endian, in row-major order
     * @throws InvalidInputException if there is no such tensor, or it is of 2 GiB or more
     */
    public ByteBuffer bytes(String name) {
        return map(name, entry(name));
    }

    private long limited(String name, SafetensorsHeader.Entry entry) {
        if (entry.bytes() > Integer.MAX_VALUE) {
            throw new InvalidInputException(file + ": tensor " + Quoted.of(name) + " has " + entry.bytes()
                    + " bytes; a tensor of at most 2 GiB can be read.");
        }
        return entry.bytes();
    }

    private ByteBuffer map(String name, SafetensorsHeader.Entry entry) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, entry.begin(), limited(name, entry))
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": tensor " + Quoted.of(name) + " cannot be read: " + Quoted.reason(e), e);
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new InvalidInputException(file + " has no tensor " + Quoted.of(name) + ". Use a file that holds it.");
        }
        return entry;
    }

    @Override
    public void close() {
        close(channel);
    }

    /**
     * Writes tensors as float32, sorted by name, under a temporary name that is renamed when all is on disk.
     *
     * @param file the file; replaced if it exists
     * @param tensors float32 arrays by name
     * @param metadata pairs for the header; may be empty
     * @throws InvalidInputException if the file cannot be written; an earlier file is then intact
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
        SafetensorsWriter.write(file, tensors, metadata);
    }
}
