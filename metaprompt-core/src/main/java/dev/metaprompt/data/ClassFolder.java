package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lists the images of a class folder and its subfolders in the order of torchvision's {@code ImageFolder}: folders by
 * their path, and in each its files by their name. Names alone tell images; of each it is looked whether it is there, and
 * no folder.
 *
 * <p>Hidden files and folders are left out. A linked subfolder is looked into as long as it stays in the data set: one
 * that leads elsewhere may lead anywhere, and one that leads back into its class, or above it, would be read twice or
 * without end.
 */
final class ClassFolder {
    /** Systems allow longer paths than anybody's images have; whoever makes them is after the stack. */
    private static final int DEEPEST = 64;

    /** Where a class has no images, so many of its files are looked into for the reason. */
    private static final int MOST_OPENED = 20;

    private final Path folder;
    private final Path realRoot;
    private final String name;
    private final LeftOutFiles leftOut;
    private final Map<String, List<String>> byFolder = new TreeMap<>();
    private final Set<Path> linked = new HashSet<>();
    private final List<Path> others = new ArrayList<>();
    private boolean unreadable;

    /**
     * Lists a class folder.
     *
     * @param folder may be a link itself: the data set's owner may have put it elsewhere
     * @param realRoot the real path of the folder that holds the class folders
     * @param name of the class
     * @param leftOut is told what is not read
     * @throws InvalidInputException if a folder cannot be listed, or is too deep
     */
    ClassFolder(Path folder, Path realRoot, String name, LeftOutFiles leftOut) {
        this.folder = folder;
        this.realRoot = realRoot;
        this.name = name;
        this.leftOut = leftOut;
        walk(folder, "", 0, false);
    }

    /** Paths of the images below the class folder, with {@code /}. */
    List<String> images() {
        List<String> images = new ArrayList<>();
        byFolder.forEach(
                (below, files) -> files.forEach(file -> images.add(below.isEmpty() ? file : below + "/" + file)));
        return images;
    }

    /** Those of them that versions before this one read: neither WebP nor in a subfolder. */
    List<String> ofOlderVersions() {
        return byFolder.getOrDefault("", List.of()).stream()
                .filter(file -> !ImageFiles.isNewlyRead(file))
                .toList();
    }

    /** Whether there are files that somebody may take for images, and are not read. */
    boolean holdsUnreadable() {
        return unreadable || others.stream().anyMatch(ImageFiles::beginsLikeImage);
    }

    private void walk(Path place, String below, int depth, boolean hidden) {
        if (depth > DEEPEST) {
            throw new InvalidInputException("class folder " + folder + " holds folders in folders, more than " + DEEPEST
                    + " deep; allowed are images in fewer: move them up.");
        }
        List<String> images = new ArrayList<>();
        for (String file : Folders.all(place)) {
            Path entry = place.resolve(file);
            boolean hiddenToo = hidden || file.startsWith(".");
            if (!hiddenToo && ImageFiles.isImageName(file) && !Files.isDirectory(entry)) {
                image(entry, file, images);
            } else if (isFolder(entry, hiddenToo)) {
                subfolder(entry, below.isEmpty() ? file : below + "/" + file, depth + 1, hiddenToo);
            } else {
                leftOut.file(name, file, hiddenToo);
                if (!hiddenToo) {
                    other(entry);
                }
            }
        }
        if (!images.isEmpty()) {
            byFolder.put(below, images);
        }
    }

    private void image(Path entry, String file, List<String> images) {
        if (ImageFiles.isBrokenLink(entry)) {
            leftOut.brokenLink(name, file);
        } else {
            images.add(file);
        }
    }

    private void other(Path file) {
        unreadable |= ImageFiles.isOtherPictureName(file.getFileName().toString());
        if (others.size() < MOST_OPENED) {
            others.add(file);
        }
    }

    private static boolean isFolder(Path entry, boolean hidden) {
        return !hidden ? Files.isDirectory(entry) : Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
    }

    private void subfolder(Path entry, String below, int depth, boolean hidden) {
        if (!Files.isSymbolicLink(entry)) {
            walk(entry, below, depth, hidden);
            return;
        }
        try {
            Path real = entry.toRealPath();
            Path realFolder = folder.toRealPath();
            if (real.startsWith(realFolder) || realFolder.startsWith(real)) {
                leftOut.linkedFolder(name, LeftOutFiles.Link.BACK);
            } else if (!real.startsWith(realRoot)) {
                leftOut.linkedFolder(name, LeftOutFiles.Link.OUT);
            } else if (!linked.add(real)) {
                leftOut.linkedFolder(name, LeftOutFiles.Link.AGAIN);
            } else {
                walk(entry, below, depth, false);
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    "folder " + Quoted.path(entry) + " cannot be listed (" + Quoted.reason(e)
                            + "); allowed is a readable folder: check its permissions.",
                    e);
        }
    }
}
