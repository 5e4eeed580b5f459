package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Warnings;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Opens datasets: those of CoOp's benchmark in its layout, folders with a split file {@code split_zhou_*.json}, and
 * folders of class folders.
 */
public final class Datasets {
    private static final String PATTERN = "split_zhou_*.json";
    private static final String IMAGES = "images";
    private static final long DEFAULT_SPLIT_SEED = 1;

    private Datasets() {}

    /**
     * Opens a dataset in silence; see {@link #open(Path, SplitChoice, Progress)}.
     *
     * @param folder the dataset's folder
     * @param splitFile the split file; if empty, the dataset's own split
     * @return the dataset, named like its folder
     * @throws InvalidInputException if anything is missing, contradictory or outside the image root
     */
    public static Dataset open(Path folder, Optional<Path> splitFile) {
        SplitChoice choice = splitFile.<SplitChoice>map(SplitChoice.File::new).orElseGet(SplitChoice.Own::new);
        return open(folder, choice, Progress.SILENT);
    }

    /**
     * Opens a dataset and checks all of it: every image is named once, lies inside the image root and is there.
     *
     * <p>A dataset of CoOp's benchmark is recognised by its split file or its layout, also by its image folder alone,
     * and gets its template and class names.
     *
     * @param folder the dataset's folder
     * @param choice of the split
     * @param progress hears warnings: of a split file that is not the published one, of empty and of tiny classes
     * @return the dataset, named like its folder
     * @throws InvalidInputException if anything is missing, contradictory or outside the image root
     */
    public static Dataset open(Path folder, SplitChoice choice, Progress progress) {
        requireFolder(folder);
        Path home = home(folder);
        Path real = home.toAbsolutePath().normalize();
        String name =
                real.getFileName() == null ? "dataset" : real.getFileName().toString();
        return make(name, home, KnownDatasets.recognise(home), choice, progress, false);
    }

    /**
     * Opens a dataset of CoOp's benchmark; its split is never made up where CoOp's is missing.
     *
     * @param known which one
     * @param folder its folder, in CoOp's layout
     * @param choice of the split
     * @param progress hears warnings
     * @return the dataset, named by its key
     * @throws InvalidInputException if anything is missing, contradictory or outside the image root
     */
    public static Dataset open(KnownDataset known, Path folder, SplitChoice choice, Progress progress) {
        requireFolder(folder);
        return make(known.key(), folder, Optional.of(known), choice, progress, true);
    }

