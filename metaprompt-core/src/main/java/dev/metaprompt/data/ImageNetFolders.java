package dev.metaprompt.data;

import dev.metaprompt.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ImageNet as CoOp has it: {@code images/train/<id>/} to learn from, {@code images/val/<id>/} to judge by, and {@code
 * classnames.txt} with a line {@code <id> <name>} for each class. Labels are in the order of the ids. There is no list to
 * choose by: CoOp gives its test images there, which would be choosing by the result.
 */
final class ImageNetFolders {
    /** What messages and packs call the split. */
    static final String SPLIT = "ImageNet's train and val";

    private static final String NAMES = "classnames.txt";

    private ImageNetFolders() {}

    static boolean areIn(Path folder) {
        return Files.isRegularFile(folder.resolve(NAMES))
                && Files.isDirectory(folder.resolve("images/train"))
                && Files.isDirectory(folder.resolve("images/val"));
    }

    static ImageLists read(Path folder, Progress progress) {
        Path root = folder.resolve("images");
        ClassTree train =
                ClassTree.list(root.resolve("train"), Set.of(), progress).requireClasses("there");
        ClassTree test = ClassTree.list(root.resolve("val"), Set.of(), progress).requireClasses("there");
        ImageLists lists = lists(folder, train, test);
        return train.wasSmaller() || test.wasSmaller()
                ? lists.after(
                        () -> lists(folder, train.asOlderVersions().requireClasses("there"), test.asOlderVersions()))
                : lists;
    }

    private static ImageLists lists(Path folder, ClassTree train, ClassTree test) {
        DividedFolders.requireSame(train, test);
        Map<String, String> names = ClassNames.readRepeated(folder.resolve(NAMES), train.classes());
        return ImageLists.digested(
                SPLIT,
                folder.resolve("images"),
                train.labeled("train/", names),
                List.of(),
                test.labeled("val/", names));
    }
}
