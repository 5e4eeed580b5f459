package dev.metaprompt.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles instruction by instruction, also such as no Python writes. */
public final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Begins a pickle of protocol 2. */
    public PickleWriter() {
        op(0x80, 2);
    }

    public PickleWriter op(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    public PickleWriter op(char opcode) {
        return op((int) opcode);
    }

    public PickleWriter int32(char opcode, int value) {
        op(opcode);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    public PickleWriter number(long value) {
        op(0x8A, Long.BYTES);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    public PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int32('X', bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    public PickleWriter global(String module, String name) {
        op('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A tensor on a storage of floats. */
    public PickleWriter tensor(String key, long elements, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        storage("storage", key, elements).number(offset);
        numbers(shape);
        numbers(strides);
        return op(0x89, '}', 't', 'R');
    }

    PickleWriter storage(String kind, String key, long elements) {
        op('(');
        text(kind).global("torch", "FloatStorage").text(key).text("cpu").number(elements);
        return op('t', 'Q');
    }

    PickleWriter numbers(long... values) {
        op('(');
        for (long value : values) {
            number(value);
        }
        return op('t');
    }

    public byte[] stop() {
        op('.');
        return out.toByteArray();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Writes an archive as torch.save does: the pickle, and one storage "0". */
    public static Path archive(Path file, byte[] pickle, byte[] storage) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            stored(zip, "a/data.pkl", pickle);
            stored(zip, "a/data/0", storage);
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
