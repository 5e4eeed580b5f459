package dev.metaprompt.fuzz;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.tensor.PickleWriter;
import dev.metaprompt.tensor.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipOutputStream;

/**
 * The pickles of PyTorch's own checkpoints, one of {@code torch.save} and one of {@code torch.jit.save}. The input is the
 * pickle alone; the archive around it is sound and has every storage that either pickle names.
 */
class PickleProgramFuzzTest extends FuzzTest {
    private static final String ARCHIVE = "model.pt";
    private static final String PICKLE = "data.pkl";
    private static final int DEEPEST = 70;
    private static final int MOST_READ = 300;
    private static final List<String> GLOBALS = List.of(
            "os system",
            "builtins eval",
            "collections OrderedDict",
            "torch._utils _rebuild_tensor_v3",
            "torch._utils _rebuild_parameter",
            "torch FloatStorage",
            "torch.storage UntypedStorage",
            "__torch__.a.B B",
            "torch.jit._pickle build_intlist",
            "torch Size",
            "builtins set");
    /** Instructions that take and give; the last ones are none that are read. */
    private static final int[] OPCODES = {
        'N', 0x88, 'K', 'J', 0x8A, 'G', '}', ']', ')', '(', 't', 0x85, 0x86, 'a', 'e', 's', 'u', '0', '2', 'q', 'h',
        0x94, 'c', 0x93, 'Q', 'R', 0x81, 'b', '.', 0x95, 0x8E, 0x96, 'o', 'i', 'P', 0x82
    };

    private final Map<String, byte[]> storages = new LinkedHashMap<>();
    private final List<byte[]> pickles = new ArrayList<>();

    @Override
    String fileName() {
        return PICKLE;
    }

    @Override
    List<String> names() {
        return List.of(ARCHIVE);
    }

    /** Each writes an archive of some hundred kilobytes. */
    @Override
    double weight() {
        return 0.3;
    }

    @Override
    List<byte[]> seeds() throws IOException {
        if (pickles.isEmpty()) {
            for (String checkpoint : List.of("awkward.pth", "script.pt")) {
                GoldenZip.entries(checkpoint).forEach((name, bytes) -> {
                    if (name.equals(PICKLE)) {
                        pickles.add(bytes);
                    } else if (name.startsWith("data/")) {
                        storages.merge(name, bytes, (one, two) -> one.length > two.length ? one : two);
                    }
                });
            }
        }
        return pickles;
    }

    /** A real program with some instructions more, or a small one that asks for much. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        return Optional.of(random.nextInt(8) == 0 ? deep(random) : grown(random));
    }

    private byte[] grown(RandomStream random) {
        byte[] pickle = pickles.get(random.nextInt(pickles.size()));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            byte[] more = instructions(random);
            int at = 2 + random.nextInt(pickle.length - 2);
            pickle = ByteBuffer.allocate(pickle.length + more.length)
                    .put(pickle, 0, at)
                    .put(more)
                    .put(pickle, at, pickle.length - at)
                    .array();
        }
        return pickle;
    }

    private static byte[] instructions(RandomStream random) {
        PickleWriter pickle = new PickleWriter();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    String[] global =
                            GLOBALS.get(random.nextInt(GLOBALS.size())).split(" ");
                    pickle.global(global[0], global[1]);
                }
                case 1 -> pickle.number(1L << random.nextInt(Long.SIZE));
                case 2 -> pickle.text("a".repeat(1 << random.nextInt(random.nextInt(20) == 0 ? 16 : 4)));
                default -> pickle.op(OPCODES[random.nextInt(OPCODES.length)]);
            }
        }
        byte[] whole = pickle.stop();
        // Without the protocol before and the stop behind.
        return Arrays.copyOfRange(whole, 2, whole.length - 1);
    }

    /** Dictionaries in dictionaries, under names that are long, with the same tensors in each. */
    private static byte[] deep(RandomStream random) {
        PickleWriter pickle = new PickleWriter();
        pickle.text("k".repeat(1 << random.nextInt(18))).op('q', 0).op('0');
        pickle.tensor("0", 1, 0, new long[] {1}, new long[] {1}).op('q', 1).op('0');
        pickle.op('}');
        int tensors = 1 << random.nextInt(12);
        for (int i = 0; i < tensors; i++) {
            pickle.text("t" + i).op('h', 1).op('s');
        }
        pickle.op('q', 2);
        for (int i = random.nextInt(DEEPEST); i > 0; i--) {
            pickle.op('0')
                    .op('}')
                    .op('h', 0)
                    .op('h', 2)
                    .op('s')
                    .text("x")
                    .op('h', 2)
                    .op('s')
                    .op('q', 2);
        }
        return pickle.stop();
    }

    @Override
    void read(Path file) throws IOException {
        Path archive = file.resolveSibling(ARCHIVE);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            PickleWriter.stored(zip, "a/" + PICKLE, Files.readAllBytes(file));
            for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
                PickleWriter.stored(zip, "a/" + storage.getKey(), storage.getValue());
            }
        }
        try (TensorFile tensors = TensorFile.open(archive)) {
            for (String name : tensors.names().stream().limit(MOST_READ).toList()) {
                tensors.shape(name);
                readValues(tensors, name);
            }
        }
    }

    /** A checkpoint may hold whole numbers, which nobody asks it for. */
    private static void readValues(TensorFile tensors, String name) {
        try {
            tensors.readFloats(name);
        } catch (InvalidInputException e) {
            if (!e.getMessage().contains(" is of type ")) {
                throw e;
            }
        }
    }
}
