package dev.metaprompt.app;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Tells who else of this machine could change what lies at a path. Trusted are this user and the system's own; a group
 * that bears the owner's name is the owner's alone, as many systems set users up. File systems that know no users are
 * not asked.
 */
final class TrustedPath {
    private static final int STICKY = 01000;
    private static final long ROOT = 0;

    private TrustedPath() {}

    /** The number of this process's user. */
    static long user() {
        return new UnixSystem().getUid();
    }

    /** Tells whether paths of this kind have owners and modes. */
    static boolean knowsUsers(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /**
     * Says why a file or folder cannot be trusted: somebody else owns or may write it, or a folder above it, and so could
     * put another in its place.
     *
     * @param path a file or folder that exists; links are followed
     * @return for example {@code /data can be written by others (rwxrwxrwx)}; empty if nobody else can
     */
    static Optional<String> objection(Path path) throws IOException {
        if (!knowsUsers(path)) {
            return Optional.empty();
        }
        Path real = path.toRealPath();
        Optional<String> found = foreign(real, false);
        for (Path above = real.getParent(); above != null && found.isEmpty(); above = above.getParent()) {
            found = foreign(above, true);
        }
        return found;
    }

    /**
     * Says why something in a folder cannot be trusted, the folder itself aside.
     *
     * @param folder that has no objection itself
     */
    static Optional<String> objectionWithin(Path folder) throws IOException {
        if (!knowsUsers(folder)) {
            return Optional.empty();
        }
        Path real = folder.toRealPath();
        Walk walk = new Walk(real, isClosed(real));
        Files.walkFileTree(real, walk);
        return walk.found;
    }

    // Nobody else comes through, so that the modes of what lies below mean nothing.
    private static boolean isClosed(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                .endsWith("------");
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path top;
        private final boolean closed;
        private Optional<String> found = Optional.empty();

        Walk(Path top, boolean closed) {
            this.top = top;
            this.closed = closed;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            return folder.equals(top) ? FileVisitResult.CONTINUE : judge(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            return judge(file, attributes);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return goneOr(e);
        }

        private FileVisitResult judge(Path path, BasicFileAttributes attributes) throws IOException {
            try {
                found = objection(path, attributes);
            } catch (IOException e) {
                return goneOr(e);
            }
            return found.isPresent() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private Optional<String> objection(Path path, BasicFileAttributes attributes) throws IOException {
            if (attributes.isSymbolicLink()) {
                // A link that leads nowhere loads nothing.
                return Files.exists(path) ? TrustedPath.objection(path) : Optional.empty();
            }
            return closed ? foreignOwner(path) : foreign(path, false);
        }

        // Another process of this user unpacks beside, and moves what is whole to its place.
        private static FileVisitResult goneOr(IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    private static Optional<String> foreign(Path path, boolean above) throws IOException {
        Optional<String> owner = foreignOwner(path);
        return owner.isPresent() ? owner : foreignWriter(path, above);
    }

    private static Optional<String> foreignOwner(Path path) throws IOException {
        long uid = ((Number) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
        return uid == ROOT || uid == user()
                ? Optional.empty()
                : Optional.of(path + " belongs to user "
                        + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName());
    }

    private static Optional<String> foreignWriter(Path path, boolean above) throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean group = found.permissions().contains(PosixFilePermission.GROUP_WRITE)
                && !found.group().getName().equals(found.owner().getName());
        boolean others = found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
        if (!group && !others || above && isSticky(path)) {
            return Optional.empty();
        }
        return Optional.of(path + " can be written by others (" + PosixFilePermissions.toString(found.permissions())
                + (others ? "" : ", group " + found.group().getName()) + ")");
    }

    // Whoever writes in such a folder removes and renames their own alone.
    private static boolean isSticky(Path folder) throws IOException {
        int mode = (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & STICKY) != 0;
    }
}
