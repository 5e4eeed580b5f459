package dev.metaprompt.report;

import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.run.SeedRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Says of runs that are in no table why not, so that none is missing silently. */
final class LeftOut {
    private LeftOut() {}

    /**
     * Returns a line for each run that counts for nothing.
     *
     * @param runs with records
     * @param groups those of them that count
     */
    static List<String> of(List<RunDirectory> runs, List<SeedRuns> groups) {
        Set<Path> counted = groups.stream()
                .flatMap(group -> group.bySeed().values().stream())
                .map(run -> run.directory().path())
                .collect(Collectors.toSet());
        List<String> lines = new ArrayList<>();
        for (RunDirectory run : runs) {
            if (!counted.contains(run.path())) {
                lines.add("run " + run.id() + reason(run.readRecord(), groups));
            }
        }
        lines.sort(null);
        return lines;
    }

    private static String reason(RunRecord record, List<SeedRuns> groups) {
        if (record.status() != RunStatus.FINISHED) {
            return " is " + record.status().word();
        }
        if (record.results().isEmpty()) {
            return " is finished but has no results";
        }
        RunSetting setting = RunSetting.of(record);
        Object seed = record.config().getOrDefault("seed", 0L);
        return groups.stream()
                .filter(group -> group.setting().agreesWith(setting))
                .map(group -> group.bySeed().get(seed))
                .filter(Objects::nonNull)
                .map(later -> " has the setting and the seed of the later run "
                        + Quoted.of(later.record().id()) + ", which counts")
                .findFirst()
                .orElse(" counts for nothing");
    }
}
