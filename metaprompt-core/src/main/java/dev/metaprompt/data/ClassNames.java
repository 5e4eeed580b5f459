package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names of classes by their folders, from {@code classnames.txt} or {@code classes.txt}: either each line a folder, a
 * space or tab, and its name, or a name a line in the order of the sorted folders.
 *
 * <p>ImageNet's usual names give two folders one name, and published figures are with them. A class is known by its
 * name, so the second gets an underscore behind it; prompts write that as a space, which the tokenizer drops: both have
 * the same tokens. Elsewhere a name for two folders is refused.
 */
final class ClassNames {
    private static final List<String> FILES = List.of("classnames.txt", "classes.txt");

    private ClassNames() {}

    /** Finds the file of class names beside the images or one folder above them. */
    static Optional<Path> find(Path folder, Path imageRoot) {
        List<Path> found = Stream.of(folder, imageRoot)
                .distinct()
                .flatMap(place -> FILES.stream().map(place::resolve))
                .filter(Files::isRegularFile)
                .toList();
        if (found.size() > 1) {
            throw new InvalidInputException("dataset folder " + folder + " holds two files of class names, "
                    + found.get(0) + " and " + found.get(1) + "; allowed is one of them: remove the other.");
        }
        return found.stream().findFirst();
    }

    /** Returns the name of each class folder, in the order of the folders; a name that is given twice is refused. */
    static Map<String, String> read(Path path, List<String> folders) {
        Map<String, String> names = named(path, folders);
        Map<String, String> folderOf = new HashMap<>();
        names.forEach((folder, name) -> {
            String other = folderOf.putIfAbsent(name, folder);
            if (other != null) {
                throw new InvalidInputException("file " + path + " gives the class folders " + Quoted.of(other)
                        + " and " + Quoted.of(folder) + " one name, " + Quoted.of(name)
                        + "; allowed is a name of its own for each: change one, or put their images into one folder.");
            }
        });
        return names;
    }

    /** As {@link #read}, but of names that are given again the later ones get underscores behind them. */
    static Map<String, String> readRepeated(Path path, List<String> folders) {
        return distinct(named(path, folders));
    }

    private static Map<String, String> named(Path path, List<String> folders) {
        ListFile file = ListFile.read(path);
        Map<String, String> byFolder = new HashMap<>();
        for (ListFile.Line line : file.lines()) {
            int tab = line.text().indexOf('\t');
            String folder =
                    tab < 0 ? line.head() : line.text().substring(0, tab).strip();
            String name = tab < 0 ? line.tail() : line.text().substring(tab).strip();
            if (byFolder.putIfAbsent(folder, name.isEmpty() ? folder : name) != null && folders.contains(folder)) {
                throw file.bad(line, "names the folder " + Quoted.of(folder) + " twice", "each class once");
            }
        }
        List<String> unnamed =
                folders.stream().filter(folder -> !byFolder.containsKey(folder)).toList();
        Map<String, String> names = new LinkedHashMap<>();
        if (unnamed.isEmpty()) {
            folders.forEach(folder -> names.put(folder, byFolder.get(folder)));
        } else if (unnamed.size() == folders.size() && file.lines().size() == folders.size()) {
            for (int i = 0; i < folders.size(); i++) {
                names.put(folders.get(i), file.lines().get(i).text());
            }
        } else {
            throw new InvalidInputException(
                    "file " + path + " does not name the class folder " + Quoted.of(unnamed.get(0))
                            + "; allowed is a line <folder> <name> for each of the " + folders.size()
                            + " class folders, or as many names in the order of the folders: complete the file.");
        }
        return names;
    }

    private static Map<String, String> distinct(Map<String, String> names) {
        Set<String> taken = new HashSet<>();
        names.replaceAll((folder, name) -> {
            String free = name;
            while (!taken.add(free)) {
                free += "_";
            }
            return free;
        });
        return names;
    }
}
