package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.gate.Baseline;
import dev.metaprompt.gate.BaselineFile;
import dev.metaprompt.gate.BaselineSource;
import dev.metaprompt.gate.Gate;
import dev.metaprompt.gate.GateOptions;
import dev.metaprompt.gate.GateResult;
import dev.metaprompt.gate.GateRuns;
import dev.metaprompt.gate.Mixed;
import dev.metaprompt.io.Inside;
import dev.metaprompt.tracking.TrackingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The goal {@code check}: floors and a baseline against the runs of the runs folder. Its files stand in
 * {@code check/} of that folder: {@code check.json} and {@code TEST-metaprompt-check.xml}.
 */
final class CheckCommand implements Command {
    @Override
    public void run(CommandContext context) throws IOException {
        Configuration config = Settings.withoutModel(context);
        Path folder = Inside.require(Settings.runs(config), "check", "the folder of runs");
        Path json = folder.resolve("check.json");
        Path junit = folder.resolve("TEST-metaprompt-check.xml");
        // What an earlier check said must not be taken for this one's word if this one stops before it has any.
        Files.deleteIfExists(json);
        Files.deleteIfExists(junit);
        GateOptions options = options(config);
        boolean update = config.flag("check.update");
        Optional<BaselineSource> source = config.optional("check.baseline").map(text -> source(config, folder, text));
        requireSomethingToDo(options, source, update);
        GateRuns runs =
                GateRuns.read(Settings.runs(config), config.text("check.runs"), Mixed.of(config.text("check.mixed")));
        // Before anything is judged: what cannot be read cannot be kept.
        Baseline earlier = update && !runs.all() ? file(source).existing() : new Baseline(List.of());
        GateResult result = new Gate(options).judge(runs, update ? Optional.empty() : source);
        Files.createDirectories(folder);
        result.write(json, junit);
        List<String> lines = new ArrayList<>(result.lines());
        Path base = context.baseDirectory();
        if (update && result.passed()) {
            lines.addAll(write(file(source), Baseline.of(runs.groups()), earlier));
        }
        lines.add("check " + TrainCommand.shown(base, json) + "        " + TrainCommand.shown(base, junit));
        context.result(lines);
        requirePassed(result, TrainCommand.shown(base, json), update);
    }

    private static BaselineFile file(Optional<BaselineSource> source) {
        return (BaselineFile) source.orElseThrow();
    }

    /** Configurations that were not asked for stay as they are. */
    private static List<String> write(BaselineFile file, Baseline checked, Baseline earlier) {
        Baseline all = checked.and(earlier);
        file.write(all);
        List<String> lines = new ArrayList<>(List.of("baseline " + file.name() + " written; commit it"));
        int kept = all.entries().size() - checked.entries().size();
        if (kept > 0) {
            lines.add("kept in it as it was: what check.runs did not choose, " + kept
                    + (kept == 1 ? " configuration" : " configurations"));
        }
        Set<Long> gone = checked.seedsOnlyOf(earlier);
        if (!gone.isEmpty()) {
            lines.add("no longer in it: seeds of the chosen configurations that have no chosen run, "
                    + String.join(", ", gone.stream().map(String::valueOf).toList()));
        }
        return lines;
    }

    private static GateOptions options(Configuration config) {
        return new GateOptions(
                floor(config, "check.minBase"),
                floor(config, "check.minNew"),
                floor(config, "check.minHarmonicMean"),
                config.number("check.tolerance"),
                config.number("check.confidence"));
    }

    private static OptionalDouble floor(Configuration config, String key) {
        return config.value(key).isPresent() ? OptionalDouble.of(config.number(key)) : OptionalDouble.empty();
    }

    private static BaselineSource source(Configuration config, Path folder, String text) {
        if (!text.startsWith(MlflowBaseline.PREFIX)) {
            return new BaselineFile(config.path("check.baseline").orElseThrow(), text);
        }
        TrackingServer server = Tracking.server(config)
                .orElseThrow(() -> new InvalidInputException(config.describe("check.baseline")
                        + ", but no server is named. Set metaprompt.tracking.uri or MLFLOW_TRACKING_URI."));
        return new MlflowBaseline(server, text.substring(MlflowBaseline.PREFIX.length()), folder.resolve("baseline"));
    }

    private static void requireSomethingToDo(GateOptions options, Optional<BaselineSource> source, boolean update) {
        if (update && !(source.orElse(null) instanceof BaselineFile)) {
            throw new InvalidInputException("check.update is set, but check.baseline names no file to write. Name one:"
                    + " -Dmetaprompt.check.baseline=metaprompt-baseline.json");
        }
        if (source.isEmpty() && !options.hasFloor()) {
            throw new InvalidInputException("check has nothing to demand: neither a floor nor a baseline is set. Set"
                    + " check.minBase, check.minNew or check.minHarmonicMean, or name a JSON file as check.baseline and"
                    + " write it once with -Dmetaprompt.check.update.");
        }
    }

    private static void requirePassed(GateResult result, Path json, boolean update) {
        if (result.passed()) {
            return;
        }
        List<String> failed = result.failed();
        throw new InvalidInputException(failed.size() + " of " + result.configurations()
                + (result.configurations() == 1 ? " configuration" : " configurations") + " failed the gate ("
                + String.join("; ", failed) + "); the reasons stand above and in " + json + ". "
                + (update
                        ? "The baseline was not written: lower the floors, repair what fell below them, or do what the"
                                + " reasons advise."
                        : "Repair what fell, or accept it: by lower floors, or -Dmetaprompt.check.update for the"
                                + " baseline."));
    }
}
