package dev.metaprompt.feature;

import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of all kept features, of this version and of earlier ones. */
public final class CacheFolder {
    // A temporary file this old belongs to a process that was killed.
    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final int DEPTH = 2;

    private final Path path;

    /** A file and what counts when space is short. */
    private record Kept(Path file, long bytes, Instant used) {
        boolean temporary() {
            return file.toString().endsWith(StreamedTensors.TEMPORARY);
        }

        boolean abandoned() {
            return used.plus(ABANDONED).isBefore(Instant.now());
        }
    }

    /**
     * Names the folder; it need not exist.
     *
     * @param cache the cache folder
     */
    public CacheFolder(Path cache) {
        this.path = Inside.require(cache.toAbsolutePath().normalize(), "features", "the cache folder");
    }

    Path path() {
        return path;
    }

    /** Where digests of image files are kept. */
    Path images() {
        return space("images");
    }

    /** Where features of one kind are kept: a folder, which others of a shared cache have not put a link in place of. */
    Path space(String name) {
        return Inside.require(path, name, "the cache folder");
    }

    /**
     * Removes all kept features.
     *
     * @return the bytes of what was removed
     */
    public long clean() {
        long bytes = 0;
        for (Kept kept : files()) {
            // A young temporary file is another process's, at work now.
            boolean atWork = kept.temporary() && !kept.abandoned();
            bytes += !atWork && remove(kept.file()) ? kept.bytes() : 0;
        }
        return bytes;
    }

    /** Removes what was used longest ago, until no more than the limit is left; what is in use stays. */
    void limit(long bytes, Set<Path> inUse) {
        List<Kept> files = new ArrayList<>();
        long total = 0;
        for (Kept kept : files()) {
            if (kept.temporary() && kept.abandoned()) {
                remove(kept.file());
            } else if (!kept.temporary()) {
                files.add(kept);
                total += kept.bytes();
            }
        }
        files.sort(Comparator.comparing(Kept::used));
        for (Kept kept : files) {
            if (total <= bytes) {
                return;
            }
            if (!inUse.contains(kept.file()) && remove(kept.file())) {
                total -= kept.bytes();
            }
        }
    }

    private List<Kept> files() {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        List<Kept> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(path, DEPTH)) {
            walk.filter(CacheFolder::ours).forEach(file -> add(files, file));
        } catch (IOException | UncheckedIOException ignored) {
            // Another process removed a folder meanwhile; the next run counts again.
        }
        return files;
    }

    private static boolean ours(Path file) {
        String name = file.toString();
        return (name.endsWith(Segment.SUFFIX) || name.endsWith(StreamedTensors.TEMPORARY)) && PlainFiles.isThere(file);
    }

    private static void add(List<Kept> files, Path file) {
        try {
            files.add(new Kept(
                    file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException ignored) {
            // removed by another process meanwhile
        }
    }

    private static boolean remove(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // Windows keeps what a process has mapped.
            return false;
        }
    }
}
