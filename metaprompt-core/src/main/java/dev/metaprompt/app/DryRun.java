package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an experiment would compute, and how long that may take by earlier runs. */
final class DryRun {
    private static final int SHOWN = 200;

    private DryRun() {}

    static List<String> lines(Plan plan, Path folder, Predicate<Cell> done) {
        Map<String, List<Double>> seconds = earlier(folder);
        List<String> lines = new ArrayList<>();
        lines.add("experiment " + plan.name() + ": " + plan.title());
        double left = 0;
        int unknown = 0;
        int missing = 0;
        for (Cell cell : plan.cells()) {
            boolean finished = done.test(cell);
            OptionalDouble estimate = estimate(seconds, cell);
            if (!finished) {
                missing++;
                left += estimate.orElse(0);
                unknown += estimate.isPresent() ? 0 : 1;
            }
            if (cell.number() < SHOWN) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%5d  %-10s %s",
                        cell.number() + 1,
                        state(finished, estimate),
                        cell.coordinates()));
            }
        }
        if (plan.cells().size() > SHOWN) {
            lines.add("  … " + (plan.cells().size() - SHOWN) + " more");
        }
        lines.add(plan.cells().size() + " cells, " + missing + " to compute, "
                + (unknown == missing ? "no earlier run to tell how long" : duration(left))
                + (unknown > 0 && unknown < missing
                        ? " without the " + unknown + " that no earlier run tells of"
                        : ""));
        return lines;
    }

    private static String state(boolean finished, OptionalDouble estimate) {
        return finished ? "finished" : estimate.isPresent() ? duration(estimate.getAsDouble()) : "?";
    }

    private static OptionalDouble estimate(Map<String, List<Double>> seconds, Cell cell) {
        return seconds.getOrDefault(kind(cell.folder()), List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .average();
    }

    /** A cell's folder without seed and digest: what costs about the same. */
    private static String kind(String folder) {
        return folder.replaceFirst("-s\\d+(-[0-9a-f]{12})?(-\\d+)?$", "").replaceFirst("^\\d{8}-\\d{6}-", "");
    }

    // Runs of this experiment, of its siblings and of single trainings.
    private static Map<String, List<Double>> earlier(Path folder) {
        Map<String, List<Double>> seconds = new HashMap<>();
        Stream.of(folder, folder.getParent())
                .flatMap(runs -> RunDirectory.list(runs).stream())
                .forEach(run -> read(run, seconds));
        return seconds;
    }

    private static void read(RunDirectory run, Map<String, List<Double>> seconds) {
        try {
            RunRecord record = run.readRecord();
            if (record.status() == RunStatus.FINISHED) {
                double total = record.timings().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                seconds.computeIfAbsent(kind(run.id()), kind -> new ArrayList<>())
                        .add(total);
            }
        } catch (InvalidInputException e) {
            // A damaged record tells no time; whoever needs the run will hear of it.
        }
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 100) {
            return whole + " s";
        }
        return whole < 6000
                ? (whole + 30) / 60 + " min"
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
