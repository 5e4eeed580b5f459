package dev.metaprompt.data.textures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A hidden folder in the cache for what is not whole yet. It goes when it is closed; that of a process which was killed
 * goes with a later {@link #sweep}.
 *
 * <p>A locked file beside the folder says that its process lives. Inside a process the names of its drafts say so, for
 * closing any channel on a locked file would drop the process's lock.
 */
final class Draft implements AutoCloseable {
    private static final String PREFIX = ".textures-";
    private static final String LOCK = ".lock";
    /** Names that versions without locks gave to what they were making and to what they threw away. */
    private static final String NAMES = "{.textures-,.damaged-}*";
    /** What nobody has changed for so long, and nobody can be asked about, belongs to nobody. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final Set<Path> LIVING = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path lockFile;
    private final FileChannel channel;

    private Draft(Path folder, Path lockFile, FileChannel channel) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.channel = channel;
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

    // Between a lock file's creation and its lock another process may take it for a dead one's, and remove it.
    private static Optional<Draft> tryBegin(Path folder) throws IOException {
        Path lockFile = lockFile(folder);
        LIVING.add(folder);
        FileChannel channel = null;
        boolean begun = false;
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            boolean lost = lock(channel) == Held.BY_ANOTHER;
            Files.createDirectory(folder);
            begun = !lost && Files.exists(lockFile);
            return begun ? Optional.of(new Draft(folder, lockFile, channel)) : Optional.empty();
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } finally {
            if (!begun && channel != null) {
                delete(folder);
                Files.deleteIfExists(lockFile);
                channel.close();
            }
            if (!begun) {
                LIVING.remove(folder);
            }
        }
    }

    Path path() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try {
            delete(folder);
            Files.deleteIfExists(lockFile);
        } finally {
            channel.close();
            LIVING.remove(folder);
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
                if (!LIVING.contains(folder)) {
                    sweepOne(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Who may not list the cache may still read what is in it.
        }
    }

    private static void sweepOne(Path folder) {
        Path lockFile = lockFile(folder);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            Held held = lock(channel);
            if (held == Held.HERE || held == Held.UNKNOWN && isOld(folder)) {
                delete(folder);
                Files.deleteIfExists(lockFile);
            }
        } catch (NoSuchFileException e) {
            removeIfOld(folder);
        } catch (IOException | UncheckedIOException e) {
            // Another process removes it, or nobody may: the disk's owner sees to it.
        }
    }

    private static void removeIfOld(Path folder) {
        try {
            if (isOld(folder)) {
                delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            // as above
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

    private enum Held {
        HERE,
        BY_ANOTHER,
        /** The disk has no locks. */
        UNKNOWN
    }

    private static Held lock(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock == null ? Held.BY_ANOTHER : Held.HERE;
        } catch (OverlappingFileLockException e) {
            return Held.BY_ANOTHER;
        } catch (IOException e) {
            return Held.UNKNOWN;
        }
    }

    private static Path lockFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
