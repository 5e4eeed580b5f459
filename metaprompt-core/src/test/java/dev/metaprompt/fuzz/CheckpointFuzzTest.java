package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.tensor.PickleWriter;
import dev.metaprompt.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** PyTorch checkpoints: the zip around them, and the pickle in it. */
class CheckpointFuzzTest extends FuzzTest {
    private static final int STORAGE = 24;

    @Override
    String fileName() {
        return "input.pt";
    }

    private static byte[] pickle() {
        PickleWriter pickle = new PickleWriter();
        pickle.op('}')
                .text("x")
                .tensor("0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .op('s');
        pickle.text("y").tensor("0", 6, 2, new long[] {4}, new long[] {1}).op('s');
        return pickle.stop();
    }

    private static byte[] archive(byte[] pickle) throws IOException {
        Path file = Files.createTempFile("checkpoint", ".pt");
        try {
            return Files.readAllBytes(PickleWriter.archive(file, pickle, new byte[STORAGE]));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    List<byte[]> seeds() throws IOException {
        return List.of(archive(pickle()));
    }

    /** A sound archive around a pickle of changed or invented instructions. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        byte[] pickle = pickle();
        try {
            return Optional.of(archive(
                    random.nextInt(3) == 0 ? invented(random) : new Mutator(random, List.of(pickle)).mutate(pickle)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] invented(RandomStream random) {
        PickleWriter pickle = new PickleWriter();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(8)) {
                case 0 -> pickle.op('}');
                case 1 -> pickle.text("k" + random.nextInt(5));
                case 2 -> pickle.number(random.nextInt(Integer.MAX_VALUE));
                case 3 -> pickle.global("collections", "OrderedDict");
                case 4 ->
                    pickle.tensor(
                            String.valueOf(random.nextInt(2)),
                            random.nextInt(9),
                            random.nextInt(9),
                            new long[] {random.nextInt(5), random.nextInt(5)},
                            new long[] {random.nextInt(5), random.nextInt(5)});
                case 5 -> pickle.int32('r', random.nextInt(Integer.MAX_VALUE));
                default -> pickle.op(random.nextInt(256));
            }
        }
        return pickle.stop();
    }

    @Override
    void read(Path file) {
        try (TensorFile tensors = TensorFile.open(file)) {
            for (String name : tensors.names()) {
                tensors.shape(name);
                tensors.readFloats(name);
            }
        }
    }
}
