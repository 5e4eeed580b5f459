package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lists of FGVC-Aircraft: {@code variants.txt} names the classes in the order of their labels, and each line of
 * {@code images_variant_train.txt}, {@code …_val.txt} and {@code …_test.txt} an image without its ending {@code .jpg},
 * a space, and its class.
 */
final class VariantLists {
    private static final String CLASSES = "variants.txt";

    private VariantLists() {}

    static boolean areIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CLASSES))
                && Files.isRegularFile(folder.resolve("images_variant_train.txt"));
    }

    static ImageLists read(Path folder) {
        ListFile classes = ListFile.read(folder.resolve(CLASSES));
        Map<String, Integer> labels = new HashMap<>();
        for (ListFile.Line line : classes.lines()) {
            if (labels.putIfAbsent(line.text(), labels.size()) != null) {
                throw classes.bad(line, "is named twice", "each class once");
            }
        }
        Set<String> paths = new HashSet<>();
        List<LabeledImage> train = images(folder, "train", labels, paths);
        List<LabeledImage> val = images(folder, "val", labels, paths);
        List<LabeledImage> test = images(folder, "test", labels, paths);
        return ImageLists.digested("FGVC-Aircraft's variant lists", folder.resolve("images"), train, val, test);
    }

    private static List<LabeledImage> images(Path folder, String list, Map<String, Integer> labels, Set<String> paths) {
        ListFile file = ListFile.read(folder.resolve("images_variant_" + list + ".txt"));
        if (file.lines().isEmpty()) {
            throw new InvalidInputException("file " + file.path()
                    + " is empty; allowed is a line <image> <class> for each image: restore it from the archive.");
        }
        List<LabeledImage> images = new ArrayList<>();
        for (ListFile.Line line : file.lines()) {
            Integer label = labels.get(line.tail());
            if (label == null) {
                throw file.bad(line, "names no class of " + CLASSES, "<image> <class>");
            }
            String path = line.head() + ".jpg";
            if (!paths.add(path)) {
                throw file.bad(line, "names an image that is named before", "each image once");
            }
            images.add(new LabeledImage(path, label, line.tail()));
        }
        return images;
    }
}
