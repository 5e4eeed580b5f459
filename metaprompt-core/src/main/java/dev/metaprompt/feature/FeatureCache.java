package dev.metaprompt.feature;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Features of images on disk, row by row, found by content: the image's bytes, the view, and all that decides how they
 * are encoded. Another seed, more views, or another data set with some of the same images encode only what is new. A
 * kept row equals a fresh one to the last bit, since images are always encoded in batches of one size (see
 * {@link FeatureEncoder}).
 *
 * <p>Below the cache folder, {@code features/<space>/} holds the rows of one way of encoding, and
 * {@code features/images/} the digests of image files. Safe under any number of processes and a kill at any time.
 */
public final class FeatureCache implements FeatureSource, ImageContents, AutoCloseable {
    private static final String VERSION = "3";
    private static final int FLUSH_ROWS = 2048;
    private static final long FLUSH_NANOS = 30_000_000_000L;
    private static final int TRIES = 3;
    private static final int SPACE_DIGITS = 32;

    private final CacheFolder folder;
    private final FeatureEncoder encoder;
    private final int width;
    private final RowStore rows;
    private final ImageDigests digests;
    private final long limit;

    /** The wanted rows, and which of them are not kept: the first place of each. */
    private record Wanted(byte[][] digests, RowKey[] keys, List<Integer> missing) {}

    /**
     * Creates the cache of one model and one data set.
     *
     * @param cache the cache folder
     * @param limit bytes that kept features may take; what was used longest ago is removed above it
     * @param encoder encodes what is not there yet
     * @param modelSha256 digest of the weights
     * @param imageRoot what image paths are relative to
     * @param progress hears of damaged files
     */
    public FeatureCache(
            Path cache, long limit, FeatureEncoder encoder, String modelSha256, Path imageRoot, Progress progress) {
        this.folder = new CacheFolder(cache);
        this.limit = limit;
        this.encoder = encoder;
        this.width = encoder.model().config().projection();
        Path space = folder.space(space(encoder, modelSha256));
        this.rows = new RowStore(space, RowFormat.features(encoder.precision(), width), progress::phase);
        this.digests = new ImageDigests(new RowStore(folder.images(), RowFormat.DIGESTS, progress::phase), imageRoot);
    }

    // All that may change a bit of a feature, beside the image and the view. Threads split sums.
    private static String space(FeatureEncoder encoder, String modelSha256) {
        String description = String.join(
                "\n",
                VERSION,
                modelSha256,
                encoder.model().config().toString(),
                Preparation.describe(encoder.model().preprocessing()),
                encoder.model().device().getDeviceType(),
                encoder.model().imagePrecision().toString(),
                encoder.precision().word(),
                "batch " + encoder.batch(),
                Engine.getInstance().getVersion(),
                System.getProperty("os.arch"),
                System.getProperty("ai.djl.pytorch.num_threads", "default"));
        return Sha256.hex(description.getBytes(StandardCharsets.UTF_8)).substring(0, SPACE_DIGITS);
    }

    @Override
    public NDArray get(NDManager manager, List<String> paths, int[] views, Progress progress) {
        RowKey[] keys = require(paths, views, progress);
        return FeatureTable.of(manager, keys.length, width, (row, target, offset) -> read(keys[row], target, offset));
    }

    private void read(RowKey key, float[] target, int offset) {
        ByteBuffer row = rows.find(key);
        if (row == null) {
            throw vanished();
        }
        encoder.precision().toFloats(row, target, offset, width);
    }

    /** Hands over rows one by one, for lists of any length. */
    void forEach(List<String> paths, int[] views, Progress progress, java.util.function.Consumer<float[]> taker) {
        float[] row = new float[width];
        for (RowKey key : require(paths, views, progress)) {
            read(key, row, 0);
            taker.accept(row);
        }
    }

