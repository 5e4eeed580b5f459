package dev.metaprompt.gate;

import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Bound;
import dev.metaprompt.statistics.Drop;
import dev.metaprompt.statistics.Summary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the gate says of a configuration; figures in percent, means over the seeds.
 *
 * @param label the configuration in a table, for example {@code 5-way 2-shot}
 * @param runs the runs
 * @param base base accuracy
 * @param newClasses new accuracy, where there are new classes
 * @param harmonicMean the mean of the seeds' harmonic means
 * @param harmonicMeanOfMeans the harmonic mean of the mean base and the mean new accuracy
 * @param comparison with the baseline, where there is one to compare with
 * @param reasons why it fails; empty if it passes
 * @param notes what else is to be known
 */
record Verdict(
        String label,
        SeedRuns runs,
        Summary base,
        Optional<Summary> newClasses,
        Optional<Summary> harmonicMean,
        OptionalDouble harmonicMeanOfMeans,
        Optional<Comparison> comparison,
        List<String> reasons,
        List<String> notes) {
    Verdict {
        reasons = List.copyOf(reasons);
        notes = List.copyOf(notes);
    }

    boolean passed() {
        return reasons.isEmpty();
    }

    /**
     * A comparison with the baseline over the seeds that both have.
     *
     * @param figure {@code H} or {@code base}
     * @param baseline the baseline's mean, in percent
     * @param drop how far it fell, in points
     * @param seeds the common seeds
     * @param baseImages how many base test images
     * @param newImages how many new test images; 0 without new classes
     * @param bound this configuration's own, so that the asked confidence holds for all configurations
     * @param codes what computed the baseline: the common seeds of each code
     */
    record Comparison(
            String figure,
            double baseline,
            Drop drop,
            List<Long> seeds,
            int baseImages,
            int newImages,
            Bound bound,
            Map<CodeVersion, List<Long>> codes) {
        Comparison at(Bound own) {
            return new Comparison(figure, baseline, drop, seeds, baseImages, newImages, own, codes);
        }

        /** Half the width of the interval between both one-sided bounds, in points. */
        double halfWidth() {
            return bound.halfWidth(drop);
        }

        double lowerBound() {
            return bound.lowerBound(drop);
        }
    }
}
