package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A folder of class folders, each with the images of one class. Hidden files, other files and folders within a class are
 * left out, and so is a class without images, with a word to the user.
 *
 * @param folder its path
 * @param images names of image files by class folder, both sorted; no class is empty
 */
record ClassTree(Path folder, Map<String, List<String>> images) {
    /** Lists a folder. */
    static ClassTree list(Path folder, Set<String> ignored, Progress progress) {
        Map<String, List<String>> images = new LinkedHashMap<>();
        for (String name : Folders.folders(folder)) {
            if (ignored.contains(name)) {
                continue;
            }
            List<String> files = Folders.images(folder.resolve(name));
            if (files.isEmpty()) {
                progress.phase("class folder " + folder.resolve(name) + " holds no images and is left out");
            } else {
                images.put(name, files);
            }
        }
        return new ClassTree(folder, images);
    }

    /** Requires two classes or more. */
    ClassTree requireClasses(String wanted) {
        if (images.size() >= 2) {
            return this;
        }
        int loose = images.isEmpty() ? Folders.images(folder).size() : 0;
        String found = images.isEmpty()
                ? " holds no class folders with images" + (loose > 0 ? ", but " + loose + " images of no class" : "")
                : " holds one class only, "
                        + Quoted.of(images.keySet().iterator().next());
        throw new InvalidInputException("dataset folder " + folder + found + "; allowed is " + wanted
                + " two or more folders <class>/ with JPEG, PNG, GIF or BMP files: add what is missing,"
                + " or correct the option dataset.");
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
