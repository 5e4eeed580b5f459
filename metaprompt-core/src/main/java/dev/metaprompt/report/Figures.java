package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import dev.metaprompt.statistics.Summary;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Figures as texts, and the gain over zero-shot CLIP. */
final class Figures {
    private static final String ABSENT = "–";

    private Figures() {}

    /** One decimal, a point whatever the country. */
    static String one(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String one(OptionalDouble value) {
        return value.isPresent() ? one(value.getAsDouble()) : ABSENT;
    }

    /** Two decimals, as papers print accuracies. */
    static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String two(OptionalDouble value) {
        return value.isPresent() ? two(value.getAsDouble()) : ABSENT;
    }

    /** One decimal with a plus or a true minus. */
    static String signed(double value) {
        String text = String.format(Locale.ROOT, "%+.1f", value);
        return text.equals("-0.0") ? "+0.0" : text.replace('-', '\u2212');
    }

    static String signed(OptionalDouble value) {
        return value.isPresent() ? signed(value.getAsDouble()) : ABSENT;
    }

    /** Mean and half-width; the mean alone of a single value. */
    static String interval(Optional<Summary> summary) {
        return summary.map(s -> one(s.mean())
                        + (s.halfWidth().isPresent() ? " ± " + one(s.halfWidth().getAsDouble()) : ""))
                .orElse(ABSENT);
    }

    /** Returns the stronger of the zero-shot rows: by H where the run has one, else by base. */
    static Optional<ZeroShot> stronger(Results results) {
        boolean both = results.harmonicMean().isPresent();
        return results.zeroShot().stream()
                .max(Comparator.comparingDouble(row -> both ? row.harmonicMean().orElse(row.base()) : row.base()));
    }

    /** Returns the gain in H over the stronger zero-shot row; without new classes the gain in base accuracy. */
    static OptionalDouble gain(Results results) {
        Optional<ZeroShot> stronger = stronger(results);
        if (stronger.isEmpty()) {
            return OptionalDouble.empty();
        }
        ZeroShot row = stronger.get();
        boolean both = results.harmonicMean().isPresent() && row.harmonicMean().isPresent();
        return OptionalDouble.of(
                both
                        ? results.harmonicMean().getAsDouble()
                                - row.harmonicMean().getAsDouble()
                        : results.base() - row.base());
    }

    /** Returns what {@link #gain} is in. */
    static String gainUnit(Results results) {
        return results.harmonicMean().isPresent() ? "H" : "base";
    }
}