    private static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("dataset folder " + Quoted.path(folder)
                    + (Files.exists(folder) ? " is a file" : " does not exist")
                    + "; allowed is a folder with images and a " + PATTERN
                    + ", or with class folders: correct the option dataset.");
        }
    }

    /** Somebody may name the image folder of a known dataset; its lists lie one folder above. */
    private static Path home(Path folder) {
        Path real = folder.toAbsolutePath().normalize();
        Path parent = real.getParent();
        if (parent == null
                || KnownDatasets.recognise(folder).isPresent()
                || !splitFiles(folder).isEmpty()) {
            return folder;
        }
        boolean inside = KnownDatasets.recognise(parent)
                .filter(known -> real.endsWith(known.images()))
                .isPresent();
        return inside ? parent : folder;
    }

    private static Dataset make(
            String name, Path home, Optional<KnownDataset> known, SplitChoice choice, Progress console, boolean byKey) {
        Warnings progress = new Warnings(console);
        ImageLists lists;
        if (choice instanceof SplitChoice.File file) {
            lists = splitFile(home, known, file.file(), progress);
        } else if (choice instanceof SplitChoice.Official official) {
            lists = checked(DtdLabels.read(home, official.number()));
        } else if (choice instanceof SplitChoice.Random random) {
            lists = classFolders(home, known, Optional.of(random.seed()), progress);
        } else {
            lists = byKey ? own(home, known.orElseThrow(), progress) : own(home, known, progress);
        }
        String template = known.map(KnownDataset::template).orElseGet(() -> usualTemplate(name, lists.splitName()));
        return new Dataset(
                name,
                home,
                lists.imageRoot(),
                lists.splitName(),
                lists.sha256(),
                template,
                lists.train(),
                lists.val(),
                lists.test(),
                lists.olderSha256(),
                progress.sentences());
    }

    private static ImageLists own(Path home, Optional<KnownDataset> known, Progress progress) {
        List<Path> found = splitFiles(home);
        if (found.size() > 1) {
            throw new InvalidInputException("dataset folder " + home + " holds " + found.size()
                    + " split files; allowed is exactly one " + PATTERN
                    + ": choose one with -Dmetaprompt.dataset.split=<file>.");
        }
        if (found.size() == 1 && VariantLists.areIn(home)) {
            throw new InvalidInputException("dataset folder " + home + " holds the split file "
                    + found.get(0).getFileName() + " and FGVC-Aircraft's variant lists; allowed is one kind of split:"
                    + " choose the file with -Dmetaprompt.dataset.split=<file>, or remove it.");
        }
        if (found.size() == 1) {
            return splitFile(home, known, found.get(0), progress);
        }
        return known.isPresent()
                ? own(home, known.get(), progress)
                : classFolders(home, known, Optional.empty(), progress);
    }

    private static ImageLists own(Path home, KnownDataset known, Progress progress) {
        return switch (known.layout()) {
            case VARIANT_LISTS -> checked(VariantLists.read(home));
            case CLASS_FOLDERS -> ImageNetFolders.read(home, progress);
            case SPLIT_FILE -> coopSplit(home, known, progress);
        };
    }

    private static ImageLists coopSplit(Path home, KnownDataset known, Progress progress) {
        Path file = home.resolve(known.splitFile());
        Path above = home.toAbsolutePath().normalize().resolveSibling(known.splitFile());
        if (Files.isRegularFile(file) || Files.isRegularFile(above)) {
            return splitFile(home, Optional.of(known), Files.isRegularFile(file) ? file : above, progress);
        }
        if (known.key().equals("dtd") && DtdLabels.areIn(home)) {
            return checked(DtdLabels.read(home, 1));
        }
        throw new InvalidInputException("dataset folder " + home + " holds no " + known.splitFile()
                + "; allowed is CoOp's split file of " + known.key()
                + ": add it, name another with -Dmetaprompt.dataset.split=<file>, or have class folders split by"
                + " -Dmetaprompt.dataset.split=random:<seed>, which gives other results.");
    }

    private static ImageLists checked(ImageLists lists) {
        ImageRoot.check(lists.imageRoot(), lists.splitName(), lists.train(), lists.val(), lists.test());
        return lists;
    }

    private static ImageLists splitFile(Path home, Optional<KnownDataset> known, Path file, Progress progress) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("split file " + Quoted.path(file)
                    + " does not exist or is a folder; allowed is a JSON file of CoOp's format: correct its path.");
        }
        UnaryOperator<String> classNames =
                known.<UnaryOperator<String>>map(dataset -> dataset::className).orElse(name -> name);
        SplitFile split = SplitFile.read(file, classNames);
        Path root = imageRoot(home, known);
        ImageRoot.check(root, "split file " + file, split.train(), split.val(), split.test());
        String splitName = splitName(known, file, split.sha256(), progress);
        return new ImageLists(splitName, split.sha256(), root, split.train(), split.val(), split.test());
    }

    /** Says of a file that bears the name of CoOp's, and is not it, that it is another. */
    private static String splitName(Optional<KnownDataset> known, Path file, String sha256, Progress progress) {
        String name = file.getFileName().toString();
        boolean other = known.filter(dataset -> dataset.splitFile().equals(name))
                .flatMap(KnownDataset::splitSha256)
                .filter(published -> !published.equals(sha256))
                .isPresent();
        if (!other) {
            return name;
        }
        progress.phase("warning: " + file + " is not the split file that CoOp published (SHA-256 " + sha256
                + "); results cannot be compared with published ones");
        return name + " (not CoOp's published file)";
    }

    private static Path imageRoot(Path home, Optional<KnownDataset> known) {
        if (known.filter(dataset -> dataset.images().isEmpty()).isPresent()) {
            return home;
        }
        Path usual = home.resolve(known.map(KnownDataset::images).orElse(IMAGES));
        if (Files.isDirectory(usual)) {
            return usual;
        }
        Path images = home.resolve(IMAGES);
        return Files.isDirectory(images) ? images : home;
    }

    /** Opens class folders: as they are divided, or by a random split where they are not. */
    private static ImageLists classFolders(
            Path home, Optional<KnownDataset> known, Optional<Long> seed, Progress progress) {
        Path root = imageRoot(home, known);
        if (DividedFolders.areIn(root)) {
            if (seed.isPresent()) {
                throw new InvalidInputException("dataset.split is random:" + seed.get() + " but " + root
                        + " is divided into train and test already; allowed is no random split there:"
                        + " leave dataset.split out.");
            }
            return DividedFolders.read(home, root, progress);
        }
        ClassTree tree = ClassTree.list(root, known.map(KnownDataset::ignored).orElse(Set.of()), progress)
                .requireClasses(seed.isPresent() ? "there" : "a " + PATTERN + " (there is no split file), or");
        ImageLists lists = randomSplit(tree, home, root, known, seed, progress);
        return tree.wasSmaller()
                ? lists.after(() -> randomSplit(
                        tree.asOlderVersions().requireClasses("there"), home, root, known, seed, Progress.SILENT))
                : lists;
    }

    private static ImageLists randomSplit(
            ClassTree tree,
            Path home,
            Path root,
            Optional<KnownDataset> known,
            Optional<Long> seed,
            Progress progress) {
        Map<String, String> names = ClassNames.find(home, root)
                .map(file -> ClassNames.read(file, tree.classes()))
                .orElseGet(() -> sameNames(tree.classes()));
        known.ifPresent(dataset -> names.replaceAll((folder, name) -> dataset.className(name)));
        return RandomSplit.of(tree, names, root, seed.orElse(DEFAULT_SPLIT_SEED), progress);
    }

    /** Class names that are the folders' names. */
    static Map<String, String> sameNames(List<String> folders) {
        Map<String, String> names = new LinkedHashMap<>();
        folders.forEach(folder -> names.put(folder, folder));
        return names;
    }

    private static List<Path> splitFiles(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
            files.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new InvalidInputException(
                    "dataset folder " + folder + " cannot be listed: " + Quoted.reason(e)
                            + "; allowed is a readable folder: check its permissions.",
                    e);
        }
        return found;
    }

    /** The prompt that zero-shot tables use for a dataset, by its split file or its name. */
    static String usualTemplate(String name, String splitName) {
        return KnownDatasets.bySplitFile(splitName)
                .or(() -> KnownDatasets.find(name))
                .map(KnownDataset::template)
                .orElseGet(() -> {
                    String names = (name + " " + splitName).toLowerCase(Locale.ROOT);
                    boolean textures = names.contains("texture") || names.startsWith("dtd");
                    return textures ? KnownDatasets.TEXTURE_TEMPLATE : KnownDatasets.PLAIN_TEMPLATE;
                });
    }
}
