package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens datasets in the layout of CoOp: a folder with images, and a split file {@code split_zhou_*.json} beside them. */
public final class Datasets {
    private static final String PATTERN = "split_zhou_*.json";
    private static final String PLAIN_TEMPLATE = "a photo of a {}.";
    private static final String TEXTURE_TEMPLATE = "{} texture.";

    private Datasets() {}

    /**
     * Opens a dataset and checks all of it: every image is named once, lies inside the image root and is there.
     *
     * <p>The image root is {@code <folder>/images} where that exists, else the folder itself.
     *
     * @param folder the dataset's folder
     * @param splitFile the split file; if empty, the only {@code split_zhou_*.json} in the folder
     * @return the dataset, named like its folder
     * @throws InvalidInputException if anything is missing, contradictory or outside the image root
     */
    public static Dataset open(Path folder, Optional<Path> splitFile) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("dataset folder " + folder
                    + (Files.exists(folder) ? " is a file" : " does not exist")
                    + "; allowed is a folder with images and a " + PATTERN + ": correct the option dataset.");
        }
        Path file = splitFile.orElseGet(() -> onlySplit(folder));
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("split file " + file
                    + " does not exist or is a folder; allowed is a JSON file of CoOp's format: correct its path.");
        }
        SplitFile split = SplitFile.read(file);
        Path images = folder.resolve("images");
        Path root = Files.isDirectory(images) ? images : folder;
        ImageRoot.check(root, file, split.train(), split.val(), split.test());
        Path real = folder.toAbsolutePath().normalize();
        String name =
                real.getFileName() == null ? "dataset" : real.getFileName().toString();
        String splitName = file.getFileName().toString();
        String template = usualTemplate(name, splitName);
        return new Dataset(
                name, folder, root, splitName, split.sha256(), template, split.train(), split.val(), split.test());
    }

    private static Path onlySplit(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "dataset folder " + folder + " cannot be listed: " + e.getMessage()
                            + "; allowed is a readable folder: check its permissions.",
                    e);
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new InvalidInputException("dataset folder " + folder + " holds "
                + (found.isEmpty() ? "no split file" : found.size() + " split files")
                + "; allowed is exactly one " + PATTERN
                + (found.isEmpty()
                        ? ": add CoOp's split file of the dataset."
                        : ": choose one with -Dmetaprompt.dataset.split=<file>."));
    }

    /** The prompt that zero-shot tables use for a dataset, by its name or its split file's. */
    static String usualTemplate(String name, String splitName) {
        String names = (name + " " + splitName).toLowerCase(Locale.ROOT);
        boolean textures = names.contains("texture") || names.startsWith("dtd");
        return textures ? TEXTURE_TEMPLATE : PLAIN_TEMPLATE;
    }
}
