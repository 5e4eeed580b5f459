package dev.metaprompt.gate;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.run.SeedRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The runs that a gate judges.
 *
 * @param groups finished runs, a group for every configuration, the newest of each seed; at least one
 * @param mixed of those whose newest runs are of different code, the newest of each seed whatever the code
 * @param rule what is done about them; {@code groups} has all their runs for {@link Mixed#JOIN}, and else those of the
 *     newest code
 * @param leftOut one line for each run that matched but cannot be judged: it is not finished or its record is damaged
 * @param all whether every run of the folder was asked for
 */
public record GateRuns(List<SeedRuns> groups, List<SeedRuns> mixed, Mixed rule, List<String> leftOut, boolean all) {
    /** The pattern that every id matches. */
    private static final String ANY = "*";

    /** Copies the lists. */
    public GateRuns {
        groups = List.copyOf(groups);
        mixed = List.copyOf(mixed);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads the runs of a folder.
     *
     * @param runs the folder of run directories
     * @param patterns ids with commas between them, in which {@code *} stands for any characters and {@code ?} for one
     * @param rule what is done where a configuration's runs are of different code
     * @return the runs
     * @throws InvalidInputException if no finished run matches: having nothing to check is no success
     */
    public static GateRuns read(Path runs, String patterns, Mixed rule) {
        Pattern wanted = pattern(patterns);
        List<RunDirectory> finished = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (RunDirectory run : RunDirectory.list(runs)) {
            if (wanted.matcher(run.id()).matches()) {
                sort(run, finished, leftOut);
            }
        }
        if (finished.isEmpty()) {
            String others = leftOut.isEmpty() ? "" : " (left out: " + String.join("; ", leftOut) + ")";
            throw new InvalidInputException("runs is " + runs + ", in which check looked for finished runs"
                    + (patterns.equals(ANY) ? "" : " with ids like " + patterns + " (check.runs)")
                    + " and found none" + others
                    + ". Nothing to check is a failure: train first (mvn metaprompt:train), or name another folder as"
                    + " runs.");
        }
        List<SeedRuns> newest = SeedRuns.of(finished);
        List<SeedRuns> mixed =
                newest.stream().filter(group -> group.byCode().size() > 1).toList();
        // Where the newest runs are of one code, they are all that counts, however much that code once computed.
        List<SeedRuns> groups = mixed.isEmpty() || rule == Mixed.JOIN
                ? newest
                : ofOneCode(newest, mixed, SeedRuns.ofNewestCode(finished));
        return new GateRuns(groups, mixed, rule, leftOut, patterns.strip().equals(ANY));
    }

    private static List<SeedRuns> ofOneCode(List<SeedRuns> newest, List<SeedRuns> mixed, List<SeedRuns> newestCode) {
        return newest.stream()
                .map(group -> mixed.contains(group)
                        ? find(newestCode, group.setting()).orElseThrow()
                        : group)
                .toList();
    }

    private static Optional<SeedRuns> find(List<SeedRuns> groups, RunSetting setting) {
        return groups.stream().filter(group -> group.setting().equals(setting)).findFirst();
    }

    /** Returns the newest runs of a configuration whatever their code, if that is not one. */
    Optional<SeedRuns> mixed(RunSetting setting) {
        return find(mixed, setting);
    }

    private static void sort(RunDirectory run, List<RunDirectory> finished, List<String> leftOut) {
        try {
            RunRecord record = run.readRecord();
            if (record.status() == RunStatus.FINISHED && record.results().isPresent()) {
                finished.add(run);
            } else {
                leftOut.add(run.id() + " is " + record.status().word());
            }
        } catch (InvalidInputException e) {
            leftOut.add(e.getMessage());
        }
    }

    private static Pattern pattern(String patterns) {
        List<String> alternatives = new ArrayList<>();
        for (String each : patterns.split(",")) {
            StringBuilder regex = new StringBuilder();
            each.strip().codePoints().forEach(c -> {
                String literal = Pattern.quote(Character.toString(c));
                regex.append(c == '*' ? ".*" : c == '?' ? "." : literal);
            });
            alternatives.add(regex.toString());
        }
        return Pattern.compile(String.join("|", alternatives));
    }
}
