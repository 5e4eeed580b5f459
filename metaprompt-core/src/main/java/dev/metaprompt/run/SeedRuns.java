package dev.metaprompt.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finished runs that differ in their seed alone.
 *
 * @param setting what they share
 * @param bySeed one run a seed: the newest, since a repeated seed is no second sample
 */
public record SeedRuns(RunSetting setting, SortedMap<Long, Finished> bySeed) {
    /** Copies the map. */
    public SeedRuns {
        bySeed = Collections.unmodifiableSortedMap(new TreeMap<>(bySeed));
    }

    /**
     * A finished run.
     *
     * @param directory its folder
     * @param record its record, with results
     */
    public record Finished(RunDirectory directory, RunRecord record) {
        /**
         * Returns the run's seed.
         *
         * @return 0 if the record has none
         */
        public long seed() {
            return record.config().get("seed") instanceof Long number ? number : 0;
        }

        /**
         * Returns the run's figures.
         *
         * @return its results
         */
        public Results results() {
            return record.results().orElseThrow();
        }

        /**
         * Returns the code that computed it.
         *
         * @return what its record tells
         */
        public CodeVersion code() {
            return CodeVersion.of(record);
        }
    }

    /**
     * Returns how many of the runs do not say what their images hold, as those of older versions do not.
     *
     * @return the number; they are taken to be of the others' images
     */
    public int onTrust() {
        return (int) bySeed.values().stream()
                .filter(run -> run.record().dataset().content().isEmpty())
                .count();
    }

    /**
     * Reads runs and groups them, whatever code computed them; {@link #byCode} tells where that was not one.
     *
     * @param runs run directories; those that are not finished are left out
     * @return a group for every setting, in the order of {@link RunSetting#order()}
     * @throws dev.metaprompt.InvalidInputException if a record is damaged
     */
    public static List<SeedRuns> of(List<RunDirectory> runs) {
        List<Finished> finished = finished(runs);
        return grouped(finished, contents(finished));
    }

    /**
     * Reads runs and groups those of one code: of each setting the code of the run that was started last, with all that
     * it has computed of the setting.
     *
     * @param runs as {@link #of(List)}
     * @return as {@link #of(List)}
     * @throws dev.metaprompt.InvalidInputException if a record is damaged
     */
    public static List<SeedRuns> ofNewestCode(List<RunDirectory> runs) {
        List<Finished> finished = finished(runs);
        Map<RunSetting.Data, Set<String>> contents = contents(finished);
        Map<RunSetting, CodeVersion> newest = new HashMap<>();
        finished.forEach(run -> newest.put(setting(run.record(), contents), run.code()));
        return grouped(
                finished.stream()
                        .filter(run -> run.code().equals(newest.get(setting(run.record(), contents))))
                        .toList(),
                contents);
    }

    /** Returns the finished runs, the oldest first. */
    private static List<Finished> finished(List<RunDirectory> runs) {
        List<Finished> finished = new ArrayList<>();
        for (RunDirectory run : runs) {
            RunRecord record = run.readRecord();
            if (record.status() == RunStatus.FINISHED && record.results().isPresent()) {
                finished.add(new Finished(run, record));
            }
        }
        finished.sort(Comparator.comparing((Finished run) -> run.record().started())
                .thenComparing(run -> run.record().id()));
        return finished;
    }

    /** Returns, by data as older versions recorded them, what the test images hold where that was recorded. */
    private static Map<RunSetting.Data, Set<String>> contents(List<Finished> finished) {
        Map<RunSetting.Data, Set<String>> contents = new HashMap<>();
        for (Finished run : finished) {
            RunSetting.Data data = RunSetting.of(run.record()).data();
            if (!data.testContent().isEmpty()) {
                contents.computeIfAbsent(data.withTestContent(""), any -> new HashSet<>())
                        .add(data.testContent());
            }
        }
        return contents;
    }

    /** A run that does not say what its images hold belongs to those that do, unless there are two kinds of them. */
    private static RunSetting setting(RunRecord record, Map<RunSetting.Data, Set<String>> contents) {
        RunSetting setting = RunSetting.of(record);
        Set<String> known = contents.getOrDefault(setting.data(), Set.of());
        return known.size() == 1 ? setting.withTestContent(known.iterator().next()) : setting;
    }

    private static List<SeedRuns> grouped(List<Finished> finished, Map<RunSetting.Data, Set<String>> contents) {
        Map<RunSetting, SortedMap<Long, Finished>> groups = new LinkedHashMap<>();
        for (Finished run : finished) {
            groups.computeIfAbsent(setting(run.record(), contents), s -> new TreeMap<>())
                    .put(run.seed(), run);
        }
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(RunSetting.order()))
                .map(group -> new SeedRuns(group.getKey(), group.getValue()))
                .toList();
    }

    /**
     * Returns which seeds which code computed.
     *
     * @return the seeds of each code in their order; the code of the lowest seed first; one entry where all are of one
     */
    public Map<CodeVersion, List<Long>> byCode() {
        Map<CodeVersion, List<Long>> seeds = new LinkedHashMap<>();
        bySeed.forEach((seed, run) ->
                seeds.computeIfAbsent(run.code(), code -> new ArrayList<>()).add(seed));
        return seeds;
    }
}
