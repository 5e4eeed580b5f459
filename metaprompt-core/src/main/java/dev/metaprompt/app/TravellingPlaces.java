package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.Models;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.FromElsewhere;
import dev.metaprompt.data.KnownDatasets;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.fetch.Hub;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds what comes from elsewhere to the places it may name: a matrix may come with a pull request, a plan from a server.
 * Names of models and data sets say nothing of this disk; paths must end, links followed, below a folder that is open to
 * it.
 *
 * @param who what it is, for messages, for example {@code a matrix}
 * @param base where relative paths start
 * @param roots the folders that are open to it
 * @param setHere keys that this machine's user has set, whose other values are not used
 */
record TravellingPlaces(String who, Path base, List<Path> roots, Set<String> setHere) {
    private static final List<String> KEYS =
            List.of("model", "tokenizer", "dataset", "dataset.root", "dataset.split", "dataset.draw");

    private static final String DRAW_FILE = "file:";

    /** Opens the project, its cache and its data sets to a record; what the user's options name is the user's word. */
    static TravellingPlaces ofRecord(CommandContext context) {
        Set<String> setHere = context.options().stream().map(RawOption::key).collect(Collectors.toSet());
        return new TravellingPlaces(
                "a run's record",
                context.baseDirectory(),
                Settings.pictures(context).folders(),
                setHere);
    }

    void check(Matrix matrix) {
        matrix.settings().forEach(this::checkPlace);
        matrix.axes()
                .forEach(axis -> axis.values().forEach(value -> value.settings().forEach(this::checkPlace)));
    }

    /** Checks what a run that came from elsewhere says of places. */
    void check(Map<String, Object> record, String origin) {
        record.forEach((key, value) -> {
            if (FromElsewhere.maySet(key)) {
                checkPlace(new Assignment(key, value.toString(), origin));
            }
        });
    }

    void check(Plan plan) {
        // Thousands of cells may share a setting, and a folder is looked through whole.
        Set<List<String>> checked = new HashSet<>();
        Stream.concat(plan.options().stream(), plan.cells().stream().flatMap(cell -> cell.settings().stream()))
                .filter(setting -> checked.add(List.of(setting.key(), setting.value())))
                .forEach(this::check);
    }

    private void check(Assignment setting) {
        if (!FromElsewhere.maySet(setting.key())) {
            throw new InvalidInputException(Quoted.of(setting.origin()) + ": " + who + " sets "
                    + Quoted.of(setting.key()) + ", which only the machine that computes may say. Take it out of "
                    + who + " and set it there with -Dmetaprompt." + Quoted.of(setting.key()) + ".");
        }
        checkPlace(setting);
    }

    private void checkPlace(Assignment setting) {
        if (setHere.contains(setting.key())) {
            return;
        }
        Optional<String> path = path(setting);
        if (path.isPresent() && !isOpen(path.get())) {
            throw new InvalidInputException(Quoted.of(setting.origin()) + ": " + setting.key() + " is \""
                    + Quoted.of(setting.value()) + "\", a place that is not open to " + who + "; open are files below "
                    + roots + ", without links out of it. Move it there, or set it on the machine that computes, with"
                    + " -Dmetaprompt." + setting.key() + ".");
        }
    }

    /** Returns the keys by which a configuration that came with a record opens what lies elsewhere. */
    List<String> outside(Configuration config) {
        return KEYS.stream()
                .filter(key -> !setHere.contains(key))
                .filter(key -> config.value(key)
                        .map(value -> new Assignment(key, value.toString(), ""))
                        .flatMap(this::path)
                        .filter(path -> !isOpen(path))
                        .isPresent())
                .toList();
    }

    private boolean isOpen(String path) {
        try {
            return isOpen(base.resolve(path).normalize(), roots);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** What is read of a folder, or from beside a file, are the lists, settings and images in it: they count, too. */
    private static boolean isOpen(Path place, List<Path> open) {
        if (!Inside.isBelow(place, open)) {
            return false;
        }
        try {
            List<Path> found = Files.isDirectory(place) ? PlainFiles.below(place) : beside(place);
            return found.stream().filter(Files::isSymbolicLink).allMatch(link -> Inside.isBelow(link, open));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> beside(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
            return files.toList();
        }
    }

    /** Returns the path that a setting names, if it names one. */
    private Optional<String> path(Assignment setting) {
        String value = setting.value().strip();
        return switch (setting.key()) {
            case "tokenizer", "dataset.root" -> Optional.of(value);
            case "model" -> Optional.of(value).filter(text -> !text.equals(Models.NANO_CLIP) && !isHubId(text));
            case "dataset" -> Optional.of(value).filter(text -> !text.equals("textures") && !isKnownDataset(text));
            case "dataset.split" -> Optional.of(value).filter(text -> !text.matches("(official|random):\\d+"));
            case "dataset.draw" ->
                Optional.of(value)
                        .filter(text -> text.startsWith(DRAW_FILE))
                        .map(text -> text.substring(DRAW_FILE.length()));
            default -> Optional.empty();
        };
    }

    /** The folder that stands for its name in the project may hold no link out of it. */
    private boolean isKnownDataset(String text) {
        Path folder = base.resolve(text);
        return KnownDatasets.find(text).isPresent()
                && (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS) || isOpen(folder, List.of(base)));
    }

    /** A hub's, unless there is a folder of that name. */
    private boolean isHubId(String text) {
        return Hub.isId(text) && !Files.exists(base.resolve(text), LinkOption.NOFOLLOW_LINKS);
    }
}
