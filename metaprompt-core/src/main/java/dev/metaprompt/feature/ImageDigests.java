package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Digests of image files, and of each whether its views depend on the order of colour conversion. A digest that was
 * computed before is known by the file's absolute path, size and time of change, the other by the digest: the file is
 * then not opened.
 */
final class ImageDigests implements ImageContents {
    // A file that is changed twice within a tick of its file system's clock may keep its time. Coarse clocks tick in
    // whole seconds or two, fine ones in some milliseconds.
    private static final Duration COARSE_TICK = Duration.ofSeconds(2);
    private static final Duration FINE_TICK = Duration.ofMillis(20);
    private static final int FLUSH_ROWS = 1 << 16;
    private static final int CHUNK = 1024;

    private final RowStore store;
    private final Path root;

    /** What is known of a file without opening it. */
    private record Stat(Path file, long size, Instant time) {
        RowKey key() {
            return RowKey.of("image", file.toString(), String.valueOf(size), time.toString());
        }

        boolean settled() {
            return time.plus(time.getNano() == 0 ? COARSE_TICK : FINE_TICK).isBefore(Instant.now());
        }
    }

    /** What a file holds; whether its views depend on the order is unknown where it is no image that we read. */
    private record Content(byte[] digest, Optional<Boolean> dependsOnOrder) {}

    ImageDigests(RowStore store, Path imageRoot) {
        this.store = store;
        this.root = imageRoot.toAbsolutePath().normalize();
    }

    @Override
    public byte[][] digests(List<String> paths, Progress progress) {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(paths));
        byte[][] digests = ofDistinct(distinct, progress);
        Map<String, byte[]> byPath = new HashMap<>();
        for (int i = 0; i < digests.length; i++) {
            byPath.put(distinct.get(i), digests[i]);
        }
        return paths.stream().map(byPath::get).toArray(byte[][]::new);
    }

    private byte[][] ofDistinct(List<String> paths, Progress progress) {
        store.refresh();
        byte[][] digests = new byte[paths.size()][];
        int[] unknown = IntStream.range(0, paths.size())
                .filter(i -> (digests[i] = known(stat(paths.get(i)))) == null)
                .toArray();
        for (int start = 0; start < unknown.length; start += CHUNK) {
            int[] chunk = Arrays.copyOfRange(unknown, start, Math.min(unknown.length, start + CHUNK));
            Stat[] before = new Stat[chunk.length];
            Content[] contents = new Content[chunk.length];
            IntStream.range(0, chunk.length).parallel().forEach(i -> {
                before[i] = stat(paths.get(chunk[i]));
                contents[i] = content(before[i]);
                digests[chunk[i]] = contents[i].digest();
            });
            for (int i = 0; i < chunk.length; i++) {
                keep(before[i], stat(paths.get(chunk[i])), contents[i]);
            }
            progress.update("images digested", start + chunk.length, unknown.length, "");
        }
        store.flush();
        return digests;
    }

    private void keep(Stat before, Stat after, Content content) {
        if (before.settled() && before.equals(after)) {
            store.add(before.key(), content.digest());
        }
        keep(content);
    }

    private void keep(Content content) {
        content.dependsOnOrder().ifPresent(depends -> {
            byte[] row = new byte[RowFormat.DIGESTS.bytes()];
            row[0] = (byte) (depends ? 1 : 0);
            store.add(orderKey(content.digest()), row);
        });
        if (store.pending() >= FLUSH_ROWS) {
            store.flush();
        }
    }

    private static RowKey orderKey(byte[] digest) {
        return RowKey.of("depends on color order", hex(digest));
    }

    @Override
    public boolean[] dependOnOrder(List<String> paths, Progress progress) {
        return dependOnOrder(paths, digests(paths, progress), progress);
    }

    /** As above, for images whose digests are known. */
    boolean[] dependOnOrder(List<String> paths, byte[][] digests, Progress progress) {
        Map<String, Integer> unknown = new LinkedHashMap<>();
        for (int i = 0; i < digests.length; i++) {
            if (store.find(orderKey(digests[i])) == null) {
                unknown.putIfAbsent(hex(digests[i]), i);
            }
        }
        // Of versions that knew one order digests are kept, and nothing else of what the files hold.
        int[] places = unknown.values().stream().mapToInt(i -> i).toArray();
        for (int start = 0; start < places.length; start += CHUNK) {
            int[] chunk = Arrays.copyOfRange(places, start, Math.min(places.length, start + CHUNK));
            Arrays.stream(chunk)
                    .parallel()
                    .mapToObj(i -> unchanged(paths.get(i), digests[i]))
                    .toList()
                    .forEach(this::keep);
            progress.update("images looked at", start + chunk.length, places.length, "");
        }
        store.flush();
        boolean[] depend = new boolean[digests.length];
        for (int i = 0; i < depend.length; i++) {
            // No image that we read, or another process cleans the cache: to tell two orders apart is never wrong.
            ByteBuffer row = store.find(orderKey(digests[i]));
            depend[i] = row == null || row.get(row.position()) != 0;
        }
        return depend;
    }

    private Content unchanged(String path, byte[] digest) {
        Stat stat = stat(path);
        Content content = content(stat);
        if (!Arrays.equals(digest, content.digest())) {
            throw changed(stat.file());
        }
        return content;
    }

    private byte[] known(Stat stat) {
        return Optional.ofNullable(store.find(stat.key()))
                .map(ImageDigests::bytes)
                .orElse(null);
    }

    private static byte[] bytes(ByteBuffer row) {
        byte[] bytes = new byte[row.remaining()];
        row.get(bytes);
        return bytes;
    }

    /** Holds that a file, which has been read since, still has the bytes of its digest. */
    void requireUnchanged(String path, byte[] digest) {
        Stat stat = stat(path);
        if (!Arrays.equals(
                digest,
                Optional.ofNullable(known(stat)).orElseGet(() -> content(stat).digest()))) {
            throw changed(stat.file());
        }
    }

    private static InvalidInputException changed(Path file) {
        return new InvalidInputException("image " + file + " was changed while it was encoded. Let nothing"
                + " write to the images, then run again.");
    }

    private Stat stat(String path) {
        Path file = root.resolve(path);
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stat(file, facts.size(), facts.lastModifiedTime().toInstant());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Content content(Stat stat) {
        try {
            if (stat.size() > ImageFiles.MOST_BYTES) {
                return new Content(digest(stat.file()), Optional.empty());
            }
            byte[] bytes = PlainFiles.bytesBehindLinks(stat.file(), ImageFiles.MOST_BYTES);
            return new Content(Sha256.begin().digest(bytes), ImageFiles.dependOnOrder(bytes));
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(stat.file(), e);
        }
    }

    /** Of a file that is too large for an image, which whoever needs its pixels will hear. */
    private static byte[] digest(Path file) throws IOException {
        try (InputStream in = PlainFiles.readBehindLinks(file)) {
            MessageDigest digest = Sha256.begin();
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return digest.digest();
        }
    }

    private static InvalidInputException unreadable(Path file, Exception e) {
        return new InvalidInputException(
                "image " + Quoted.path(file) + " cannot be read: "
                        + Quoted.reason(e)
                        + ". Restore the image or correct the split file.",
                e);
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    RowStore store() {
        return store;
    }
}
