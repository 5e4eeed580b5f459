package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that a lenient reader would accept, and files beyond 2 GiB. */
class SafetensorsStrictnessTest {
    @TempDir
    private Path folder;

    private static ByteBuffer withLength(byte[] json, int data) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.putLong(json.length).put(json);
    }

    private String refusal(byte[] json) throws IOException {
        Path path = Files.write(
                folder.resolve("lenient.safetensors"), withLength(json, 8).array());
        String message = assertThrows(InvalidInputException.class, () -> Safetensors.open(path))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith(path.toString()), message);
        assertTrue(message.length() < path.toString().length() + 400, message);
        return message;
    }

    private String refusal(String json) throws IOException {
        return refusal(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                "{\"x\":{\"dtype\":F32,\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"x\":{\"dtype\"=\"F32\";\"shape\"=[2];\"data_offsets\"=[0,8]}}",
                "{\"x\":{\"dtype\":\"F32\",/**/\"shape\":[2],\"data_offsets\":[0,8]}}",
            })
    void anEntryIsReadAsStrictlyAsTheRest(String header) throws IOException {
        assertTrue(refusal(header).contains("not a JSON object of tensors"), header);
    }

    @Test
    void anOffsetInQuotesIsNoNumber() throws IOException {
        String message = refusal("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[\"0\",\"8\"]}}");
        assertTrue(message.contains("tensor x the data_offsets [\"0\",\"8\"]"), message);
    }

    @Test
    void bytesThatAreNoUtf8AreNoName() throws IOException {
        byte[] json = "{\"gr\u00fcn\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                .getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(json).contains("not a JSON object of tensors"));
    }

    @Test
    void nestingWithoutEndIsRefused() throws IOException {
        assertTrue(refusal("{\"x\":" + "[".repeat(1_000_000)).contains("not a JSON object of tensors"));
    }

    @Test
    void aVeryLongNameIsQuotedInPart() throws IOException {
        String message = refusal("{\"a\\nb\\u2028\\u0085" + "x".repeat(10_000) + "\":1}");
        assertTrue(message.contains("tensor a b??xxx") && message.contains("…"), message);
    }

    /** Sparse: the file claims 3 GiB and holds a few pages. */
    @Test
    void tensorsBeyondTwoGibibytesAreRead() throws IOException {
        long padding = 3L << 30;
        String header = "{\"big\":{\"dtype\":\"U8\",\"shape\":[" + padding + "],\"data_offsets\":[0," + padding
                + "]},\"tail\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + padding + "," + (padding + 8)
                + "]}}";
        Path path = folder.resolve("big.safetensors");
        ByteBuffer start =
                withLength(header.getBytes(StandardCharsets.UTF_8), 0).flip();
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            long dataStart = start.limit();
            channel.write(start);
            ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(tail.putFloat(1.5f).putFloat(-2).flip(), dataStart + padding);
        }
        try (Safetensors file = Safetensors.open(path)) {
            assertArrayEquals(new float[] {1.5f, -2}, file.readFloats("tail"));
        }
    }
}
