package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;

/** The gain over zero-shot CLIP. */
final class Figures {
    private Figures() {}

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
