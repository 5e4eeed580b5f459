package dev.metaprompt.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens files of run and cache folders, which may have come from elsewhere: only what is a regular file itself, neither a
 * link to one nor a device or a pipe.
 */
public final class PlainFiles {
    private PlainFiles() {}

    /**
     * Tells whether there is a regular file of that name, itself and not behind a link.
     *
     * @param file a path
     * @return whether there is
     */
    public static boolean isThere(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Opens a file.
     *
     * @param file a path
     * @param options as for {@link FileChannel#open}
     * @return to be closed by the caller
     * @throws IOException if the file is a link or otherwise no regular file, or cannot be opened
     */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        try {
            requirePlain(file, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            // the options say whether it may be made
        }
        Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all);
    }

    /**
     * Opens a file for reading from its beginning.
     *
     * @param file a path
     * @return to be closed by the caller
     * @throws IOException if it is missing, a link or otherwise no regular file, or cannot be read
     */
    public static InputStream read(Path file) throws IOException {
        return Channels.newInputStream(open(file, StandardOpenOption.READ));
    }

    /**
     * Reads a small text that this program wrote; {@link UserText} reads those of persons.
     *
     * @param file a path; links to it are not followed
     * @param most the most bytes that it may have
     * @return its text
     * @throws IOException if it is missing, a link or otherwise no regular file, larger, or no UTF-8
     */
    public static String text(Path file, long most) throws IOException {
        try (InputStream in = read(file)) {
            return decoded(file, bytes(in, file, most));
        }
    }

    /**
     * Reads a small file that a person named, who may name a link.
     *
     * @param file a path
     * @param most the most bytes that it may have
     * @return its bytes
     * @throws IOException if it is missing, no regular file, or larger
     */
    public static byte[] bytesBehindLinks(Path file, long most) throws IOException {
        try (InputStream in = readBehindLinks(file)) {
            return bytes(in, file, most);
        }
    }

    /**
     * Lists what lies below a folder, links not followed. What vanishes meanwhile, since somebody works there, is left out.
     *
     * @param folder an existing folder
     * @return files, folders, links and whatever else there is, without the folder itself
     * @throws IOException if a folder cannot be looked into
     */
    public static List<Path> below(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        // The folder itself may be reached through a link.
        Files.walkFileTree(folder.toRealPath(), new SimpleFileVisitor<>() {
            private final Path real = folder.toRealPath();

            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return path.equals(real) ? FileVisitResult.CONTINUE : visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                found.add(folder.resolve(real.relativize(path)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException fault) throws IOException {
                if (fault instanceof NoSuchFileException && !path.equals(real)) {
                    return FileVisitResult.CONTINUE;
                }
                throw fault;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException fault) throws IOException {
                return fault == null ? FileVisitResult.CONTINUE : visitFileFailed(path, fault);
            }
        });
        return found;
    }

    /**
     * Deletes a file, or a folder with all that is in it; links are deleted, and not followed.
     *
     * @param path may be missing
     * @throws IOException if something cannot be deleted
     */
    public static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> found = below(path);
            for (int i = found.size() - 1; i >= 0; i--) {
                Files.deleteIfExists(found.get(i));
            }
        }
        Files.deleteIfExists(path);
    }

    /**
     * Opens a file of any size that a person named, who may name a link, for reading from its beginning.
     *
     * @param file a path
     * @return to be closed by the caller
     * @throws IOException if it is missing, no regular file, or cannot be read
     */
    public static InputStream readBehindLinks(Path file) throws IOException {
        requirePlain(file);
        return Files.newInputStream(file);
    }

    /**
     * Opens a file of any size that a person named, who may name a link, for reading at any place.
     *
     * @param file a path
     * @return to be closed by the caller
     * @throws IOException if it is missing, no regular file, or cannot be read
     */
    public static FileChannel openBehindLinks(Path file) throws IOException {
        requirePlain(file);
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    // Before it is opened: whoever opens a pipe waits until somebody writes to it.
    private static void requirePlain(Path file, LinkOption... options) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, options);
        if (!found.isRegularFile()) {
            throw notPlain(file, found);
        }
    }

    private static FileSystemException notPlain(Path file, BasicFileAttributes found) {
        String kind = found.isSymbolicLink() ? "a link" : found.isDirectory() ? "a folder" : "a device or a pipe";
        return new FileSystemException(file.toString(), null, "it is " + kind + " and no regular file");
    }

    // What a file's size says is not believed: that of a kernel's file is 0, and it may grow meanwhile.
    private static byte[] bytes(InputStream in, Path file, long most) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 14];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + (long) n > most) {
                throw new FileSystemException(file.toString(), null, "it is larger than " + most + " bytes");
            }
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }

    private static String decoded(Path file, byte[] bytes) throws IOException {
        byte[] text = UserText.unmarked(bytes);
        Optional<String> fault = UserText.fault(text);
        if (fault.isPresent()) {
            throw new FileSystemException(file.toString(), null, "it " + fault.get());
        }
        return new String(text, StandardCharsets.UTF_8);
    }
}
