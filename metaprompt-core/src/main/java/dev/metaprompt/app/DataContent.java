package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.feature.ImageContents;
import dev.metaprompt.run.RunRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Digests of what a plan's images hold. Lists of names are not enough: files may be replaced under their names. */
final class DataContent {
    private DataContent() {}

    /** Digests the images that a plan uses. The same images in a pack and in files have the same digests. */
    static RunRecord.Content of(DataPlan plan, ImageContents contents, Progress progress) {
        List<List<LabeledImage>> test = List.of(plan.testBase(), plan.testNew());
        List<List<LabeledImage>> all =
                List.of(plan.train(), plan.newSupport(), plan.validation(), plan.testBase(), plan.testNew());
        Map<String, byte[]> digests = digests(all, contents, progress);
        return new RunRecord.Content(digest(all, digests), digest(test, digests));
    }

    private static Map<String, byte[]> digests(
            List<List<LabeledImage>> lists, ImageContents contents, Progress progress) {
        List<String> paths = lists.stream()
                .flatMap(List::stream)
                .map(LabeledImage::path)
                .distinct()
                .toList();
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
        Map<String, byte[]> known = new HashMap<>();
        return (paths, progress) -> {
            List<String> missing = paths.stream()
                    .filter(path -> !known.containsKey(path))
                    .distinct()
                    .toList();
            byte[][] found = missing.isEmpty() ? new byte[0][] : contents.digests(missing, progress);
            for (int i = 0; i < found.length; i++) {
                known.put(missing.get(i), found[i]);
            }
            return paths.stream().map(known::get).toArray(byte[][]::new);
        };
    }
}