    // Another process may remove kept features at any time; what it took is encoded again.
    private RowKey[] require(List<String> paths, int[] views, Progress progress) {
        for (int i = 0; i < TRIES; i++) {
            Wanted wanted = wanted(paths, views, progress);
            if (wanted.missing().isEmpty()) {
                return wanted.keys();
            }
            encode(paths, views, wanted, progress);
        }
        throw vanished();
    }

    private InvalidInputException vanished() {
        return new InvalidInputException(folder.path() + ": kept features vanish as soon as they are written."
                + " Let nothing clean this folder while it is in use, or name another folder as cache.");
    }

    private Wanted wanted(List<String> paths, int[] views, Progress progress) {
        rows.refresh();
        byte[][] images = digests.digests(paths, progress);
        boolean[] depend = digests.dependOnOrder(paths, images, progress);
        RowKey[] keys = new RowKey[views.length];
        List<Integer> missing = new ArrayList<>();
        Set<RowKey> seen = new HashSet<>();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(images[i], View.describe(paths.get(i), views[i]), depend[i]);
            if (rows.find(keys[i]) == null && seen.add(keys[i])) {
                missing.add(i);
            }
        }
        return new Wanted(images, keys, missing);
    }

    // RGB and grey images have one feature for both orders of colour conversion, and it is that of versions which knew
    // one order alone; what those kept of other images is found by nobody.
    private RowKey key(byte[] image, String view, boolean dependsOnOrder) {
        String digest = ImageDigests.hex(image);
        return dependsOnOrder
                ? RowKey.of(
                        digest,
                        view,
                        encoder.model().preprocessing().colorOrder().word())
                : RowKey.of(digest, view);
    }

    private void encode(List<String> paths, int[] views, Wanted wanted, Progress progress) {
        List<Integer> missing = wanted.missing();
        List<String> newPaths = missing.stream().map(paths::get).toList();
        int[] newViews = missing.stream().mapToInt(i -> views[i]).toArray();
        long[] flushed = {System.nanoTime()};
        encoder.encode(newPaths, newViews, progress, (from, to, values) -> {
            for (int i = from; i < to; i++) {
                int place = missing.get(i);
                digests.requireUnchanged(paths.get(place), wanted.digests()[place]);
                rows.add(wanted.keys()[place], encoder.precision().toBytes(values, (i - from) * width, width));
            }
            if (rows.pending() >= FLUSH_ROWS || System.nanoTime() - flushed[0] > FLUSH_NANOS) {
                rows.flush();
                flushed[0] = System.nanoTime();
            }
        });
        rows.flush();
        tidy();
    }

    private void tidy() {
        rows.merge();
        digests.store().merge();
        Set<Path> used = new HashSet<>(rows.used());
        used.addAll(digests.store().used());
        folder.limit(limit, used);
    }

    /**
     * Tells what {@link #get} would have to encode. Damaged files of kept features are found on the way.
     *
     * @param paths n paths relative to the image root
     * @param views n numbers of {@link View}
     * @param progress hears the count while images are digested
     * @return how many features, and how many of them are kept already
     */
    public Extent extent(List<String> paths, int[] views, Progress progress) {
        Wanted wanted = wanted(paths, views, progress);
        Set<RowKey> different = new HashSet<>(List.of(wanted.keys()));
        int bytes = width * encoder.precision().bytes();
        return new Extent(different.size(), different.size() - wanted.missing().size(), bytes);
    }

    /**
     * How many features are asked for.
     *
     * @param rows different ones
     * @param kept how many of them are kept
     * @param rowBytes bytes of each
     */
    public record Extent(int rows, int kept, int rowBytes) {}

    @Override
    public byte[][] digests(List<String> paths, Progress progress) {
        return digests.digests(paths, progress);
    }

    @Override
    public boolean[] dependOnOrder(List<String> paths, Progress progress) {
        return digests.dependOnOrder(paths, progress);
    }

    FeatureEncoder encoder() {
        return encoder;
    }

    /** Merges small files and holds the limit. */
    @Override
    public void close() {
        tidy();
    }
}
