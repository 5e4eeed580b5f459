package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Replaces whole files so that a reader sees the earlier or the new content, never a part.
 *
 * <p>The content goes to a temporary file in the same folder, is forced to the disk and renamed. If anything fails, a
 * full disk included, the temporary file is deleted and the earlier file stays as it was.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** What is to stand in a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param out buffered; need not be flushed or closed
         * @throws IOException if the stream fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Where the bytes go; a seam for tests of full disks. */
    interface Disk {
        /** Opens a new file for writing. */
        OutputStream open(Path file) throws IOException;

        /** Forces a file's bytes, or a folder's names, to the disk. */
        void force(Path path) throws IOException;
    }

    private static final Disk REAL = new Disk() {
        @Override
        public OutputStream open(Path file) throws IOException {
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void force(Path path) throws IOException {
            boolean folder = Files.isDirectory(path);
            try (FileChannel channel =
                    FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    };

    /**
     * Replaces a file or creates it.
     *
     * @param file its folder exists
     * @param content what is to stand there
     * @throws InvalidInputException if it cannot be written; the earlier file is then intact
     */
    public static void write(Path file, Content content) {
        write(file, content, REAL);
    }

    /**
     * Replaces a text file or creates it.
     *
     * @param file its folder exists
     * @param text written in UTF-8
     * @throws InvalidInputException if it cannot be written; the earlier file is then intact
     */
    public static void writeText(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    static void write(Path file, Content content, Disk disk) {
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(disk.open(temporary), 1 << 16)) {
                content.writeTo(out);
            }
            disk.force(temporary);
            rename(temporary, file);
            forceFolder(file.toAbsolutePath().getParent(), disk);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the new name last; systems that cannot open a folder (Windows) keep names by themselves. */
    private static void forceFolder(Path folder, Disk disk) {
        try {
            disk.force(folder);
        } catch (IOException e) {
            // the file is complete under its name: nothing is lost unless the machine itself stops now
        }
    }

    private static void deleteQuietly(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // a left-over temporary file harms nobody, and the first failure is the one to tell
        }
    }

    /** The error for a write that failed, in this package's words. */
    static InvalidInputException cannotWrite(Path file, IOException cause) {
        return new InvalidInputException(
                file + ": cannot be written (" + Quoted.reason(cause) + ")."
                        + " What was written earlier is intact. Make room or permit writing there, then run again.",
                cause);
    }
}
