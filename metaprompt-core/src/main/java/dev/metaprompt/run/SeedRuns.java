package dev.metaprompt.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
    }

    /**
     * Reads runs and groups them.
     *
     * @param runs run directories; those that are not finished are left out
     * @return a group for every setting, in the order of {@link RunSetting#order()}
     * @throws dev.metaprompt.InvalidInputException if a record is damaged
     */
    public static List<SeedRuns> of(List<RunDirectory> runs) {
        List<Finished> finished = new ArrayList<>();
        for (RunDirectory run : runs) {
            RunRecord record = run.readRecord();
            if (record.status() == RunStatus.FINISHED && record.results().isPresent()) {
                finished.add(new Finished(run, record));
            }
        }
        finished.sort(Comparator.comparing((Finished run) -> run.record().started())
                .thenComparing(run -> run.record().id()));
        Map<RunSetting, SortedMap<Long, Finished>> groups = new TreeMap<>(RunSetting.order());
        for (Finished run : finished) {
            groups.computeIfAbsent(RunSetting.of(run.record()), s -> new TreeMap<>())
                    .put(run.seed(), run);
        }
        return groups.entrySet().stream()
                .map(group -> new SeedRuns(group.getKey(), group.getValue()))
                .toList();
    }
}
