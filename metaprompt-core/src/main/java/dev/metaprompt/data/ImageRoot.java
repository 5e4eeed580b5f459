package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks that the images a split file names lie inside the image root, and that they are there. */
final class ImageRoot {
    private ImageRoot() {}

    /**
     * Checks all lists before any work is done.
     *
     * @throws InvalidInputException naming the first image that is missing, empty or outside
     */
    @SafeVarargs
    static void check(Path root, Path split, List<LabeledImage>... lists) {
        List<String> missing = new ArrayList<>();
        try {
            Path realRoot = root.toRealPath();
            for (List<LabeledImage> list : lists) {
                for (LabeledImage image : list) {
                    if (!isThere(realRoot, split, image.path())) {
                        missing.add(image.path());
                    }
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    "images below " + root + " cannot be read: " + e
                            + "; allowed is a readable folder: check its permissions.",
                    e);
        }
        if (!missing.isEmpty()) {
            throw new InvalidInputException("split file " + split + " names "
                    + (missing.size() == 1 ? "an image that is" : missing.size() + " images that are")
                    + " missing below " + root + ", first " + missing.get(0)
                    + "; allowed are existing files: complete the images or correct the split file.");
        }
    }

    private static boolean isThere(Path realRoot, Path split, String path) throws IOException {
        Path file = inside(realRoot, split, path);
        try {
            if (!file.toRealPath().startsWith(realRoot)) {
                throw outside(split, path, "leads through a link out of the image root " + realRoot);
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        if (Files.isRegularFile(file) && Files.size(file) == 0) {
            throw new InvalidInputException("image " + file + " is empty (0 bytes)"
                    + "; allowed is a whole JPEG, PNG, GIF or BMP: replace the file or take it out of " + split + ".");
        }
        return Files.isRegularFile(file);
    }

    /** Judges the path as text first: what is a separator or a drive differs from system to system. */
    private static Path inside(Path realRoot, Path split, String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.matches("[A-Za-z]:.*")) {
            throw outside(split, path, "is absolute or holds a backslash");
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw outside(split, path, "has a part that is empty, \".\" or \"..\"");
            }
        }
        try {
            return realRoot.resolve(path);
        } catch (InvalidPathException e) {
            throw outside(split, path, "is no path on this system");
        }
    }

    private static InvalidInputException outside(Path split, String path, String found) {
        return new InvalidInputException("split file " + split + " names the image " + path + ", which " + found
                + "; allowed are paths inside the image root, with / between folders: correct the split file.");
    }
}
