package dev.metaprompt.experiment;

import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an experiment's figures say of a claim.
 *
 * @param claim the claim
 * @param kind the verdict
 * @param evidence the paired differences; absent without any pair
 * @param p two-sided p-value of the paired t test against the claim's margin; for a claim of closeness of the less
 *     certain of the two tests against both margins; below 0.05 just where the interval decides (of closeness: where it
 *     holds); absent without spread
 * @param adjusted the p-value adjusted for the number of claims that were judged together (Holm)
 * @param unit the axes whose labels name an independent pair
 * @param basis the cells it was judged on, and those it was judged without
 */
public record Verdict(
        Claim claim,
        Kind kind,
        Optional<PairedTest> evidence,
        OptionalDouble p,
        OptionalDouble adjusted,
        List<String> unit,
        Basis basis) {
    /** Copies the list. */
    public Verdict {
        unit = List.copyOf(unit);
    }

    /** The verdicts. */
    public enum Kind {
        /** The 95 % interval of the difference lies on the claimed side. */
        HOLDS,
        /** The interval reaches to both sides, or there is none. */
        UNDECIDED,
        /** The interval lies on the other side. */
        REFUTED;

        /**
         * Returns the verdict as people read it.
         *
         * @return for example {@code holds}
         */
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

    /** Tests differences against a claim's margin; absent without any, or without spread. */
    static OptionalDouble pValue(Claim claim, double... differences) {
        if (differences.length == 0) {
            return OptionalDouble.empty();
        }
        double margin = claim.margin();
        return switch (claim.relation()) {
            case GREATER -> PairedTest.pStudent(differences, margin);
            case LESS -> PairedTest.pStudent(differences, -margin);
            case CLOSE -> closeness(differences, margin);
        };
    }

    // Two one-sided tests (Schuirmann 1987), doubled so that 0.05 goes with the 95 % interval as for the others.
    private static OptionalDouble closeness(double[] differences, double margin) {
        OptionalDouble low = PairedTest.pStudent(differences, -margin);
        OptionalDouble high = PairedTest.pStudent(differences, margin);
        if (low.isEmpty() || high.isEmpty()) {
            return OptionalDouble.empty();
        }
        double mean = Summary.of(differences).mean();
        double above = mean > -margin ? low.getAsDouble() : 2 - low.getAsDouble();
        double below = mean < margin ? high.getAsDouble() : 2 - high.getAsDouble();
        return OptionalDouble.of(Math.min(1, Math.max(above, below)));
    }

    private static Kind kind(boolean holds, boolean refuted) {
        return holds ? Kind.HOLDS : refuted ? Kind.REFUTED : Kind.UNDECIDED;
    }
}
