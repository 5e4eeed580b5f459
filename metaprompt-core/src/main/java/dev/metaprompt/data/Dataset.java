package dev.metaprompt.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A dataset on disk, as {@link Datasets#open} found it: every image named here existed then.
 *
 * @param name what the user calls it, by default the folder's name
 * @param folder where it lies
 * @param imageRoot what the images' paths are relative to
 * @param splitName file name of the split file, or what else the lists are from, for messages; it says so where a file
 *     bears the name of a published one but is another
 * @param splitSha256 SHA-256 of the split file's bytes, or of the lists where there is no such file, 64 hexadecimal
 *     digits
 * @param template the prompt usual for it, with {@code {}} for the class name, for example {@code "{} texture."}
 * @param train images to learn from
 * @param val images to choose by; may be empty
 * @param test images to judge by
 * @param olderSplitSha256 the digest {@code splitSha256} that versions before this one gave the same folder, where they
 *     left out images that count now
 * @param warnings what was left out of it, and what else a user should know: one line each
 */
public record Dataset(
        String name,
        Path folder,
        Path imageRoot,
        String splitName,
        String splitSha256,
        String template,
        List<LabeledImage> train,
        List<LabeledImage> val,
        List<LabeledImage> test,
        Optional<String> olderSplitSha256,
        List<String> warnings) {
    /** Copies the lists. */
    public Dataset {
        Objects.requireNonNull(olderSplitSha256, "olderSplitSha256");
        train = List.copyOf(train);
        val = List.copyOf(val);
        test = List.copyOf(test);
        warnings = List.copyOf(warnings);
    }

    /**
     * Describes a dataset of which no version left out an image, and of which there is nothing to say.
     *
     * @param name as above
     * @param folder as above
     * @param imageRoot as above
     * @param splitName as above
     * @param splitSha256 as above
     * @param template as above
     * @param train as above
     * @param val as above
     * @param test as above
     */
    public Dataset(
            String name,
            Path folder,
            Path imageRoot,
            String splitName,
            String splitSha256,
            String template,
            List<LabeledImage> train,
            List<LabeledImage> val,
            List<LabeledImage> test) {
        this(name, folder, imageRoot, splitName, splitSha256, template, train, val, test, Optional.empty(), List.of());
    }

    /**
     * Returns the names of all classes.
     *
     * @return in the order of their labels
     */
    public List<String> classes() {
        Map<Integer, String> names = new TreeMap<>();
        Stream.of(train, val, test).flatMap(List::stream).forEach(image -> names.put(image.label(), image.className()));
        return List.copyOf(names.values());
    }

    /**
     * Tells whether its publisher gives several classes one name. All but the first have underscores behind it then.
     *
     * @return true for ImageNet alone
     */
    public boolean repeatsNames() {
        return splitName.equals(ImageNetFolders.SPLIT);
    }

    /**
     * Returns where an image lies.
     *
     * @param image an image of this dataset
     * @return its file
     */
    public Path file(LabeledImage image) {
        return imageRoot.resolve(image.path());
    }

    /**
     * Returns the same dataset under another name, with the prompt that is usual for that name.
     *
     * @param other the name
     * @return a dataset of the same images
     */
    public Dataset named(String other) {
        String usual = Datasets.usualTemplate(other, splitName);
        return new Dataset(
                other, folder, imageRoot, splitName, splitSha256, usual, train, val, test, olderSplitSha256, warnings);
    }
}
