package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.feature.ImageContents;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.run.RunRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Digests of what a plan's images hold. Lists of names are not enough: files may be replaced under their names. */
final class DataContent {
    private DataContent() {}

    /**
     * Digests the images that a plan uses. The same images in a pack and in files have the same digests. Those whose
     * features depend on the order of colour conversion count with it, unless it is {@link ColorOrder#RESIZE_FIRST},
     * which older versions did not name: so work of two orders is told apart where they make a difference, and only
     * there.
     */
    static RunRecord.Content of(DataPlan plan, ImageContents contents, ColorOrder order, Progress progress) {
        List<List<LabeledImage>> test = List.of(plan.testBase(), plan.testNew());
        List<List<LabeledImage>> all =
                List.of(plan.train(), plan.newSupport(), plan.validation(), plan.testBase(), plan.testNew());
        List<String> paths = paths(all);
        Map<String, byte[]> digests = digests(paths, contents, progress);
        if (order == ColorOrder.RESIZE_FIRST) {
            return new RunRecord.Content(digest(all, digests), digest(test, digests));
        }
        Map<String, byte[]> prepared = new HashMap<>(digests);
        boolean[] depend = contents.dependOnOrder(paths, progress);
        for (int i = 0; i < depend.length; i++) {
            if (depend[i]) {
                prepared.compute(paths.get(i), (path, digest) -> with(order, digest));
            }
        }
        // Where it was told apart, the two differ.
        boolean inTest = paths(test).stream().anyMatch(path -> prepared.get(path) != digests.get(path));
        return new RunRecord.Content(
                digest(all, prepared),
                digest(test, digests),
                Optional.of(order.word()).filter(any -> inTest));
    }

    private static byte[] with(ColorOrder order, byte[] image) {
        MessageDigest digest = Sha256.begin();
        digest.update(image);
        return digest.digest(order.word().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> paths(List<List<LabeledImage>> lists) {
        return lists.stream()
                .flatMap(List::stream)
                .map(LabeledImage::path)
                .distinct()
                .toList();
    }

    private static Map<String, byte[]> digests(List<String> paths, ImageContents contents, Progress progress) {
        byte[][] found = contents.digests(paths, progress);
        Map<String, byte[]> digests = new HashMap<>();
        for (int i = 0; i < found.length; i++) {
            digests.put(paths.get(i), found[i]);
        }
        return digests;
    }

    private static String digest(List<List<LabeledImage>> lists, Map<String, byte[]> digests) {
        MessageDigest digest = Sha256.begin();
        for (List<LabeledImage> list : lists) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(list.size()).flip());
            list.forEach(image -> digest.update(digests.get(image.path())));
        }
        return Sha256.hex(digest);
    }

    /** Says that somebody's images are taken on trust, since what they held was not recorded. */
    static void tellUnrecorded(Progress progress, String whose) {
        progress.phase(whose + " by a version that did not record what images hold, only their names; that they have"
                + " not changed is taken on trust");
    }

    /** Returns contents that ask for each path once. */
    static ImageContents remembering(ImageContents contents) {
        return new Remembering(contents);
    }

    private static final class Remembering implements ImageContents {
        private final ImageContents contents;
        private final Map<String, byte[]> digests = new HashMap<>();
        private final Map<String, Boolean> depend = new HashMap<>();

        Remembering(ImageContents contents) {
            this.contents = contents;
        }

        @Override
        public byte[][] digests(List<String> paths, Progress progress) {
            List<String> missing = missing(paths, digests);
            byte[][] found = missing.isEmpty() ? new byte[0][] : contents.digests(missing, progress);
            for (int i = 0; i < found.length; i++) {
                digests.put(missing.get(i), found[i]);
            }
            return paths.stream().map(digests::get).toArray(byte[][]::new);
        }

        @Override
        public boolean[] dependOnOrder(List<String> paths, Progress progress) {
            List<String> missing = missing(paths, depend);
            boolean[] found = missing.isEmpty() ? new boolean[0] : contents.dependOnOrder(missing, progress);
            for (int i = 0; i < found.length; i++) {
                depend.put(missing.get(i), found[i]);
            }
            boolean[] all = new boolean[paths.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = depend.get(paths.get(i));
            }
            return all;
        }

        private static List<String> missing(List<String> paths, Map<String, ?> known) {
            return paths.stream()
                    .filter(path -> !known.containsKey(path))
                    .distinct()
                    .toList();
        }
    }
}
