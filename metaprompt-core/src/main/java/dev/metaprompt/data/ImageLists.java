package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A dataset's three lists, and where they are from.
 *
 * @param splitName what messages call the split
 * @param sha256 of the files the lists are from, or of the lists where there is no such file
 * @param imageRoot what paths are relative to
 * @param train never empty
 * @param val may be empty
 * @param test never empty
 * @param olderSha256 digest of the lists that versions before this one made of the same folder, where they left images
 *     out
 */
record ImageLists(
        String splitName,
        String sha256,
        Path imageRoot,
        List<LabeledImage> train,
        List<LabeledImage> val,
        List<LabeledImage> test,
        Optional<String> olderSha256) {
    ImageLists(
            String splitName,
            String sha256,
            Path imageRoot,
            List<LabeledImage> train,
            List<LabeledImage> val,
            List<LabeledImage> test) {
        this(splitName, sha256, imageRoot, train, val, test, Optional.empty());
    }

    /**
     * Adds the digest of the lists that versions before this one made.
     *
     * @param older makes them; they may have been refused
     */
    ImageLists after(Supplier<ImageLists> older) {
        try {
            Optional<String> other = Optional.of(older.get().sha256()).filter(digest -> !digest.equals(sha256));
            return new ImageLists(splitName, sha256, imageRoot, train, val, test, other);
        } catch (InvalidInputException e) {
            return this;
        }
    }

    /** Makes lists that are recognised by the digest of what they say. */
    static ImageLists digested(
            String splitName,
            Path imageRoot,
            List<LabeledImage> train,
            List<LabeledImage> val,
            List<LabeledImage> test) {
        MessageDigest digest = Sha256.begin();
        feed(digest, "train", train);
        feed(digest, "val", val);
        feed(digest, "test", test);
        return new ImageLists(splitName, Sha256.hex(digest), imageRoot, train, val, test);
    }

    /** Feeds a line a list and a line an image: path, label and class name with tabs between. */
    private static void feed(MessageDigest digest, String name, List<LabeledImage> images) {
        digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
        for (LabeledImage image : images) {
            String line = image.path() + "\t" + image.label() + "\t" + image.className() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
    }
}
