package dev.metaprompt.experiment;

import dev.metaprompt.statistics.PairedTest;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an experiment's figures say of a claim.
 *
 * @param claim the claim
 * @param kind the verdict
 * @param evidence the paired differences; absent without any pair
 * @param adjusted the t test's p-value, adjusted for the number of claims that were judged together (Holm)
 */
public record Verdict(Claim claim, Kind kind, Optional<PairedTest> evidence, OptionalDouble adjusted) {
    /** The verdicts. */
    public enum Kind {
        /** The 95 % interval of the difference lies on the claimed side. */
        HOLDS,
        /** The interval reaches to both sides, or there is none. */
        UNDECIDED,
        /** The interval lies on the other side. */
        REFUTED;

        /** Returns the verdict as people read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Judges by the interval of the paired difference. */
    static Kind kind(Claim claim, Optional<PairedTest> evidence) {
        if (evidence.isEmpty() || evidence.get().difference().low().isEmpty()) {
            return Kind.UNDECIDED;
        }
        double low = evidence.get().difference().low().getAsDouble();
        double high = evidence.get().difference().high().getAsDouble();
        double margin = claim.margin();
        return switch (claim.relation()) {
            case GREATER -> kind(low > margin, high < margin);
            case LESS -> kind(high < -margin, low > -margin);
            case CLOSE -> kind(low > -margin && high < margin, low > margin || high < -margin);
        };
    }

    private static Kind kind(boolean holds, boolean refuted) {
        return holds ? Kind.HOLDS : refuted ? Kind.REFUTED : Kind.UNDECIDED;
    }
}
