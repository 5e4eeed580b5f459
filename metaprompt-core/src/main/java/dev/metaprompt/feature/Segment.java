package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.tensor.HeaderBytes;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * An immutable file of rows, sorted by key and mapped into memory. It is named by its digest, so that a damaged one
 * gives itself away.
 */
final class Segment {
    /** How segments' names end. */
    static final String SUFFIX = ".safetensors";

    private static final String KEYS = "keys";

    private final Path file;
    private final RowFormat format;
    private final int rows;
    private final LongBuffer keys;
    private final ByteBuffer values;
    private boolean verified;
    private boolean used;

    private Segment(Path file, RowFormat format, int rows, LongBuffer keys, ByteBuffer values) {
        this.file = file;
        this.format = format;
        this.rows = rows;
        this.keys = keys;
        this.values = values;
    }

    /** Opens a file; its content is believed only after {@link #verify}. */
    static Segment open(Path file, RowFormat format) {
        try (Safetensors tensors = Safetensors.open(file)) {
            long[] shape = tensors.shape(format.tensor());
            long[] keyShape = tensors.shape(KEYS);
            boolean fits = shape.length == 2
                    && shape[1] == format.width()
                    && shape[0] <= Integer.MAX_VALUE
                    && Arrays.equals(keyShape, new long[] {shape[0], RowKey.LONGS})
                    && tensors.type(format.tensor()).equals(format.type())
                    && tensors.type(KEYS).equals("I64");
            if (!fits) {
                throw new InvalidInputException(file + " holds no rows of this kind. Delete it.");
            }
            LongBuffer keys = tensors.bytes(KEYS).asLongBuffer();
            return new Segment(file, format, (int) shape[0], keys, tensors.bytes(format.tensor()));
        }
    }

    /** Writes rows to a new file of a folder. */
    static Segment write(Path folder, RowFormat format, SortedMap<RowKey, byte[]> rows) {
        long count = rows.size();
        List<HeaderBytes.Tensor> tensors = List.of(
                new HeaderBytes.Tensor(KEYS, "I64", count * RowKey.LONGS * Long.BYTES, count, (long) RowKey.LONGS),
                new HeaderBytes.Tensor(
                        format.tensor(), format.type(), count * format.bytes(), count, (long) format.width()));
        Path file = StreamedTensors.write(
                folder, digest -> free(folder, digest), Map.of(), tensors, out -> writeRows(out, rows));
        Segment segment = open(file, format);
        segment.verified = true;
        return segment;
    }

    // No file is ever replaced: another process may have it mapped, which Windows does not like.
    private static Path free(Path folder, String digest) {
        Path file = folder.resolve(digest + SUFFIX);
        return Files.exists(file) ? folder.resolve(digest + "-" + UUID.randomUUID() + SUFFIX) : file;
    }

    private static void writeRows(OutputStream out, SortedMap<RowKey, byte[]> rows) throws IOException {
        ByteBuffer key = ByteBuffer.allocate(RowKey.LONGS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (RowKey each : rows.keySet()) {
            key.clear().putLong(each.a()).putLong(each.b()).putLong(each.c()).putLong(each.d());
            out.write(key.array());
        }
        for (byte[] row : rows.values()) {
            out.write(row);
        }
    }

    /** Compares the content with the digest that is the name, the first time it is asked. */
    boolean verify() {
        if (!verified) {
            verified = file.getFileName().toString().startsWith(digest(file));
        }
        return verified;
    }

    private static String digest(Path file) {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = new DigestInputStream(PlainFiles.readBehindLinks(file), digest)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // the stream digests what passes
            }
            return Sha256.hex(digest);
        } catch (IOException e) {
            return "unreadable";
        }
    }

    /** Returns the row of a key, or -1. */
    int find(RowKey key) {
        int low = 0;
        int high = rows - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = key(middle).compareTo(key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    RowKey key(int row) {
        int at = row * RowKey.LONGS;
        return new RowKey(keys.get(at), keys.get(at + 1), keys.get(at + 2), keys.get(at + 3));
    }

    /** A row's bytes, little-endian, as a view of the mapped file. */
    ByteBuffer row(int row) {
        return values.slice(row * format.bytes(), format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Marks the file as used now: the limit removes what was used longest ago. */
    void touch() {
        if (!used) {
            used = true;
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            } catch (IOException ignored) {
                // In a cache that can only be read nothing is removed either.
            }
        }
    }

    boolean used() {
        return used;
    }

    int rows() {
        return rows;
    }

    long bytes() {
        return (long) rows * (format.bytes() + RowKey.LONGS * Long.BYTES);
    }

    Path file() {
        return file;
    }
}
