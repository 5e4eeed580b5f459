package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which options make a cell's configuration, and which belong to the machine that computes it. */
final class CellOptions {
    /** Where things are and how hard a machine works: each machine has its own. */
    private static final Set<String> MACHINE = Set.of(
            "cache",
            "cache.limit",
            "config",
            "offline",
            "run",
            "runs",
            "threads",
            "tracking.uri",
            "tracking.experiment",
            "tracking.allowPlain");

    /** What a worker may say instead of the experiment: where things are there, and what it computes with. */
    private static final List<String> OF_MACHINE = List.of(
            "cache.limit",
            "offline",
            "tracking.uri",
            "tracking.experiment",
            "tracking.allowPlain",
            "device",
            "model",
            Activations.KEY,
            "dataset",
            "dataset.root",
            "tokenizer");

    /** What follows from other keys again on every machine. */
    private static final List<String> IMPLIED = List.of("default", "method default", "model recommendation", "preset ");

    /** What is said even so: a plan that lacks it was made when it had another value. */
    private static final Set<String> SAID = Set.of(ColorOrders.KEY);

    /** What a worker needs for itself beside what it says of cells. */
    private static final Set<String> OF_WORKER =
            Set.of("cache", "config", "runs", "threads", "experiment.parallel", "experiment.store");

    private static final String THREADS = "threads";

    private CellOptions() {}

    /**
     * Returns what the user and the matrix chose of a cell's configuration.
     *
     * @param matrix the matrix's own settings of the cell, which may say what else is the machine's to say
     */
    static Map<String, Assignment> chosen(Configuration config, List<Assignment> matrix) {
        Map<String, Assignment> chosen = new LinkedHashMap<>();
        config.values("train").forEach((key, value) -> {
            String origin = config.origin(key);
            boolean implied = IMPLIED.stream().anyMatch(origin::startsWith);
            boolean travels = !MACHINE.contains(key) || isOf(matrix, key, config);
            if (travels && (!implied || SAID.contains(key))) {
                chosen.put(key, new Assignment(key, value.toString(), origin));
            }
        });
        return chosen;
    }

    /** Tells whether a key's value is the matrix's, and not what this machine's user says instead. */
    static boolean isOf(List<Assignment> matrix, String key, Configuration config) {
        return matrix.stream()
                .anyMatch(
                        setting -> setting.key().equals(key) && setting.origin().equals(config.origin(key)));
    }

    /**
     * Returns the threads that a cell is to be computed with: those its run was begun with, or its plan says.
     *
     * @param folder the cell's run directory, perhaps of an earlier attempt
     * @return nothing if that is the machine's to say
     */
    static OptionalInt threads(Plan plan, Cell cell, Path folder) {
        return begunWith(folder)
                .or(() -> Stream.concat(plan.options().stream(), cell.settings().stream())
                        .filter(setting -> setting.key().equals(THREADS))
                        .map(Assignment::value)
                        .reduce((weaker, stronger) -> stronger))
                .filter(value -> value.matches("[1-9]\\d{0,3}"))
                .map(Integer::valueOf)
                // A record may be a stranger's; the key takes no more.
                .filter(threads -> threads <= 1024)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /** A run goes on with what it was begun with, whatever machine it has come to. */
    static Optional<String> begunWith(Path folder) {
        if (!PlainFiles.isThere(folder.resolve(RunDirectory.RECORD))) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                            RunDirectory.open(folder).readRecord().config().get(THREADS))
                    .map(Object::toString);
        } catch (InvalidInputException e) {
            // The cell says so itself.
            return Optional.empty();
        }
    }

    /** Returns what the user said of this machine. */
    static List<RawOption> ofMachine(Configuration config) {
        List<RawOption> options = new ArrayList<>();
        // Always: a run that another machine has begun records that one's.
        options.add(
                new RawOption("cache", Settings.cache(config).toString(), RawOption.Layer.USER, cacheOrigin(config)));
        for (String key : OF_MACHINE) {
            config.value(key)
                    .filter(value -> !config.origin(key).equals("default"))
                    .ifPresent(value -> options.add(
                            new RawOption(key, value.toString(), RawOption.Layer.USER, config.origin(key))));
        }
        return options;
    }

    /**
     * Returns the keys that were typed for a worker and that an experiment says, so that a worker does not heed them.
     * What a POM says may be meant for other goals.
     */
    static List<String> notForWorkers(CommandContext context) {
        return context.options().stream()
                .filter(option -> option.layer() == RawOption.Layer.USER)
                .map(RawOption::key)
                .filter(key -> !OF_WORKER.contains(key) && !OF_MACHINE.contains(key) && !key.startsWith("temporal."))
                .distinct()
                .toList();
    }

    /** Returns the keys that the user set on this machine and that beat a plan's. */
    static Set<String> keysOfMachine(Configuration config) {
        return ofMachine(config).stream().map(RawOption::key).collect(Collectors.toSet());
    }

    private static String cacheOrigin(Configuration config) {
        return config.value("cache").isPresent() ? config.origin("cache") : "automatic";
    }

    /** Returns a cell's options, weakest first: the experiment's, the cell's, the machine's. */
    static List<RawOption> of(CellRequest request, List<RawOption> machine) {
        List<RawOption> options = new ArrayList<>();
        request.options().forEach(setting -> options.add(raw(setting)));
        request.cell().settings().forEach(setting -> options.add(raw(setting)));
        // Said on a machine for files of its own; an experiment that says it knows better.
        boolean said = options.stream().anyMatch(option -> option.key().equals(Activations.KEY));
        machine.stream()
                .filter(option -> !said || !option.key().equals(Activations.KEY))
                .forEach(options::add);
        if (options.stream().noneMatch(option -> option.key().equals(ColorOrders.KEY))) {
            options.add(new RawOption(
                    ColorOrders.KEY, ColorOrder.RESIZE_FIRST.word(), RawOption.Layer.POM, ColorOrders.OLDER_PLAN));
        }
        return options;
    }

    private static RawOption raw(Assignment setting) {
        return new RawOption(setting.key(), setting.value(), RawOption.Layer.POM, Quoted.of(setting.origin()));
    }

    /** Returns the queue of machines that compute a cell. */
    static String queue(Configuration config) {
        return config.text("device").startsWith("gpu") ? "gpu" : "cpu";
    }

    static String folder(Configuration config, CellIdentity.Data data, String id) {
        return RunDirectory.settingName(
                        config.text("method"),
                        data.name(),
                        config.integer("way"),
                        config.integer("shot"),
                        config.seed())
                + "-" + id.substring(0, 12);
    }
}
