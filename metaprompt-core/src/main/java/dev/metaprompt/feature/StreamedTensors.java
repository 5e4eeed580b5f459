package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.HeaderBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes a safetensors file whose tensors need not fit into memory, under a temporary name that is renamed when all is
 * on disk, and digests it on the way.
 */
final class StreamedTensors {
    /** A metadata value that is replaced by the file's digest, which is computed with these zeros in its place. */
    static final String OWN_DIGEST = "0".repeat(64);

    /** How temporary files end. */
    static final String TEMPORARY = ".tmp";

    private static final int BUFFER = 1 << 18;

    /** Writes the bytes of all tensors, in their order. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private StreamedTensors() {}

    /** Writes a file; gives its digest to {@code name}, which says where it is to stand. */
    static Path write(
            Path folder,
            Function<String, Path> name,
            Map<String, String> metadata,
            List<HeaderBytes.Tensor> tensors,
            Content content) {
        byte[] header = HeaderBytes.of(metadata, tensors);
        Path temporary = folder.resolve("." + UUID.randomUUID() + TEMPORARY);
        try {
            Files.createDirectories(folder);
            Path target = name.apply(write(temporary, header, content));
            rename(temporary, target);
            return target;
        } catch (IOException e) {
            String reason = Quoted.reason(e);
            throw new InvalidInputException(
                    folder + ": features cannot be written there: " + reason
                            + ". Free some space, permit writing, or name another place.",
                    e);
        } finally {
            delete(temporary);
        }
    }

    private static String write(Path file, byte[] header, Content content) throws IOException {
        MessageDigest digest = Sha256.begin();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out =
                    new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), digest);
            out.write(length(header));
            out.write(header);
            content.writeTo(out);
            out.flush();
            String hex = Sha256.hex(digest);
            int place = new String(header, StandardCharsets.ISO_8859_1).indexOf('"' + OWN_DIGEST + '"');
            if (place >= 0) {
                ByteBuffer text = ByteBuffer.wrap(hex.getBytes(StandardCharsets.US_ASCII));
                while (text.hasRemaining()) {
                    channel.write(text, Long.BYTES + place + 1 + text.position());
                }
            }
            channel.force(true);
            return hex;
        }
    }

    private static byte[] length(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array();
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException ignored) {
            // The limit removes what is left over.
        }
    }
}
