package dev.metaprompt.image;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiConsumer;

/** Goes through a folder and its subfolders for images, and tells what else is there. */
public final class ImageWalk extends SimpleFileVisitor<Path> {
    /** What is no image to be read. */
    public enum Other {
        /** A file of another kind, by its name. */
        FILE,
        /** A file that is hidden, or in a hidden folder. */
        HIDDEN,
        /** A link named like an image that leads to nothing. */
        BROKEN_LINK,
        /** A link to a folder above it. */
        CIRCLE
    }

    private final Path folder;
    private final BiConsumer<Path, Other> others;
    private final List<Path> images = new ArrayList<>();

    private ImageWalk(Path folder, BiConsumer<Path, Other> others) {
        this.folder = folder;
        this.others = others;
    }

    static List<Path> of(Path folder, BiConsumer<Path, Other> others) throws IOException {
        ImageWalk walk = new ImageWalk(folder, others);
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        walk.images.sort(Comparator.comparing(file -> folder.relativize(file).toString()));
        return List.copyOf(walk.images);
    }

    // A hidden folder is gone through for a count of its images, but nothing that it leads to.
    @Override
    public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes) {
        return isHidden(entry) && Files.isSymbolicLink(entry) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        boolean image = ImageFiles.isImageName(file.getFileName().toString());
        if (isHidden(file)) {
            others.accept(file, Other.HIDDEN);
        } else if (attributes.isSymbolicLink() && image) {
            others.accept(file, Other.BROKEN_LINK);
        } else if (attributes.isRegularFile() && image) {
            images.add(file);
        } else if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
            others.accept(file, Other.FILE);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
        if (!(fault instanceof FileSystemLoopException)) {
            throw fault;
        }
        if (!isHidden(file)) {
            others.accept(file, Other.CIRCLE);
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path entry) {
        for (Path name : folder.relativize(entry)) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
