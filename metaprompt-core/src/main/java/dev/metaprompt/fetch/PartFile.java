package dev.metaprompt.fetch;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * What has come of a file: {@code <name>.part} beside the target, and {@code <name>.part.json} which remembers of what
 * it is a part. The memory is written first, so bytes never stand there without it.
 */
final class PartFile {
    /**
     * Of what the bytes are a part.
     *
     * @param uri the address that was asked
     * @param validator the server's ETag or date of last change; may be empty
     * @param total the whole file's length; -1 if the server did not say
     */
    record Memory(String uri, String validator, long total) {}

    private static final long LARGEST_MEMORY = 1 << 20;
    private static final Gson GSON = new Gson();

    private final Path target;
    private final Path part;
    private final Path sidecar;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.sidecar = target.resolveSibling(target.getFileName() + ".part.json");
    }

    /** How many bytes have come. */
    long length() {
        try {
            return PlainFiles.isThere(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * What is known of the part, deleting a part of something else or of which nothing is known.
     *
     * @param file what is wanted now
     * @return the memory; null if there is nothing to go on with
     */
    Memory memory(RemoteFile file) {
        Memory memory = read();
        boolean same = memory != null
                && file.uri().toString().equals(memory.uri())
                && memory.validator() != null
                && (file.size().isEmpty()
                        || memory.total() < 0
                        || memory.total() == file.size().getAsLong());
        // without a validator only the digest would show that the file has changed meanwhile
        boolean safe = same && (!memory.validator().isEmpty() || file.digest().isPresent());
        if (safe && length() > 0) {
            return memory;
        }
        delete();
        return null;
    }

    private Memory read() {
        try {
            return PlainFiles.isThere(sidecar) && PlainFiles.isThere(part)
                    ? GSON.fromJson(PlainFiles.text(sidecar, LARGEST_MEMORY), Memory.class)
                    : null;
        } catch (IOException | JsonSyntaxException e) {
            return null;
        }
    }

    /** Throws away what has come and begins anew. */
    void begin(Memory memory) {
        delete();
        remember(memory);
        try {
            Files.createFile(part);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void remember(Memory memory) {
        try {
            Path fresh = sidecar.resolveSibling(sidecar.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.writeString(fresh, GSON.toJson(memory), StandardOpenOption.CREATE_NEW);
            Files.move(fresh, sidecar, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Opens the part to append to it. */
    FileChannel append() {
        try {
            return PlainFiles.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Writes all of the buffers. */
    long write(FileChannel channel, List<ByteBuffer> buffers) {
        long written = 0;
        try {
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    written += channel.write(buffer);
                }
            }
            return written;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Looks for what is wrong with a part that should be the whole file.
     *
     * @param file its size and digest, where known
     * @return the fault; empty if there is none
     */
    String fault(RemoteFile file) {
        long length = length();
        if (file.size().isPresent() && length != file.size().getAsLong()) {
            return wrongLength(length, file);
        }
        if (file.digest().isEmpty()) {
            return "";
        }
        Digest expected = file.digest().get();
        try {
            Digest found = Digest.of(expected.kind(), part);
            return found.equals(expected) ? "" : "has " + found + ", expected is " + expected.hex();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    static String wrongLength(long found, RemoteFile file) {
        return "has " + found + " bytes, expected are " + file.size().getAsLong();
    }

    /** Whether the bytes begin as a web page does: some servers send one under any type. */
    boolean looksLikeWebPage() {
        try (FileChannel channel = PlainFiles.open(part, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(256);
            int n = Math.max(0, channel.read(head));
            String text = new String(head.array(), 0, n, StandardCharsets.ISO_8859_1)
                    .stripLeading()
                    .toLowerCase(Locale.ROOT);
            return text.startsWith("<!doctype html") || text.startsWith("<html");
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes the part the target: forced to the disk, then renamed. */
    void publish() {
        try {
            try (FileChannel channel = PlainFiles.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            move(part, target);
            Files.deleteIfExists(sidecar);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Renames, in one step where the system can. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Throws away what has come. */
    void delete() {
        try {
            Files.deleteIfExists(part);
            Files.deleteIfExists(sidecar);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    InvalidInputException unusable(IOException cause) {
        return new InvalidInputException(
                part + ": cannot be written (" + Words.fault(cause)
                        + "). Make room or permit writing there, then run again: it goes on where it was.",
                cause);
    }
}
