package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A folder of class folders, each with the images of one class, subfolders included. What is left out is told: files
 * that are no images, hidden images, images of no class, and classes without images.
 *
 * @param folder its path
 * @param images paths of image files by class folder, in the order of {@link ClassFolder}; no class is empty
 * @param ofOlderVersions those that versions before this one read
 */
record ClassTree(Path folder, Map<String, List<String>> images, Map<String, List<String>> ofOlderVersions) {
    /** What folders are called that hold class folders, and are none. */
    private static final Set<String> PARTS =
            Set.of("train", "training", "test", "testing", "val", "valid", "validation");

    /**
     * Lists a folder.
     *
     * @throws InvalidInputException if a class has only pictures that are not read
     */
    static ClassTree list(Path folder, Set<String> ignored, Progress progress) {
        Map<String, List<String>> images = new LinkedHashMap<>();
        Map<String, List<String>> older = new LinkedHashMap<>();
        LeftOutFiles leftOut = new LeftOutFiles();
        Path real = real(folder);
        for (String name : Folders.folders(folder)) {
            if (ignored.contains(name)) {
                progress.phase("warning: " + folder.resolve(name) + " is no class of this data set, and left out");
                continue;
            }
            ClassFolder found = new ClassFolder(folder.resolve(name), real, name, leftOut);
            List<String> files = found.images();
            if (files.isEmpty()) {
                withoutImages(folder.resolve(name), found, leftOut.of(name), progress);
            } else {
                images.put(name, files);
                older.put(name, found.ofOlderVersions());
            }
        }
        older.values().removeIf(List::isEmpty);
        // Not what lies deeper in them: a version control system hides thousands of folders.
        Folders.hiddenFolders(folder)
                .forEach(name -> Folders.images(folder.resolve(name)).forEach(file -> leftOut.file(name, file, true)));
        ClassTree tree = new ClassTree(folder, images, older);
        leftOut.tell(folder, progress);
        tree.tellOfNoClass(progress);
        tree.tellNested(progress);
        return tree;
    }

    /** Lists a folder that is no class, of which nothing is told. */
    static ClassFolder folderOfImages(Path folder, String name) {
        return new ClassFolder(folder, real(folder), name, new LeftOutFiles());
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "folder " + folder + " cannot be listed (" + Quoted.reason(e)
                            + "); allowed is a readable folder: check its permissions.",
                    e);
        }
    }

    private static void withoutImages(Path folder, ClassFolder found, String holds, Progress progress) {
        if (found.holdsUnreadable()) {
            throw new InvalidInputException("class folder " + Quoted.path(folder) + " holds no image that is read, but "
                    + holds + "; allowed are " + ImageFiles.FORMATS
                    + " files that are named so: convert or rename them, or take the folder away.");
        }
        progress.phase("warning: class folder " + Quoted.path(folder) + " holds no images and is left out"
                + (holds.isEmpty() ? "" : " (it holds " + holds + ")"));
    }

    private void tellOfNoClass(Progress progress) {
        int loose = images.isEmpty() ? 0 : Folders.images(folder).size();
        if (loose > 0) {
            progress.phase("warning: " + loose + (loose == 1 ? " image in " : " images in ") + folder
                    + (loose == 1 ? " is" : " are") + " in no class folder and left out");
        }
    }

    // A folder of folders is not always a class: whoever laid them out otherwise shall see how they are taken. Nothing
    // is
    // left out, so it is no warning.
    private void tellNested(Progress progress) {
        List<String> nested = images.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .filter(path -> path.contains("/"))
                        .map(path -> entry.getKey() + "/" + path))
                .toList();
        if (!nested.isEmpty()) {
            progress.phase(nested.size() + " of the " + count(images) + " images in " + folder
                    + " lie in subfolders of class folders and count for these classes, for example "
                    + Quoted.of(nested.get(0)) + "; earlier versions left them out");
        }
    }

    private static int count(Map<String, List<String>> images) {
        return images.values().stream().mapToInt(List::size).sum();
    }

    /** Whether versions before this one read fewer images. */
    boolean wasSmaller() {
        return count(ofOlderVersions) < count(images);
    }

    /** The tree that versions before this one read. */
    ClassTree asOlderVersions() {
        return new ClassTree(folder, ofOlderVersions, ofOlderVersions);
    }

    /** Requires two classes or more. */
    ClassTree requireClasses(String wanted) {
        if (images.size() >= 2) {
            refuseParts();
            return this;
        }
        int loose = images.isEmpty() ? Folders.images(folder).size() : 0;
        String found = images.isEmpty()
                ? " holds no class folders with images" + (loose > 0 ? ", but " + loose + " images of no class" : "")
                : " holds one class only, "
                        + Quoted.of(images.keySet().iterator().next());
        throw new InvalidInputException("dataset folder " + folder + found + "; allowed is " + wanted
                + " two or more folders <class>/ with " + ImageFiles.FORMATS + " files: add what is missing,"
                + " or correct the option dataset.");
    }

    // Before subfolders counted these held no images, and were refused; they are hardly meant as classes.
    private void refuseParts() {
        List<String> parts = images.keySet().stream()
                .filter(name -> PARTS.contains(name.toLowerCase(Locale.ROOT)) && !ofOlderVersions.containsKey(name))
                .toList();
        if (parts.size() >= 2) {
            throw new InvalidInputException("dataset folder " + folder + " holds " + String.join(" and ", parts)
                    + ", whose images lie in subfolders; allowed are class folders, or the folders train, test and, if"
                    + " you like, val with class folders in each: rename them.");
        }
    }

    List<String> classes() {
        return List.copyOf(images.keySet());
    }

    /** All images, with labels in the order of the names' keys and paths that begin with a prefix. */
    List<LabeledImage> labeled(String prefix, Map<String, String> names) {
        List<LabeledImage> all = new ArrayList<>();
        int label = 0;
        for (Map.Entry<String, String> name : names.entrySet()) {
            for (String file : images.getOrDefault(name.getKey(), List.of())) {
                all.add(new LabeledImage(prefix + name.getKey() + "/" + file, label, name.getValue()));
            }
            label++;
        }
        return all;
    }
}
