package dev.metaprompt.tensor;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.PickleValues.Storage;
import dev.metaprompt.tensor.PickleValues.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Reads a PyTorch checkpoint: the zip file of {@code torch.save} since PyTorch 1.6, or a TorchScript archive of
 * {@code torch.jit.save}, of which only the parameters and buffers are read. Nothing in the file is executed; a pickle
 * that asks for anything but tensors is refused. Values are read tensor by tensor, straight from the archive.
 */
public final class TorchCheckpoint implements TensorFile {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String ADVICE =
            ". Fetch the file again, or save the model's state_dict alone, as safetensors or with torch.save.";
    private final StoredZip zip;
    private final Map<String, Tensor> tensors;
    private final ByteOrder order;

    private TorchCheckpoint(StoredZip zip) throws IOException {
        this.zip = zip;
        this.order = order(zip);
        this.tensors = StateDict.of(PickleReader.read(zip.read(StoredZip.PICKLE)));
        for (Tensor tensor : tensors.values()) {
            requireStorage(tensor.storage());
        }
    }

    /**
     * Opens a checkpoint and reads its list of tensors.
     *
     * @param file the zip file
     * @return the open file; close it
     * @throws InvalidInputException if the file is missing, no checkpoint, damaged, or holds anything but tensors
     */
    public static TorchCheckpoint open(Path file) {
        StoredZip zip = StoredZip.open(file);
        try {
            return new TorchCheckpoint(zip);
        } catch (IOException e) {
            zip.close();
            throw bad(file, "cannot be read: " + Quoted.reason(e), e);
        } catch (PickleException e) {
            zip.close();
            throw bad(file, e.getMessage(), e);
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ByteOrder order(StoredZip zip) throws IOException {
        if (!zip.has("byteorder")) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String order = new String(zip.read("byteorder"), StandardCharsets.US_ASCII);
        return switch (order) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new PickleException("has the byte order " + Quoted.of(order) + "; little and big are allowed");
        };
    }

    private void requireStorage(Storage storage) {
        String entry = entry(storage);
        if (!zip.has(entry)) {
            throw new PickleException("has no entry " + entry + ", where its pickle places a tensor");
        }
        long needed = storage.elements() * storage.type().bytes();
        if (zip.size(entry) < needed) {
            throw new PickleException("has an entry " + entry + " of " + zip.size(entry)
                    + " bytes, where its pickle says that there are " + needed);
        }
    }

    private static String entry(Storage storage) {
        return "data/" + storage.key();
    }

    @Override
    public Path path() {
        return zip.path();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public long[] shape(String name) {
        return tensor(name).shape().clone();
    }

    @Override
    public float[] readFloats(String name) {
        Tensor tensor = tensor(name);
        if (!tensor.storage().type().floating()) {
            throw new InvalidInputException(path() + ": tensor " + Quoted.of(name) + " is of type "
                    + tensor.storage().type()
                    + "; F64, F32, F16 and BF16 can be read as numbers. Save it as one of these.");
        }
        // A view that repeats its elements can be of any size in a file of no size.
        long elements = tensor.elements();
        if (elements > tensor.storage().elements() || tensor.span() > Integer.MAX_VALUE - 8) {
            throw bad(
                    path(),
                    "has a tensor " + Quoted.of(name) + " of " + elements + " elements on "
                            + tensor.storage().elements() + " of a storage; at most as many can be read",
                    null);
        }
        try {
            float[] span = read(tensor.storage(), tensor.offset(), (int) tensor.span());
            return gather(span, tensor, (int) elements);
        } catch (IOException e) {
            throw bad(path(), "has a tensor " + Quoted.of(name) + " that cannot be read: " + Quoted.reason(e), e);
        }
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidInputException(
                    path() + " has no tensor " + Quoted.of(name) + ". Use a file that holds it.");
        }
        return tensor;
    }

    private float[] read(Storage storage, long offset, int count) throws IOException {
        ElementType type = storage.type();
        float[] values = new float[count];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(order);
        try (InputStream in = zip.stream(entry(storage))) {
            in.skipNBytes(offset * type.bytes());
            for (int done = 0; done < count; ) {
                int now = Math.min(count - done, CHUNK_BYTES / type.bytes());
                if (in.readNBytes(chunk.array(), 0, now * type.bytes()) < now * type.bytes()) {
                    throw new EOFException("the file ends too early");
                }
                type.toFloats(chunk, values, done, now);
                done += now;
            }
        }
        return values;
    }

    private static float[] gather(float[] span, Tensor tensor, int elements) {
        long[] shape = tensor.shape();
        long[] strides = tensor.strides();
        if (contiguous(shape, strides)) {
            return span;
        }
        float[] values = new float[elements];
        long[] index = new long[shape.length];
        int position = 0;
        for (int i = 0; i < elements; i++) {
            values[i] = span[position];
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                position += (int) strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                position -= (int) (strides[axis] * shape[axis]);
                index[axis] = 0;
            }
        }
        return values;
    }

    private static boolean contiguous(long[] shape, long[] strides) {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }

    private static InvalidInputException bad(Path file, String what, Exception cause) {
        return new InvalidInputException(file + " " + what + ADVICE, cause);
    }

    @Override
    public void close() {
        zip.close();
    }
}
