package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ten splits that the publisher of the Describable Textures Dataset made: {@code labels/train1.txt},
 * {@code val1.txt} and {@code test1.txt} up to 10, each line {@code <class>/<file>}. Labels are given in the order of the
 * class names.
 */
final class DtdLabels {
    private DtdLabels() {}

    static boolean areIn(Path folder) {
        return Files.isRegularFile(folder.resolve("labels/train1.txt")) && Files.isDirectory(folder.resolve("images"));
    }

    /** Reads one of the splits; its digest is that of the three files' bytes one after the other. */
    static ImageLists read(Path folder, int number) {
        if (!Files.isDirectory(folder.resolve("labels"))) {
            throw new InvalidInputException("dataset.split is official:" + number + " but " + folder
                    + " has no folder labels; allowed is that of the Describable Textures Dataset: choose another"
                    + " split, or the folder of the unpacked archive.");
        }
        ListFile train = file(folder, "train", number);
        ListFile val = file(folder, "val", number);
        ListFile test = file(folder, "test", number);
        Set<String> names = new TreeSet<>();
        Set<String> paths = new HashSet<>();
        MessageDigest digest = Sha256.begin();
        for (ListFile file : List.of(train, val, test)) {
            file.lines().forEach(line -> {
                names.add(className(file, line));
                if (!paths.add(line.text())) {
                    throw file.bad(line, "is named twice in the split", "each image once");
                }
            });
            digest.update(file.bytes());
        }
        Map<String, Integer> labels = new HashMap<>();
        names.forEach(name -> labels.put(name, labels.size()));
        Path root = folder.resolve("images");
        return new ImageLists(
                "DTD's official split " + number,
                Sha256.hex(digest),
                root,
                images(train, labels),
                images(val, labels),
                images(test, labels));
    }

    private static ListFile file(Path folder, String list, int number) {
        ListFile file = ListFile.read(folder.resolve("labels").resolve(list + number + ".txt"));
        if (file.lines().isEmpty()) {
            throw new InvalidInputException("file " + file.path()
                    + " is empty; allowed is a line <class>/<image> for each image: restore it from the archive.");
        }
        return file;
    }

    private static String className(ListFile file, ListFile.Line line) {
        int slash = line.text().indexOf('/');
        if (slash < 1 || slash == line.text().length() - 1) {
            throw file.bad(line, "has no class folder", "<class>/<image>");
        }
        return line.text().substring(0, slash);
    }

    private static List<LabeledImage> images(ListFile file, Map<String, Integer> labels) {
        return file.lines().stream()
                .map(line -> {
                    String name = className(file, line);
                    return new LabeledImage(line.text(), labels.get(name), name);
                })
                .toList();
    }
}
