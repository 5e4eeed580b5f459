package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs that differ in their seed alone, as the page over many runs names them.
 *
 * @param number from 1 on the page, which tells settings with the same name apart
 * @param runs the runs
 * @param group their figures
 * @param differences the keys in which settings of the same method and data differ, with their values here
 * @param isNamesake whether another setting of the same data has the same method, way and shot
 */
record Entry(int number, SeedRuns runs, RunGroup group, String differences, boolean isNamesake) {
    static List<Entry> of(List<SeedRuns> all) {
        List<RunSetting> settings = all.stream().map(SeedRuns::setting).toList();
        Map<String, Long> names = settings.stream().collect(Collectors.groupingBy(Entry::key, Collectors.counting()));
        List<Entry> entries = new ArrayList<>();
        for (SeedRuns runs : all) {
            Map<Long, RunRecord> bySeed = new LinkedHashMap<>();
            runs.bySeed().forEach((seed, run) -> bySeed.put(seed, run.record()));
            RunSetting setting = runs.setting();
            entries.add(new Entry(
                    entries.size() + 1,
                    runs,
                    new RunGroup(setting, bySeed),
                    setting.differences(settings),
                    names.get(key(setting)) > 1));
        }
        return entries;
    }

    private static String key(RunSetting setting) {
        return setting.data() + "\n" + String.join("\n", base(setting));
    }

    private static List<String> base(RunSetting setting) {
        // Way and shot say how tasks are drawn, and other methods draw none.
        return setting.method().equals("metaprompt")
                ? List.of(setting.method(), setting.number("way") + "-way " + setting.number("shot") + "-shot")
                : List.of(setting.method());
    }

    RunSetting setting() {
        return runs.setting();
    }

    /** Returns method and N-way, which other settings may share. */
    List<String> base() {
        return base(setting());
    }

    /** Returns the lines under a bar. */
    List<String> label() {
        List<String> label = new ArrayList<>(base());
        if (isNamesake) {
            label.add("#" + number);
        }
        return label;
    }

    boolean isEpisodic() {
        return setting().method().equals("metaprompt");
    }

    List<RunDirectory> directories() {
        return runs.bySeed().values().stream().map(SeedRuns.Finished::directory).toList();
    }

    List<Results> results() {
        return runs.bySeed().values().stream().map(SeedRuns.Finished::results).toList();
    }

    RunRecord first() {
        return runs.bySeed().values().iterator().next().record();
    }
}
