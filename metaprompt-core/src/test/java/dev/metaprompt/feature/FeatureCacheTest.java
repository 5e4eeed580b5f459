package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.image.ColorOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final long LIMIT = 1L << 40;

    @TempDir
    Path folder;

    private Path images;
    private Path cacheFolder;
    private List<String> paths;
    private ClipModel model;

    @BeforeEach
    void open() throws IOException {
        images = folder.resolve("images");
        cacheFolder = folder.resolve("cache");
        paths = TestImages.write(images, 30);
        model = TestImages.nanoClip(folder.resolve("model"));
    }

    @AfterEach
    void close() {
        model.close();
    }

    /** Counts what is encoded, and hears what is told. */
    private static final class Listener implements Progress {
        final List<String> told = new ArrayList<>();
        long encoded;
        long digested;

        @Override
        public synchronized void phase(String text) {
            told.add(text);
        }

        @Override
        public synchronized void update(String what, long done, long total, String detail) {
            if (done == total) {
                encoded += what.equals("images encoded") ? total : 0;
                digested += what.equals("images digested") ? total : 0;
            }
        }
    }

    private final Listener listener = new Listener();

    private FeatureCache cache(Path root, FeaturePrecision precision, long limit) {
        return new FeatureCache(
                cacheFolder, limit, new FeatureEncoder(model, root, precision), "model", root, listener);
    }

    private float[] get(FeatureCache cache, List<String> wanted, int... views) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return cache.get(manager, wanted, views, listener).toFloatArray();
        }
    }

    private float[] get(List<String> wanted, int... views) {
        try (FeatureCache cache = cache(images, FeaturePrecision.FP32, LIMIT)) {
            return get(cache, wanted, views);
        }
    }

    private float[] fresh(List<String> wanted, int... views) {
        return new FeatureEncoder(model, images, FeaturePrecision.FP32).encode(wanted, views, Progress.SILENT);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(cacheFolder)) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private List<Path> featureSegments() throws IOException {
        return segments().stream()
                .filter(file -> !file.getParent().endsWith("images"))
                .toList();
    }

    @Test
    void aHitEqualsAFreshComputationBitForBit() {
        float[] expected = fresh(paths, View.centres(30));
        assertArrayEquals(expected, get(paths, View.centres(30)));
        assertArrayEquals(expected, get(paths, View.centres(30)));
        assertEquals(30, listener.encoded);
    }

    @Test
    void aSecondSeedEncodesOnlyImagesItHasNotSeen() {
        get(paths.subList(0, 20), View.centres(20));
        List<String> other = paths.subList(12, 30);
        assertArrayEquals(fresh(other, View.centres(18)), get(other, View.centres(18)));
        assertEquals(30, listener.encoded);
    }

    @Test
    void aBankGrows() {
        Augmentation four = Augmentation.parse("views:4");
        Augmentation six = Augmentation.parse("views:6");
        get(TrainingFeatures.bankPaths(four, paths), TrainingFeatures.bankViews(four, paths));
        assertEquals(120, listener.encoded);
        float[] grown = get(TrainingFeatures.bankPaths(six, paths), TrainingFeatures.bankViews(six, paths));
        assertEquals(180, listener.encoded);
        assertArrayEquals(fresh(TrainingFeatures.bankPaths(six, paths), TrainingFeatures.bankViews(six, paths)), grown);
        assertEquals(30, listener.digested);
    }

    @Test
    void aCachedCallOpensNoImage() throws IOException {
        float[] expected = get(paths, View.centres(30));
        for (String path : paths) {
            Path file = images.resolve(path);
            FileTime time = Files.getLastModifiedTime(file);
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, time);
        }
        assertArrayEquals(expected, get(paths, View.centres(30)));
        assertThrows(InvalidInputException.class, () -> get(paths, new int[30]));
    }

    @Test
    void aChangedImageIsEncodedAgain() throws IOException {
        get(paths, View.centres(30));
        TestImages.writeOne(images.resolve(paths.get(3)), 99);
        Files.setLastModifiedTime(
                images.resolve(paths.get(3)), FileTime.from(Instant.now().minusSeconds(60)));
        assertArrayEquals(fresh(paths, View.centres(30)), get(paths, View.centres(30)));
        assertEquals(31, listener.encoded);
    }

    @Test
    void anImageThatWasJustWrittenIsNotTrustedByItsTime() throws IOException {
        Path file = images.resolve(paths.get(0));
        List<String> one = paths.subList(0, 1);
        // A busy machine may take its time.
        FileTime now = FileTime.from(Instant.now().plusSeconds(300));
        Files.setLastModifiedTime(file, now);
        get(one, View.CENTRE);
        TestImages.writeOne(file, 98);
        Files.setLastModifiedTime(file, now);
        assertArrayEquals(fresh(one, View.CENTRE), get(one, View.CENTRE));
    }

    @Test
    void dataSetsThatShareImagesShareRows() throws IOException {
        get(paths, View.centres(30));
        Path other = folder.resolve("other");
        Files.createDirectories(other.resolve("b"));
        Files.copy(images.resolve(paths.get(5)), other.resolve("b/x.png"));
        try (FeatureCache cache = cache(other, FeaturePrecision.FP32, LIMIT)) {
            assertArrayEquals(fresh(paths.subList(5, 6), View.CENTRE), get(cache, List.of("b/x.png"), View.CENTRE));
            assertEquals(30, listener.encoded);
            // Random views are drawn by path.
            get(cache, List.of("b/x.png"), 0);
            assertEquals(31, listener.encoded);
        }
    }

    @Test
    void halfPrecisionIsTheRoundedFullPrecision() {
        float[] expected = fresh(paths, View.centres(30));
        FeaturePrecision.FP16.round(expected);
        for (int i = 0; i < 2; i++) {
            try (FeatureCache cache = cache(images, FeaturePrecision.FP16, LIMIT)) {
                assertArrayEquals(expected, get(cache, paths, View.centres(30)));
            }
        }
        assertEquals(30, listener.encoded);
    }

    @Test
    void theExtentSaysWhatIsMissing() {
        get(paths.subList(0, 10), View.centres(10));
        try (FeatureCache cache = cache(images, FeaturePrecision.FP32, LIMIT)) {
            List<String> twice = Stream.concat(paths.stream(), paths.stream()).toList();
            FeatureCache.Extent extent = cache.extent(twice, View.centres(60), listener);
            assertEquals(new FeatureCache.Extent(30, 10, 4 * model.config().projection()), extent);
        }
    }

    @Test
    void damageAtAnyPlaceIsFoundToldAndRepaired() throws IOException {
        float[] expected = get(paths, View.centres(30));
        RandomStream random = RandomStream.of(3, "damage");
        for (int i = 0; i < 60; i++) {
            Path segment = featureSegments().get(0);
            byte[] bytes = Files.readAllBytes(segment);
            int place = i < 12 ? i : random.nextInt(bytes.length);
            // A file is never damaged under the eyes of this process: it is another one.
            Files.delete(segment);
            if (i % 3 == 0) {
                Files.write(segment, Arrays.copyOf(bytes, place));
            } else {
                bytes[place] ^= (byte) (1 << random.nextInt(8));
                Files.write(segment, bytes);
            }
            listener.told.clear();
            assertArrayEquals(expected, get(paths, View.centres(30)), "place " + place);
            assertTrue(listener.told.size() <= 1, listener.told.toString());
        }
        assertTrue(listener.encoded > 60, "only " + listener.encoded + " were encoded again");
    }

    @Test
    void damagedDigestsOfImagesAreComputedAgain() throws IOException {
        float[] expected = get(paths, View.centres(30));
        List<Path> index = segments().stream()
                .filter(file -> file.getParent().endsWith("images"))
                .toList();
        assertEquals(1, index.size());
        byte[] bytes = Files.readAllBytes(index.get(0));
        bytes[bytes.length - 5] ^= 1;
        Files.delete(index.get(0));
        Files.write(index.get(0), bytes);
        assertArrayEquals(expected, get(paths, View.centres(30)));
        assertEquals(60, listener.digested);
        assertEquals(30, listener.encoded);
    }

    @Test
    void manySmallSegmentsBecomeOne() throws IOException {
        for (int i = 0; i < 30; i++) {
            get(paths.subList(i, i + 1), View.CENTRE);
        }
        assertTrue(
                featureSegments().size() <= RowStore.MOST_SMALL,
                featureSegments().toString());
        assertArrayEquals(fresh(paths, View.centres(30)), get(paths, View.centres(30)));
        assertEquals(30, listener.encoded);
    }

    @Test
    void theLimitRemovesWhatWasUsedLongestAgoButNothingInUse() throws IOException {
        get(paths.subList(0, 10), View.centres(10));
        Path old = featureSegments().get(0);
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));
        Path earlier = cacheFolder.resolve("features").resolve("0".repeat(64) + ".safetensors");
        Files.write(earlier, new byte[1000]);
        Files.setLastModifiedTime(earlier, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        get(paths.subList(10, 20), View.centres(10));
        assertEquals(
                2,
                featureSegments().stream().filter(file -> !file.equals(earlier)).count());
        try (FeatureCache cache = cache(images, FeaturePrecision.FP32, 1)) {
            get(cache, paths.subList(0, 10), View.centres(10));
        }
        assertFalse(Files.exists(earlier));
        assertEquals(List.of(old), featureSegments());
        assertArrayEquals(fresh(paths, View.centres(30)), get(paths, View.centres(30)));
        assertEquals(40, listener.encoded);
    }

    @Test
    void cleanRemovesEverythingButFilesInTheMaking() throws IOException {
        get(paths, View.centres(30));
        Path features = cacheFolder.resolve("features");
        Path young = features.resolve("images").resolve(".x" + StreamedTensors.TEMPORARY);
        Path abandoned = features.resolve("images").resolve(".y" + StreamedTensors.TEMPORARY);
        Files.write(young, new byte[10]);
        Files.write(abandoned, new byte[10]);
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(200_000)));
        assertTrue(new CacheFolder(cacheFolder).clean() > 30 * 512);
        assertEquals(List.of(), segments());
        assertTrue(Files.exists(young));
        assertFalse(Files.exists(abandoned));
        get(paths, View.centres(30));
        assertEquals(60, listener.encoded);
    }

    @Test
    void rowsThatVanishInUseAreEncodedAgain() throws IOException {
        try (FeatureCache cache = cache(images, FeaturePrecision.FP32, LIMIT)) {
            get(cache, paths.subList(0, 10), View.centres(10));
            new CacheFolder(cacheFolder).clean();
            assertArrayEquals(fresh(paths, View.centres(30)), get(cache, paths, View.centres(30)));
        }
    }

    @Test
    void moreRowsThanAChunkComeInTheirOrder() {
        int count = FeatureTable.CHUNK + 100;
        List<String> many =
                IntStream.range(0, count).mapToObj(i -> paths.get(i * 7 % 30)).toList();
        float[] rows = get(many, View.centres(count));
        float[] expected = fresh(paths, View.centres(30));
        int width = model.config().projection();
        for (int i : new int[] {0, 1, FeatureTable.CHUNK - 1, FeatureTable.CHUNK, count - 1}) {
            int from = i * 7 % 30 * width;
            assertArrayEquals(
                    Arrays.copyOfRange(expected, from, from + width),
                    Arrays.copyOfRange(rows, i * width, (i + 1) * width));
        }
    }

    private static final List<String> DEPENDENT =
            List.of("palette8.png", "rgba.png", "bilevel.png", "grey-alpha.png", "cmyk.jpg", "palette.gif");

    private List<String> golden(List<String> names) throws IOException {
        for (String name : names) {
            try (InputStream in = FeatureCacheTest.class.getResourceAsStream("/dev/metaprompt/image/golden/" + name)) {
                Files.copy(in, images.resolve(name));
            }
            Files.setLastModifiedTime(
                    images.resolve(name), FileTime.from(Instant.now().minusSeconds(60)));
        }
        return names;
    }

    private FeatureCache cache(ClipModel other) {
        return new FeatureCache(
                cacheFolder,
                LIMIT,
                new FeatureEncoder(other, images, FeaturePrecision.FP32),
                "model",
                images,
                listener);
    }

    /** What a version that resized all images first has kept is told by a number that no image has. */
    @Test
    void keptFeaturesOfOlderVersionsServeRgbAndGreyImagesAlone() throws IOException {
        List<String> independent = golden(List.of("rgb.png", "grey.png", "rgb.jpg", "grey.bmp"));
        List<String> dependent = golden(DEPENDENT);
        get(paths.subList(0, 1), View.CENTRE);
        Path space = featureSegments().get(0).getParent();
        int width = model.config().projection();
        byte[] row = new byte[4 * width];
        Arrays.fill(row, (byte) 66);
        RowStore older = new RowStore(space, RowFormat.features(FeaturePrecision.FP32, width), text -> {});
        RowStore digests = new RowStore(cacheFolder.resolve("features/images"), RowFormat.DIGESTS, text -> {});
        for (String name :
                Stream.concat(independent.stream(), dependent.stream()).toList()) {
            Path file = images.resolve(name);
            byte[] digest = Sha256.begin().digest(Files.readAllBytes(file));
            older.add(RowKey.of(ImageDigests.hex(digest), "centre"), row);
            // Their digests are known, and whether the order matters is not.
            digests.add(
                    RowKey.of(
                            "image",
                            file.toAbsolutePath().toString(),
                            String.valueOf(Files.size(file)),
                            Files.getLastModifiedTime(file).toInstant().toString()),
                    digest);
        }
        older.flush();
        digests.flush();
        listener.digested = 0;
        for (float value : get(independent, View.centres(independent.size()))) {
            assertEquals(ByteBuffer.wrap(row).getFloat(), value);
        }
        assertEquals(1, listener.encoded);
        float[] expected = fresh(dependent, View.centres(dependent.size()));
        assertArrayEquals(expected, get(dependent, View.centres(dependent.size())));
        assertEquals(1 + dependent.size(), listener.encoded);
        assertEquals(0, listener.digested);
        // From now on that is known, too.
        for (String name : dependent) {
            Path file = images.resolve(name);
            FileTime time = Files.getLastModifiedTime(file);
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, time);
        }
        assertArrayEquals(expected, get(dependent, View.centres(dependent.size())));
    }

    @Test
    void ordersShareFeaturesOfRgbAndGreyImagesAlone() throws IOException {
        List<String> dependent = golden(DEPENDENT);
        List<String> all = Stream.concat(paths.stream(), dependent.stream()).toList();
        float[] convertFirst = get(all, View.centres(all.size()));
        assertArrayEquals(fresh(all, View.centres(all.size())), convertFirst);
        listener.encoded = 0;
        ModelFolder nano = model.folder();
        try (ClipModel other = ClipModel.openLazily(
                        nano, nano.path(), List.of(Device.cpu()), DataType.FLOAT32, ColorOrder.RESIZE_FIRST);
                FeatureCache cache = cache(other)) {
            float[] resizeFirst = get(cache, all, View.centres(all.size()));
            assertEquals(dependent.size(), listener.encoded);
            int width = model.config().projection();
            for (int i = 0; i < all.size(); i++) {
                boolean same = Arrays.equals(
                        convertFirst, i * width, (i + 1) * width, resizeFirst, i * width, (i + 1) * width);
                assertEquals(!dependent.contains(all.get(i)), same, all.get(i));
            }
            // Random views, too.
            get(cache, all, new int[all.size()]);
            listener.encoded = 0;
            get(all, new int[all.size()]);
            assertEquals(dependent.size(), listener.encoded);
        }
        assertArrayEquals(convertFirst, get(all, View.centres(all.size())));
        assertEquals(dependent.size(), listener.encoded);
    }

    @Test
    void anImageThatChangesWhileItIsLookedAtIsRefused() throws IOException {
        Path file = images.resolve(paths.get(0));
        ImageDigests digests = new ImageDigests(
                new RowStore(cacheFolder.resolve("features/images"), RowFormat.DIGESTS, text -> {}), images);
        byte[][] before = {Sha256.begin().digest("another content".getBytes(StandardCharsets.UTF_8))};
        InvalidInputException e = assertThrows(
                InvalidInputException.class, () -> digests.dependOnOrder(paths.subList(0, 1), before, Progress.SILENT));
        assertTrue(e.getMessage().contains(file + " was changed"), e.getMessage());
    }

    @Test
    void aMissingImageIsNamed() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> get(List.of("a/none.png"), View.CENTRE));
        assertTrue(e.getMessage().contains("none.png"), e.getMessage());
    }
}
