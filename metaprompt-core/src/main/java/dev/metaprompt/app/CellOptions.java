package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
            "dataset",
            "dataset.root",
            "tokenizer");

    /** What follows from other keys again on every machine. */
    private static final List<String> IMPLIED = List.of("default", "method default", "model recommendation", "preset ");

    /** What is said even so: a plan that lacks it was made when it had another value. */
    private static final Set<String> SAID = Set.of(ColorOrders.KEY);

    private CellOptions() {}

    /** Returns what the user and the matrix chose of a cell's configuration. */
    static Map<String, Assignment> chosen(Configuration config) {
        Map<String, Assignment> chosen = new LinkedHashMap<>();
        config.values("train").forEach((key, value) -> {
            String origin = config.origin(key);
            boolean implied = IMPLIED.stream().anyMatch(origin::startsWith);
            if (!MACHINE.contains(key) && (!implied || SAID.contains(key))) {
                chosen.put(key, new Assignment(key, value.toString(), origin));
            }
        });
        return chosen;
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
        options.addAll(machine);
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
