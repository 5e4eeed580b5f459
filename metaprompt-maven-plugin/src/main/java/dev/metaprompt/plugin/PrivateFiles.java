package dev.metaprompt.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes what this user alone may read, from the first moment on, where the file system knows users. */
final class PrivateFiles {
    private PrivateFiles() {}

    /**
     * Writes a new file of mode 0600.
     *
     * @throws IOException also if anything of that name is there, a link included
     */
    static void write(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, mode(file, "rw-------"))) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }
    }

    /** Creates a folder of mode 0700. */
    static Path createDirectory(Path folder) throws IOException {
        return Files.createDirectory(folder, mode(folder, "rwx------"));
    }

    private static FileAttribute<?>[] mode(Path path, String mode) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
