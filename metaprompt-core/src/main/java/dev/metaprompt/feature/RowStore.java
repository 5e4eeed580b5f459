package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Rows on disk, found by key: a folder of segments. Segments are only ever added and removed whole, so that any number
 * of processes may read and write at once, and one that is killed leaves nothing behind but a temporary file. Rows that
 * two processes wrote both are equal, and so are those of a segment that was merged into another.
 *
 * <p>For use by one thread.
 */
final class RowStore {
    /** Segments smaller than this are merged, once there are more than {@link #MOST_SMALL}. */
    static final long SMALL_BYTES = 4L << 20;

    static final int MOST_SMALL = 12;
    private static final long LARGEST_BYTES = 64L << 20;

    private final Path folder;
    private final RowFormat format;
    private final Consumer<String> told;
    private final Map<Path, Segment> segments = new LinkedHashMap<>();
    private final Set<Path> refused = new HashSet<>();
    private final SortedMap<RowKey, byte[]> pending = new TreeMap<>();

    /** Opens the store in a folder, which need not exist; {@code told} hears of damaged files. */
    RowStore(Path folder, RowFormat format, Consumer<String> told) {
        this.folder = folder;
        this.format = format;
        this.told = told;
        refresh();
    }

    /** Finds the segments that other processes have written since. */
    void refresh() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + Segment.SUFFIX)) {
            for (Path file : files) {
                if (!segments.containsKey(file) && !refused.contains(file)) {
                    open(file);
                }
            }
        } catch (NoSuchFileException ignored) {
            // nothing is kept yet
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new InvalidInputException(
                    folder + " cannot be listed: " + Quoted.reason(e)
                            + ". Permit reading it, or name another folder as cache.",
                    e);
        }
    }

    private void open(Path file) {
        try {
            segments.put(file, Segment.open(file, format));
        } catch (InvalidInputException e) {
            refuse(file);
        }
    }

    // Another process may have merged or removed the file meanwhile; that is no damage.
    private void refuse(Path file) {
        refused.add(file);
        segments.remove(file);
        if (Files.exists(file)) {
            told.accept("kept features in " + file + " are damaged; what is needed of them is computed again");
            remove(file);
        }
    }

    /** Returns a row, or null if it is not kept. */
    ByteBuffer find(RowKey key) {
        for (Segment segment : List.copyOf(segments.values())) {
            int row = segment.find(key);
            if (row >= 0 && segment.verify()) {
                segment.touch();
                return segment.row(row);
            }
            if (row >= 0) {
                refuse(segment.file());
            }
        }
        return null;
    }

    /** Adds a row, which is on disk after the next {@link #flush}. */
    void add(RowKey key, byte[] row) {
        if (row.length != format.bytes()) {
            throw new IllegalArgumentException(row.length + " bytes for a row of " + format.bytes());
        }
        pending.put(key, row);
    }

    /** How many rows wait for {@link #flush}. */
    int pending() {
        return pending.size();
    }

    /** Writes what was added. */
    void flush() {
        if (!pending.isEmpty()) {
            Segment segment = Segment.write(folder, format, pending);
            segment.touch();
            segments.put(segment.file(), segment);
            refused.remove(segment.file());
            pending.clear();
        }
    }

    /** Merges small segments, if they have become many. */
    void merge() {
        List<Segment> small = segments.values().stream()
                .filter(segment -> segment.bytes() < SMALL_BYTES)
                .toList();
        if (small.size() <= MOST_SMALL) {
            return;
        }
        List<Segment> merged = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : small) {
            if (!segment.verify()) {
                refuse(segment.file());
                continue;
            }
            for (int row = 0; row < segment.rows(); row++) {
                byte[] value = new byte[format.bytes()];
                segment.row(row).get(value);
                pending.put(segment.key(row), value);
            }
            merged.add(segment);
            bytes += segment.bytes();
            if (bytes > LARGEST_BYTES) {
                replace(merged);
                bytes = 0;
            }
        }
        replace(merged);
    }

    // The merged segment is on disk before the first of the others goes.
    private void replace(List<Segment> merged) {
        if (merged.size() > 1) {
            flush();
            for (Segment segment : merged) {
                segments.remove(segment.file());
                refused.add(segment.file());
                remove(segment.file());
            }
        }
        pending.clear();
        merged.clear();
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // Windows keeps what is mapped; the limit removes it some day.
        }
    }

    /** The segments that were read or written by this object, which the limit leaves alone. */
    Set<Path> used() {
        Set<Path> used = new HashSet<>();
        segments.values().stream().filter(Segment::used).forEach(segment -> used.add(segment.file()));
        return used;
    }
}
