package dev.metaprompt.data.textures;

import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A hidden folder in the cache for what is not whole yet. It goes when it is closed; that of a process which was killed
 * goes with a later {@link #sweep}.
 *
 * <p>A locked file beside the folder says that its process lives.
 */
final class Draft implements AutoCloseable {
    private static final String PREFIX = ".textures-";
    private static final String LOCK = ".lock";
    /** Names that versions without locks gave to what they were making and to what they threw away. */
    private static final String NAMES = "{.textures-,.damaged-}*";
    /** What nobody has changed for so long, and nobody can be asked about, belongs to nobody. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path folder;
    private final Path lockFile;
    /** Nothing where the disk has no locks. */
    private final Optional<ProcessLock> lock;

    private Draft(Path folder, Path lockFile, Optional<ProcessLock> lock) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Makes an empty draft in an existing folder. */
    static Draft begin(Path cache) throws IOException {
        Path real = cache.toRealPath();
        while (true) {
            Path folder = real.resolve(PREFIX + UUID.randomUUID());
            Optional<Draft> draft = tryBegin(folder);
            if (draft.isPresent()) {
                return draft.get();
            }
        }
    }

    private static Optional<Draft> tryBegin(Path folder) throws IOException {
        Path lockFile = lockFile(folder);
        Optional<ProcessLock> lock = Optional.empty();
        try {
            lock = ProcessLock.tryTake(lockFile);
            if (lock.isEmpty()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            // A disk without locks, where age alone tells what is abandoned; else the folder cannot be made either.
        }
        boolean begun = false;
        try {
            Files.createDirectory(folder);
            // Before it was locked, another process may have taken the file for a dead one's, and removed it.
            begun = lock.isEmpty() || Files.exists(lockFile);
            return begun ? Optional.of(new Draft(folder, lockFile, lock)) : Optional.empty();
        } finally {
            if (!begun) {
                new Draft(folder, lockFile, lock).close();
            }
        }
    }

    Path path() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try {
            PlainFiles.delete(folder);
            Files.deleteIfExists(lockFile);
        } finally {
            lock.ifPresent(ProcessLock::close);
        }
    }

    /** Removes the drafts of processes that are dead; a living one's stay. What cannot be removed stays too. */
    static void sweep(Path cache) {
        if (!Files.isDirectory(cache)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(cache.toRealPath(), NAMES)) {
            for (Path each : found) {
                String name = each.getFileName().toString();
                Path folder = name.endsWith(LOCK)
                        ? each.resolveSibling(name.substring(0, name.length() - LOCK.length()))
                        : each;
                sweepOne(folder);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Who may not list the cache may still read what is in it.
        }
    }

    private static void sweepOne(Path folder) {
        Path lockFile = lockFile(folder);
        if (!PlainFiles.isThere(lockFile)) {
            removeIfOld(folder);
            return;
        }
        try (ProcessLock lock = ProcessLock.tryTake(lockFile).orElse(null)) {
            if (lock != null) {
                PlainFiles.delete(folder);
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException e) {
            // No locks on this disk, or another process removes it, or nobody may: the disk's owner sees to it.
            removeIfOld(folder);
        }
    }

    private static void removeIfOld(Path folder) {
        try {
            if (isOld(folder)) {
                PlainFiles.delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            // as there
        }
    }

    private static boolean isOld(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Instant bound = Instant.now().minus(ABANDONED);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Instant changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
                if (changed.isAfter(bound)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Path lockFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }
}
