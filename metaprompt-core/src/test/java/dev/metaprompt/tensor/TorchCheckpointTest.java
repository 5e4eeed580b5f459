package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that are as no Python would write them; what Python writes is tested with the formats of CLIP. */
class TorchCheckpointTest {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final int[] FLOATS = {6};

    @TempDir
    Path folder;

    private Path write(Consumer<PickleWriter> content) {
        PickleWriter pickle = new PickleWriter();
        content.accept(pickle);
        return PickleWriter.archive(folder.resolve("model.pt"), pickle.stop(), storage());
    }

    private static byte[] storage() {
        ByteBuffer floats = ByteBuffer.allocate(FLOATS[0] * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FLOATS[0]; i++) {
            floats.putFloat(i);
        }
        return floats.array();
    }

    private static void assertRefused(Path file, String... parts) {
        InvalidInputException error = assertTimeoutPreemptively(
                QUICK,
                () -> assertThrows(
                        InvalidInputException.class, () -> TensorFile.open(file).close()));
        Golden.assertOneLine(error, file.toString());
        Golden.assertOneLine(error, parts);
    }

    private static Consumer<PickleWriter> tensor(long elements, long offset, long[] shape, long[] strides) {
        return p -> p.op('}')
                .text("x")
                .tensor("0", elements, offset, shape, strides)
                .op('s');
    }

    private static long[] of(long... values) {
        return values;
    }

