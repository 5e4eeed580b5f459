package dev.metaprompt.run;

import dev.metaprompt.ModelReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return grouped(finished, Known.of(finished));
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
        Known known = Known.of(finished);
        Map<RunSetting, CodeVersion> newest = new HashMap<>();
        finished.forEach(run -> newest.put(known.setting(run.record()), run.code()));
        return grouped(
                finished.stream()
                        .filter(run -> run.code().equals(newest.get(known.setting(run.record()))))
                        .toList(),
                known);
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

    /**
     * What some runs say and older versions did not record: by data without it, what the test images hold, and what was
     * read from the model's files.
     */
    private record Known(Map<RunSetting.Data, Set<String>> contents, Map<RunSetting.Data, Set<String>> readings) {
        static Known of(List<Finished> finished) {
            Known known = new Known(new HashMap<>(), new HashMap<>());
            List<RunSetting.Data> all = finished.stream()
                    .map(run -> RunSetting.of(run.record()).data())
                    .toList();
            all.stream()
                    .filter(data -> !data.testContent().isEmpty())
                    .forEach(data -> known.contents
                            .computeIfAbsent(data.withTestContent("").withReading(""), any -> new HashSet<>())
                            .add(data.testContent()));
            // What earlier versions read otherwise is none of theirs.
            all.stream()
                    .filter(data -> !data.reading().isEmpty() && !ModelReading.isAnew(data.reading()))
                    .forEach(data -> known.readings
                            .computeIfAbsent(known.withContent(data).withReading(""), any -> new HashSet<>())
                            .add(data.reading()));
            return known;
        }

        /** A run that does not say it belongs to those that do, unless there are two kinds of them. */
        RunSetting setting(RunRecord record) {
            RunSetting setting = RunSetting.of(record);
            RunSetting.Data data = withContent(setting.data());
            return setting.with(
                    data.reading().isEmpty()
                            ? only(readings, data).map(data::withReading).orElse(data)
                            : data);
        }

        private RunSetting.Data withContent(RunSetting.Data data) {
            return data.testContent().isEmpty()
                    ? only(contents, data.withReading(""))
                            .map(data::withTestContent)
                            .orElse(data)
                    : data;
        }

        private static Optional<String> only(Map<RunSetting.Data, Set<String>> known, RunSetting.Data data) {
            Set<String> values = known.getOrDefault(data, Set.of());
            return values.size() == 1 ? Optional.of(values.iterator().next()) : Optional.empty();
        }
    }

    private static List<SeedRuns> grouped(List<Finished> finished, Known known) {
        Map<RunSetting, SortedMap<Long, Finished>> groups = new LinkedHashMap<>();
        for (Finished run : finished) {
            groups.computeIfAbsent(known.setting(run.record()), s -> new TreeMap<>())
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
