package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.statistics.HarmonicMean;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finished runs that differ in their seed alone.
 *
 * @param setting what they share
 * @param bySeed one run a seed
 */
record RunGroup(Setting setting, Map<Long, RunRecord> bySeed) {
    /** Keys that do not say what is computed: the seed, where things are, and the machine. */
    private static final Set<String> NOT_SETTINGS =
            Set.of("seed", "run", "runs", "cache", "config", "images", "texts", "out", "device", "threads");

    /** The keys that have columns of their own. */
    private static final Set<String> COLUMNS = Set.of("method", "way", "shot", "dataset", "model");

    /**
     * What the runs of a group share.
     *
     * @param data model and classes, the same for every method
     * @param method the method
     * @param config every key but {@link #NOT_SETTINGS}, sorted
     */
    record Setting(Data data, String method, Map<String, Object> config) {
        static Setting of(RunRecord record) {
            Map<String, Object> config = new TreeMap<>(record.config());
            config.keySet().removeAll(NOT_SETTINGS);
            return new Setting(Data.of(record), record.method(), config);
        }

        long number(String key) {
            return config.get(key) instanceof Long number ? number : 0;
        }
    }

    /** The model and the data that figures may be compared on. */
    record Data(
            String dataset,
            String split,
            Object generatorSeed,
            List<String> base,
            List<String> newClasses,
            String model,
            String weights) {
        static Data of(RunRecord record) {
            RunRecord.DatasetInfo d = record.dataset();
            return new Data(
                    d.name(),
                    d.sha256(),
                    record.config().getOrDefault("dataset.seed", ""),
                    d.base(),
                    d.newClasses(),
                    record.model().name(),
                    record.model().sha256());
        }
    }

    Optional<Summary> base() {
        return summary(results -> OptionalDouble.of(results.base()));
    }

    Optional<Summary> newClasses() {
        return summary(Results::newClasses);
    }

    /** Mean of the seeds' harmonic means. */
    Optional<Summary> harmonicMean() {
        return summary(Results::harmonicMean);
    }

    /** Harmonic mean of the mean base and the mean new accuracy. */
    OptionalDouble harmonicMeanOfMeans() {
        return base().isPresent() && newClasses().isPresent()
                ? OptionalDouble.of(
                        HarmonicMean.of(base().get().mean(), newClasses().get().mean()))
                : OptionalDouble.empty();
    }

    /** Summarises a figure over the seeds; nothing if a run lacks it. */
    private Optional<Summary> summary(Function<Results, OptionalDouble> figure) {
        List<Double> values = new ArrayList<>();
        for (RunRecord record : bySeed.values()) {
            OptionalDouble value = figure.apply(record.results().orElseThrow());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.getAsDouble());
        }
        return Optional.of(Summary.of(values));
    }

    /** Returns the keys, and their values here, in which groups of the same method and data differ. */
    String differences(Collection<RunGroup> all) {
        Map<String, String> own = new TreeMap<>();
        for (RunGroup other : all) {
            boolean comparable = other.setting.method().equals(setting.method())
                    && other.setting.data().equals(setting.data());
            if (comparable) {
                addDifferences(other, own);
            }
        }
        return String.join(
                " ",
                own.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    private void addDifferences(RunGroup other, Map<String, String> own) {
        Map<String, Object> union = new TreeMap<>(setting.config());
        union.putAll(other.setting.config());
        union.keySet().removeAll(COLUMNS);
        for (String key : union.keySet()) {
            Object here = setting.config().get(key);
            if (!Objects.equals(here, other.setting.config().get(key))) {
                own.put(key, here == null ? "unset" : here.toString());
            }
        }
    }
}