    @Test
    void viewsAndTransposesAreReadInRowMajorOrder() {
        try (TensorFile file = TensorFile.open(write(tensor(6, 0, of(3, 2), of(1, 3))))) {
            assertEquals(Set.of("x"), file.names());
            assertArrayEquals(of(3, 2), file.shape("x"));
            assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, file.readFloats("x"));
        }
        try (TensorFile file = TensorFile.open(write(tensor(6, 1, of(2, 2), of(3, 1))))) {
            assertArrayEquals(new float[] {1, 2, 4, 5}, file.readFloats("x"));
        }
        try (TensorFile file = TensorFile.open(write(tensor(6, 5, of(), of())))) {
            assertArrayEquals(new float[] {5}, file.readFloats("x"));
        }
        try (TensorFile file = TensorFile.open(write(tensor(6, 6, of(0, 9), of(9, 1))))) {
            assertArrayEquals(new float[0], file.readFloats("x"));
        }
        try (TensorFile file = TensorFile.open(write(tensor(6, 1, of(1, 2, 1), of(1L << 40, 2, 77))))) {
            assertArrayEquals(new float[] {1, 3}, file.readFloats("x"));
        }
    }

    @Test
    void wrappersAndPrefixesAreTakenOff() {
        Path file = write(p -> {
            p.op('}', '(').text("epoch").number(3).text("model").op('}');
            p.text("module.model.a").tensor("0", 6, 0, of(6), of(1)).op('s');
            p.text("module.model.b").tensor("0", 6, 0, of(6), of(1)).op('s', 'u');
        });
        try (TensorFile open = TensorFile.open(file)) {
            assertEquals(Set.of("a", "b"), open.names());
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> open.readFloats("c")), file.toString(), "c");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "nt, system",
        "subprocess, Popen",
        "builtins, eval",
        "__builtin__, exec",
        "builtins, getattr",
        "torch, load",
        "torch.hub, load",
        "torch._utils, _rebuild_sparse_tensor",
        "torch.storage, _load_from_bytes",
        "torch, QInt8Storage",
        "argparse, Namespace",
        "numpy.core.multiarray, scalar",
        "__torch__x, Module",
        "collections, OrderedDict.__reduce__",
        "functools, partial",
    })
    void whatIsNoTensorIsRefusedByName(String module, String name) {
        assertRefused(write(p -> p.global(module, name).text("echo hacked").op(0x85, 'R')), module + "." + name);
        assertRefused(write(p -> p.op(0x80, 4).text(module)), "0x80");
    }

    @Test
    void aNameFromTheStackIsRefusedAsWell() {
        assertRefused(
                write(p -> p.text("os").text("system").op(0x93).text("true").op(0x85, 'R')), "os.system");
        assertRefused(write(p -> p.number(1).number(2).op(0x93)), "string");
    }

    @Test
    void aNameOfManyLinesOrOfControlCharactersStaysOneLine() {
        String name = "system\r\u001b[31m" + "x".repeat(5000);
        assertRefused(write(p -> p.global("os", name)), "os.system");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {'i', 'o', 'I', 'L', 'S', 'V', 'P', 'g', 'p', 'd', 'l', 'F', 0x82, 0x83, 0x84, 0x92, 0x97, 0x98})
    void instructionsThatNoTensorNeedsAreRefused(int opcode) {
        assertRefused(write(p -> p.op(opcode)), String.format("0x%02x", opcode));
    }

    @Test
    void otherProtocolsAreRefused() {
        byte[] storage = storage();
        for (byte[] pickle : new byte[][] {{}, {'}', '.'}, {(byte) 0x80, 1, '}', '.'}, {(byte) 0x80, 6, '}', '.'}}) {
            assertRefused(PickleWriter.archive(folder.resolve("model.pt"), pickle, storage), "");
        }
    }

    @Test
    void countsThatThePickleDoesNotHoldAreRefused() {
        assertRefused(write(p -> p.int32('X', -1)), "4294967295 bytes follow");
        assertRefused(write(p -> p.int32('X', Integer.MAX_VALUE)), "bytes follow");
        assertRefused(write(p -> p.op(0x8D, 255, 255, 255, 255, 255, 255, 255, 255)), "bytes follow");
        assertRefused(write(p -> p.op(0x95, 0, 0, 0, 0, 0, 0, 0, 1)), "bytes follow");
        assertRefused(write(p -> p.op(0x8B, 255, 255, 255, 127)), "bytes follow");
        assertRefused(write(p -> p.op(0x8A, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1)), "9 bytes");
        assertRefused(write(p -> p.op('}').int32('r', -1)), "4294967295");
        assertRefused(write(p -> p.int32('j', 5)), "recalls value 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0", "1", "2", "a", "s", "b", "R", "Q", "t", "u", "e", "q\1", ".", "}.", "N.", "(", "}(u1", "}a", "]s"
            })
    void instructionsOutOfOrderAreRefused(String opcodes) {
        assertRefused(write(p -> opcodes.chars().forEach(p::op)), "");
    }

    @Test
    void namesThatGrowBeyondThePickleAreRefused() {
        // One key, recalled at each of three depths; as the name of no tensor a longer one does no harm.
        String key = "k".repeat(400);
        assertRefused(
                write(p -> {
                    p.op('}').text(key).op('q', 0).op('}').op('h', 0).op('}').op('h', 0);
                    p.tensor("0", 6, 0, of(2), of(1)).op('s').op('s').op('s');
                }),
                "name of more than 1000 characters");
        Path file = write(p -> {
            p.op('}').text(key.repeat(3)).op('N').op('s').text(key);
            p.tensor("0", 6, 0, of(2), of(1)).op('s');
        });
        try (TensorFile tensors = TensorFile.open(file)) {
            assertEquals(Set.of(key), tensors.names());
        }
    }

    @Test
    void tensorsOutsideTheirStorageAreRefused() {
        long huge = Long.MAX_VALUE;
        assertRefused(write(tensor(6, -1, of(2), of(1))), "offset -1");
        assertRefused(write(tensor(6, 5, of(2), of(1))), "offset 5");
        assertRefused(write(tensor(6, 0, of(2, 2), of(6, 1))), "strides [6, 1]");
        assertRefused(write(tensor(6, 5, of(2), of(-1))), "strides [-1]");
        assertRefused(write(tensor(6, 0, of(-2), of(1))), "shape [-2]");
        assertRefused(write(tensor(6, 0, of(2), of())), "strides []");
        assertRefused(write(tensor(6, 0, of(3, 2), of(huge, 1))), "outside its storage");
        assertRefused(write(tensor(6, 0, of(huge, huge), of(0, 0))), "outside its storage");
        assertRefused(write(tensor(6, huge, of(0), of(1))), "outside its storage");
        assertRefused(write(tensor(7, 0, of(7), of(1))), "data/0", "24", "28");
        assertRefused(write(tensor(huge, 0, of(7), of(1))), "elements");
        assertRefused(write(tensor(-1, 0, of(0), of(1))), "elements");
        assertRefused(
                write(p -> p.op('}').text("x").tensor("1", 6, 0, of(6), of(1)).op('s')), "data/1");
        assertRefused(
                write(p ->
                        p.op('}').text("x").tensor("../0", 6, 0, of(6), of(1)).op('s')),
                "../0");
    }

    @Test
    void aViewThatRepeatsItsElementsIsNotBlownUp() {
        try (TensorFile file = TensorFile.open(write(tensor(6, 0, of(1L << 30), of(0))))) {
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> file.readFloats("x")), "model.pt", "x");
        }
    }

    @Test
    void anythingElseOutsideThePickleIsRefused() {
        assertRefused(write(p -> p.storage("module", "0", 6)), "no storage");
        assertRefused(write(p -> p.text("0").op('Q')), "no storage");
        assertRefused(write(p -> p.op(')', 'Q')), "no storage");
    }

    @Test
    void deepAndCircularStructuresEndSoon() {
        assertRefused(write(p -> nest(p, 100_000)), "deep");
        assertRefused(write(p -> p.op('}', 'q', 0).text("a").op('h', 0, 's')), "deep");
        assertRefused(write(p -> p.op(')').op(manyTuples(200_000))), "a tuple");
        assertRefused(write(TorchCheckpointTest::laughs), "values");
        assertRefused(write(p -> p.op('}').op(repeat('N', 1_100_000))), "instructions");
        assertRefused(write(p -> p.op('}', 'q', 0).text("state_dict").op('h', 0, 's')), "deep");
    }

    private static int[] repeat(int opcode, int count) {
        int[] opcodes = new int[count];
        Arrays.fill(opcodes, opcode);
        return opcodes;
    }

    private static int[] manyTuples(int count) {
        return repeat(0x85, count);
    }

    private static void nest(PickleWriter p, int depth) {
        p.op('}').text("a");
        for (int i = 0; i < depth; i++) {
            p.op('}').text("a");
        }
        p.op('N').op(repeat('s', depth + 1));
    }

    // Sixty dictionaries that hold the one before twice: 2^60 ways to the bottom.
    private static void laughs(PickleWriter p) {
        p.op('}', 'q', 0);
        for (int i = 1; i < 60; i++) {
            p.op('}', '(').text("a").op('h', i - 1).text("b").op('h', i - 1, 'u', 'q', i);
        }
    }

    @Test
    void aDictionarysKeysArePlain() {
        assertRefused(write(p -> p.op('}', ')', 'N', 's')), "key");
        assertRefused(write(p -> p.op('}', '(', ']', 'u')), "without a value");
        assertRefused(write(p -> p.op('}')), "no tensors");
        assertRefused(write(p -> p.op('N')), "None");
    }

    @Test
    void truncatedAtEveryByteItIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(tensor(6, 0, of(3, 2), of(1, 3))));
        Path file = folder.resolve("cut.pt");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file);
        }
        PickleWriter pickle = new PickleWriter();
        tensor(6, 0, of(3, 2), of(1, 3)).accept(pickle);
        for (int length = 0; length <= pickle.bytes().length; length++) {
            assertRefused(PickleWriter.archive(file, Arrays.copyOf(pickle.bytes(), length), storage()));
        }
    }

    @Test
    void archivesThatPyTorchDoesNotWriteAreRefused() throws IOException {
        Path file = folder.resolve("model.pt");
        byte[] pickle = {(byte) 0x80, 2, '}', '.'};
        zip(file, zip -> deflated(zip, "a/data.pkl", pickle));
        assertRefused(file, "compressed", "data.pkl");
        zip(file, zip -> PickleWriter.stored(zip, "data.pkl", pickle));
        assertRefused(file, "data.pkl");
        zip(file, zip -> PickleWriter.stored(zip, "a/b/data.pkl", pickle));
        assertRefused(file, "data.pkl");
        zip(file, zip -> {
            PickleWriter.stored(zip, "a/data.pkl", pickle);
            PickleWriter.stored(zip, "b/data.pkl", pickle);
        });
        assertRefused(file, "2 entries");
        zip(file, zip -> {
            PickleWriter.stored(zip, "a/data.pkl", pickle);
            PickleWriter.stored(zip, "a/byteorder", "middle".getBytes(StandardCharsets.US_ASCII));
        });
        assertRefused(file, "middle");
    }

    @Test
    void anEntryThatLiesAboutItsSizeIsRefused() throws IOException {
        Path file = write(tensor(1000, 0, of(1000), of(1)));
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // The second entry of the central directory: 0x02014b50, sizes at 20 and 24.
        for (int i = bytes.length - 46; i > 0; i--) {
            if (buffer.getInt(i) == 0x02014b50
                    && new String(bytes, i + 46, 8, StandardCharsets.US_ASCII).equals("a/data/0")) {
                buffer.putInt(i + 20, 4000).putInt(i + 24, 4000);
            }
        }
        Files.write(file, bytes);
        assertRefused(file, "data/0");
    }

    /** Java's reader would take the list of entries into memory whole before anybody can ask for its length. */
    @ParameterizedTest
    @CsvSource({
        "1, 900000000, -1, -1, list of entries of 900000000 bytes",
        "65535, 4294967295, 1, 900000000, list of entries of 900000000 bytes",
        "65535, 4294967295, 2000000000, 1000, has 2000000000 entries",
        "65535, 4294967295, -9, 1000, two ends do not agree",
        "65535, 900000000, 1, 1000, two ends do not agree",
        "65535, 4294967295, -1, -1, list of entries of 4294967295 bytes"
    })
    void aListOfEntriesThatAsksForMuchMemoryIsNotRead(int entries, long bytes, long large, long largeBytes, String told)
            throws IOException {
        Path file = folder.resolve("large.pt");
        long length = 1 << 30;
        ByteBuffer end = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
        if (large != -1) {
            end.putInt(0, 0x06064b50).putLong(24, large).putLong(32, large).putLong(40, largeBytes);
            end.putInt(56, 0x07064b50).putLong(64, length).putInt(72, 1);
        }
        end.putInt(76, 0x06054b50)
                .putShort(84, (short) entries)
                .putShort(86, (short) entries)
                .putInt(88, (int) bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // nothing between: the file takes no room on the disk
            channel.write(ByteBuffer.wrap(new byte[] {'P', 'K', 3, 4}));
            channel.write(end.rewind(), length);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        InvalidInputException error = assertThrows(
                InvalidInputException.class, () -> TensorFile.open(file).close());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Golden.assertOneLine(error, file.toString(), told);
        assertTrue(allocated < 8 << 20, allocated + " bytes were allocated");
    }

    @Test
    void aCommentBehindTheEndIsRefused() throws IOException {
        Path file = folder.resolve("model.pt");
        zip(file, zip -> {
            PickleWriter.stored(zip, "a/data.pkl", new byte[] {(byte) 0x80, 2, '}', '.'});
            zip.setComment("x");
        });
        assertRefused(file, "without a comment");
    }

    private interface Entries {
        void write(ZipOutputStream zip) throws IOException;
    }

    private static void zip(Path file, Entries entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            entries.write(zip);
        }
    }

    private static void deflated(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    @Test
    void filesOfOtherKindsAreRefusedWithAdvice() throws IOException {
        byte[] legacy = {(byte) 0x80, 2, (byte) 0x8A, 10, 'l', (byte) 0xFC, (byte) 0x9C, 'F', (byte) 0xF9};
        Path file = folder.resolve("old.pth");
        Files.write(file, legacy);
        assertRefused(file, "before 1.6", "torch.save");
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        Files.write(file, tar);
        assertRefused(file, "tar");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        assertRefused(file, "Git LFS");
        Files.writeString(file, "<!DOCTYPE html>");
        assertRefused(file, "neither");
        Files.write(file, new byte[0]);
        assertRefused(file, "neither");
        assertRefused(folder.resolve("nowhere.pt"), "cannot be read");
    }
}
