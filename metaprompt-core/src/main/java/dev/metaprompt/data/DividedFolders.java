package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Class folders that are divided already: {@code train/<class>/}, {@code test/<class>/} and, if there is one, {@code
 * val/<class>/}, also called {@code valid} or {@code validation}.
 */
final class DividedFolders {
    private static final String TRAIN = "train";
    private static final String TEST = "test";
    private static final List<String> VAL = List.of("val", "valid", "validation");

    private DividedFolders() {}

    static boolean areIn(Path folder) {
        return Files.isDirectory(folder.resolve(TRAIN))
                && (Files.isDirectory(folder.resolve(TEST)) || !val(folder).isEmpty());
    }

    private static List<String> val(Path folder) {
        return VAL.stream()
                .filter(name -> Files.isDirectory(folder.resolve(name)))
                .toList();
    }

    static ImageLists read(Path folder, Path imageRoot, Progress progress) {
        List<String> val = val(imageRoot);
        if (val.size() > 1) {
            throw new InvalidInputException("dataset folder " + imageRoot + " holds " + val.get(0) + " and "
                    + val.get(1) + "; allowed is one folder of validation images: remove or rename the other.");
        }
        if (!Files.isDirectory(imageRoot.resolve(TEST))) {
            throw new InvalidInputException("dataset folder " + imageRoot + " holds " + TRAIN + " and " + val.get(0)
                    + " but no " + TEST + "; allowed are train, test and, if you like, val: rename " + val.get(0)
                    + " to test if results shall be measured on it.");
        }
        refuseOthers(imageRoot, val, progress);
        ClassTree train =
                ClassTree.list(imageRoot.resolve(TRAIN), Set.of(), progress).requireClasses("there");
        ClassTree test = ClassTree.list(imageRoot.resolve(TEST), Set.of(), progress);
        List<String> parts = new ArrayList<>(List.of(TRAIN));
        parts.addAll(val);
        parts.add(TEST);
        Optional<ClassTree> middle =
                val.stream().findFirst().map(name -> ClassTree.list(imageRoot.resolve(name), Set.of(), progress));
        String splitName = "folders " + String.join(", ", parts);
        ImageLists lists = lists(splitName, folder, imageRoot, train, middle, test);
        boolean smaller = train.wasSmaller()
                || test.wasSmaller()
                || middle.filter(ClassTree::wasSmaller).isPresent();
        return smaller
                ? lists.after(() -> lists(
                        splitName,
                        folder,
                        imageRoot,
                        train.asOlderVersions().requireClasses("there"),
                        middle.map(ClassTree::asOlderVersions),
                        test.asOlderVersions()))
                : lists;
    }

    private static ImageLists lists(
            String splitName,
            Path folder,
            Path imageRoot,
            ClassTree train,
            Optional<ClassTree> middle,
            ClassTree test) {
        requireSame(train, test);
        middle.ifPresent(tree -> requireKnown(train, tree));
        var names = ClassNames.find(folder, imageRoot)
                .map(file -> ClassNames.read(file, train.classes()))
                .orElseGet(() -> Datasets.sameNames(train.classes()));
        return ImageLists.digested(
                splitName,
                imageRoot,
                train.labeled(TRAIN + "/", names),
                middle.map(tree -> tree.labeled(tree.folder().getFileName() + "/", names))
                        .orElse(List.of()),
                test.labeled(TEST + "/", names));
    }

    private static void refuseOthers(Path imageRoot, List<String> val, Progress progress) {
        for (String name : Folders.folders(imageRoot)) {
            if (name.equals(TRAIN) || name.equals(TEST) || val.contains(name)) {
                continue;
            }
            Path other = imageRoot.resolve(name);
            if (!Folders.images(other).isEmpty()) {
                throw new InvalidInputException("dataset folder " + imageRoot + " is divided into train and test but"
                        + " holds the class folder " + Quoted.of(name)
                        + " beside them; allowed is one or the other: move " + Quoted.of(name) + ".");
            }
            tellOfDeeper(other, name, progress);
        }
    }

    private static void tellOfDeeper(Path other, String name, Progress progress) {
        String beside = " lies beside train and test and is left out";
        try {
            int deeper = ClassTree.folderOfImages(other, name).images().size();
            if (deeper > 0) {
                progress.phase("warning: folder " + Quoted.path(other) + " with " + deeper + " images in its subfolders"
                        + beside);
            }
        } catch (InvalidInputException e) {
            // It is looked into for the warning alone, and no part of the data.
            progress.phase("warning: folder " + Quoted.path(other) + beside + "; whether its subfolders hold images is"
                    + " not known, since one lies too deep or cannot be listed");
        }
    }

    /** Requires the same classes in both. */
    static void requireSame(ClassTree train, ClassTree test) {
        requireKnown(train, test);
        for (String name : train.classes()) {
            if (!test.images().containsKey(name)) {
                throw new InvalidInputException("folder " + test.folder() + " has no images of class " + Quoted.of(name)
                        + ", which " + train.folder() + " has; allowed are the same classes in both: add images, or"
                        + " take the class away.");
            }
        }
    }

    private static void requireKnown(ClassTree train, ClassTree other) {
        Set<String> known = new HashSet<>(train.classes());
        for (String name : other.classes()) {
            if (!known.contains(name)) {
                throw new InvalidInputException("folder " + other.folder() + " has the class " + Quoted.of(name)
                        + ", of which "
                        + train.folder() + " has no images; allowed are classes with training images: add images, or"
                        + " take the class away.");
            }
        }
    }
}
