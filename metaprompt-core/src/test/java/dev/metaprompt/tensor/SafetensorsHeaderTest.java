package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No header is believed further than the file bears it out. */
class SafetensorsHeaderTest {
    private static final String VALID = "{'__metadata__':{'kind':'test'},"
            + "'first':{'dtype':'F32','shape':[2,2],'data_offsets':[0,16]},"
            + "'second':{'dtype':'BF16','shape':[3],'data_offsets':[16,22]},"
            + "'third':{'dtype':'F16','shape':[],'data_offsets':[22,24]}}";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("lying.safetensors");
    }

    @Test
    void theHeaderThatIsMutatedIsValid() throws IOException {
        Files.write(file, bytes(VALID, 24));
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals("[first, second, third]", read.names().toString());
        }
    }

    /** Each line: the header with ' for ", bytes of data, what the message must hold beside the file. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}            | 12 | 4 bytes behind",
                "{}                                                                | 1  | 1 bytes behind",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}            | 7  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[800,808]}}        | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}            | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}           | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,9223372036854775807]}} | 8 | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,18446744073709551624]}} | 8 | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}}              | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4,8]}}          | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':'all'}}            | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2]}}                                 | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0.5,8.5]}}        | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}            | 8  | tensor w",
                "{'w':{'dtype':'F16','shape':[2],'data_offsets':[0,8]}}            | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[],'data_offsets':[0,8]}}             | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}           | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}}        | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[1.5],'data_offsets':[0,6]}}          | 6  | tensor w",
                "{'w':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}              | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[1e999999999],'data_offsets':[0,8]}}  | 8  | tensor w",
                "{'w':{'dtype':'F32','shape':[4611686018427387906],'data_offsets':[0,8]}} | 8 | tensor w",
                "{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | tensor w",
                "{'w':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}}        | 8  | tensor w",
                "{'w':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}}            | 8  | tensor w",
                "{'w':{'dtype':null,'shape':[2],'data_offsets':[0,8]}}             | 8  | tensor w",
                "{'w':{'shape':[2],'data_offsets':[0,8]}}                          | 8  | tensor w",
                "{'w':[2]}                                                         | 8  | tensor w",
                "{'w':null}                                                        | 8  | tensor w",
                "{'__metadata__':7}                                                | 0  | __metadata__",
                "{'__metadata__':{'a':null}}                                       | 0  | __metadata__",
                "{'__metadata__':{'a':{}}}                                         | 0  | __metadata__",
                "{'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}   | 4  | tensor w that overlaps",
                "{'v':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                        + "'w':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}  | 12 | tensor w that overlaps",
                "{'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'w':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}  | 12 | tensor w that leaves a hole",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}            | 8  | tensor w that leaves a hole",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}   | 8  | two tensors are named w",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} {}         | 4  | not a JSON object",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}             | 4  | not a JSON object",
                "[]                                                                | 0  | not a JSON object",
                "'w'                                                               | 0  | not a JSON object",
                "{w:1}                                                             | 0  | not a JSON object",
                "nonsense                                                          | 0  | not a JSON object",
            })
    void aHeaderThatLiesIsRefused(String header, int data, String part) throws IOException {
        Files.write(file, bytes(header, data));
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Safetensors.open(file)), file.toString(), part);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 1000, 100_000_001, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void aHeaderLengthOutOfTheFileIsRefused(long length) throws IOException {
        byte[] bytes = bytes(VALID, 24);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes);
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> Safetensors.open(file)),
                file.toString(),
                "its header has " + Long.toUnsignedString(length) + " bytes",
                "the file has " + bytes.length);
    }

    @Test
    void aTensorNameWithLineEndsIsToldInOneLine() throws IOException {
        Files.write(file, bytes("{'a\\nb\\u2028c':{'dtype':'F9','shape':[1],'data_offsets':[0,4]}}", 4));
        Golden.assertOneLine(assertThrows(InvalidInputException.class, () -> Safetensors.open(file)), file.toString());
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        byte[] valid = bytes(VALID, 24);
        for (int length = 0; length < valid.length; length++) {
            Files.write(file, Arrays.copyOf(valid, length));
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> Safetensors.open(file)), file.toString());
        }
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        for (Path path : new Path[] {file, folder}) {
            Golden.assertOneLine(
                    assertThrows(InvalidInputException.class, () -> Safetensors.open(path)), path.toString());
        }
    }

    @Test
    void aHeaderWithFlippedBytesIsReadOrRefused() throws IOException {
        byte[] valid = bytes(VALID, 24);
        int read = 0;
        int rounds = 2000;
        for (int round = 0; round < rounds; round++) {
            RandomStream random = RandomStream.of(20260301, "flipped bytes", round);
            byte[] mutated = valid.clone();
            for (int flip = random.nextInt(3); flip >= 0; flip--) {
                mutated[random.nextInt(valid.length - 24)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(file, mutated);
            read += readsOrRefuses(round) ? 1 : 0;
        }
        int readable = read;
        assertTrue(read > 0 && read < rounds, () -> readable + " of " + rounds + " were readable: nothing is tested");
    }

    private boolean readsOrRefuses(int round) {
        try (Safetensors open = Safetensors.open(file)) {
            for (String name : open.names()) {
                open.readFloats(name);
            }
            return true;
        } catch (InvalidInputException e) {
            Golden.assertOneLine(e, file.toString());
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("round " + round, e);
        }
    }

    private static byte[] bytes(String header, int data) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
