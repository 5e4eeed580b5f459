package dev.metaprompt.report;

import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.statistics.HarmonicMean;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Finished runs that differ in their seed alone.
 *
 * @param setting what they share
 * @param bySeed one run a seed
 */
record RunGroup(RunSetting setting, Map<Long, RunRecord> bySeed) {
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

    /** Returns the code that computed the runs; several where that differs. */
    List<CodeVersion> codes() {
        return bySeed.values().stream().map(CodeVersion::of).distinct().toList();
    }

    /** Returns the keys, and their values here, in which groups of the same method and data differ. */
    String differences(Collection<RunGroup> all) {
        return setting.differences(all.stream().map(RunGroup::setting).toList());
    }
}
