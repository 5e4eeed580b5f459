package dev.metaprompt.data;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A dataset of CoOp's benchmark: what it is called and how its folder looks.
 *
 * @param key its name as a value of the option {@code dataset}
 * @param folder CoOp's name of its folder
 * @param images folder of its images below that one; empty for the folder itself
 * @param layout how its lists are stored
 * @param splitFile name of CoOp's split file; empty if the layout has none
 * @param splitSha256 digest of the split file that CoOp published, where it is known for certain
 * @param template the hand-written prompt of CoOp's zero-shot table, with {@code {}} for the class name
 * @param classNames names of classes by the names of their image folders, where they differ
 * @param ignored image folders that are no classes
 */
public record KnownDataset(
        String key,
        String folder,
        String images,
        Layout layout,
        String splitFile,
        Optional<String> splitSha256,
        String template,
        Map<String, String> classNames,
        Set<String> ignored) {
    /** How the lists of a dataset are stored. */
    public enum Layout {
        /** A split file of CoOp's. */
        SPLIT_FILE,
        /** {@code variants.txt} and {@code images_variant_train.txt}, {@code …_val.txt}, {@code …_test.txt}. */
        VARIANT_LISTS,
        /** {@code images/train/<id>}, {@code images/val/<id>} and {@code classnames.txt}. */
        CLASS_FOLDERS
    }

    /** Copies the collections. */
    public KnownDataset {
        classNames = Map.copyOf(classNames);
        ignored = Set.copyOf(ignored);
    }

    /** The name of a class by the name of its image folder or in a list. */
    String className(String raw) {
        return classNames.getOrDefault(raw, raw);
    }
}
