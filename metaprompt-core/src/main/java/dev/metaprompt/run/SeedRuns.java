package dev.metaprompt.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * Reads runs and groups them, whatever code computed them; {@link #byCode} tells where that was not one.
     *
     * @param runs run directories; those that are not finished are left out
     * @return a group for every setting, in the order of {@link RunSetting#order()}
     * @throws dev.metaprompt.InvalidInputException if a record is damaged
     */
    public static List<SeedRuns> of(List<RunDirectory> runs) {
        return grouped(finished(runs));
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
        Map<RunSetting, CodeVersion> newest = new HashMap<>();
        finished.forEach(run -> newest.put(RunSetting.of(run.record()), run.code()));
        return grouped(finished.stream()
                .filter(run -> run.code().equals(newest.get(RunSetting.of(run.record()))))
                .toList());
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

    private static List<SeedRuns> grouped(List<Finished> finished) {
        Map<RunSetting, SortedMap<Long, Finished>> groups = new TreeMap<>(RunSetting.order());
        for (Finished run : finished) {
            groups.computeIfAbsent(RunSetting.of(run.record()), s -> new TreeMap<>())
                    .put(run.seed(), run);
        }
        return groups.entrySet().stream()
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
