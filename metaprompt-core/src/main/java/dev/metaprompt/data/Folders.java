package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Lists folders by name, with one look at most at each file: a dataset may have a million of them. */
final class Folders {
    private Folders() {}

    /** Names of the folders in a folder, sorted; hidden ones are left out. */
    static List<String> folders(Path folder) {
        return names(folder, path -> Files.isDirectory(path));
    }

    /** Names of the hidden folders in a folder, sorted; links are none. */
    static List<String> hiddenFolders(Path folder) {
        return listed(
                folder,
                path -> path.getFileName().toString().startsWith(".")
                        && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** Names of the image files in a folder, sorted; hidden ones are left out, and folders that are named so. */
    static List<String> images(Path folder) {
        return names(folder, path -> ImageFiles.isImageName(path.getFileName().toString()) && !Files.isDirectory(path));
    }

    /** Names of all files and folders in a folder, sorted, the hidden ones too. */
    static List<String> all(Path folder) {
        return listed(folder, path -> true);
    }

    private static List<String> names(Path folder, Predicate<Path> wanted) {
        return listed(folder, path -> !path.getFileName().toString().startsWith(".") && wanted.test(path));
    }

    private static List<String> listed(Path folder, Predicate<Path> wanted) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (wanted.test(entry)) {
                    names.add(entry.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new InvalidInputException(
                    "folder " + folder + " cannot be listed (" + Quoted.reason(e)
                            + "); allowed is a readable folder: check its permissions.",
                    e);
        }
        Collections.sort(names);
        return names;
    }
}
