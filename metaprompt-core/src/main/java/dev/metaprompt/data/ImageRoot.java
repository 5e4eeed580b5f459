package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that the images a split file names lie inside the image root, and that they are there.
 *
 * <p>Each folder's links are followed once, and each image costs one look at its attributes.
 */
final class ImageRoot {
    private final Path realRoot;
    private final String source;
    private final Map<String, Optional<Path>> folders = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();

    private ImageRoot(Path realRoot, String source) {
        this.realRoot = realRoot;
        this.source = source;
    }

    /**
     * Checks all lists before any work is done.
     *
     * @param root what paths are relative to
     * @param source what names the images, for messages, for example {@code split file x.json}
     * @param lists whose images
     * @throws InvalidInputException naming the first image that is missing, empty, of a kind that is not read, or
     *     outside
     */
    @SafeVarargs
    static void check(Path root, String source, List<LabeledImage>... lists) {
        List<String> missing = new ArrayList<>();
        List<String> unreadable;
        try {
            ImageRoot imageRoot = new ImageRoot(root.toRealPath(), source);
            unreadable = imageRoot.unreadable;
            for (List<LabeledImage> list : lists) {
                for (LabeledImage image : list) {
                    if (!imageRoot.isThere(image.path())) {
                        missing.add(image.path());
                    }
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    source + " names images below " + root + " that cannot be read: " + Quoted.reason(e)
                            + "; allowed is a readable folder: check its permissions and the names.",
                    e);
        }
        if (!missing.isEmpty()) {
            throw new InvalidInputException(source + " names "
                    + (missing.size() == 1 ? "an image that is" : missing.size() + " images that are")
                    + " missing below " + root + ", first " + Quoted.of(missing.get(0))
                    + "; allowed are existing files: complete the images or correct the split file.");
        }
        if (!unreadable.isEmpty()) {
            throw new InvalidInputException(source + " names " + unreadable.size()
                    + (unreadable.size() == 1 ? " file that is no image" : " files that are no images")
                    + " that can be read below " + root + ", first " + Quoted.of(unreadable.get(0)) + "; allowed are "
                    + ImageFiles.FORMATS + " files: convert them, or correct the split file.");
        }
    }

    private boolean isThere(String path) throws IOException {
        requireInside(path);
        int slash = path.lastIndexOf('/');
        Optional<Path> folder = folder(slash < 0 ? "" : path.substring(0, slash), path);
        if (folder.isEmpty()) {
            return false;
        }
        try {
            Path file = folder.get().resolve(path.substring(slash + 1));
            BasicFileAttributes found = attributes(file, LinkOption.NOFOLLOW_LINKS);
            if (found.isSymbolicLink()) {
                requireInside(file.toRealPath(), path);
                found = attributes(file);
            }
            if (found.isRegularFile() && found.size() == 0) {
                throw new InvalidInputException("image " + Quoted.path(file) + " is empty (0 bytes)"
                        + "; allowed is a whole image: replace the file or take it out of " + source
                        + ".");
            }
            if (found.isRegularFile() && !ImageFiles.endsLikeImage(path) && !ImageFiles.beginsLikeImage(file)) {
                unreadable.add(path);
            }
            return found.isRegularFile();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        } catch (InvalidPathException e) {
            throw outside(path, "is no path on this system (" + Quoted.reason(e) + ")");
        }
    }

    private static BasicFileAttributes attributes(Path file, LinkOption... options) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, options);
    }

    /** The real place of a folder below the root; empty if it is missing. */
    private Optional<Path> folder(String name, String path) throws IOException {
        Optional<Path> known = folders.get(name);
        if (known != null) {
            return known;
        }
        Optional<Path> found;
        try {
            Path real = realRoot.resolve(name).toRealPath();
            requireInside(real, path);
            found = Optional.of(real).filter(Files::isDirectory);
        } catch (NoSuchFileException | NotDirectoryException e) {
            found = Optional.empty();
        } catch (InvalidPathException e) {
            throw outside(path, "is no path on this system (" + Quoted.reason(e) + ")");
        }
        folders.put(name, found);
        return found;
    }

    private void requireInside(Path real, String path) {
        if (!real.startsWith(realRoot)) {
            throw outside(path, "leads through a link out of the image root " + realRoot);
        }
    }

    private void requireInside(String path) {
        Optional<String> fault = Inside.fault(path);
        if (fault.isPresent()) {
            throw outside(path, fault.get());
        }
    }

    private InvalidInputException outside(String path, String found) {
        return new InvalidInputException(source + " names the image " + Quoted.of(path) + ", which " + found
                + "; allowed are paths inside the image root, with / between folders: correct the split file.");
    }
}
