package dev.metaprompt.statistics;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Figures as people read them, in tables and on pages. */
public final class Shown {
    /** What stands where there is no figure. */
    public static final String ABSENT = "–";

    private Shown() {}

    /**
     * Shows a figure.
     *
     * @param value in percent or points
     * @return one decimal, a point whatever the country
     */
    public static String one(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /**
     * Shows a figure that may be absent.
     *
     * @param value in percent or points
     * @return one decimal; a dash where it is absent
     */
    public static String one(OptionalDouble value) {
        return value.isPresent() ? one(value.getAsDouble()) : ABSENT;
    }

    /**
     * Shows a figure as papers print accuracies.
     *
     * @param value in percent
     * @return two decimals
     */
    public static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /**
     * Shows a figure that may be absent as papers print accuracies.
     *
     * @param value in percent
     * @return two decimals; a dash where it is absent
     */
    public static String two(OptionalDouble value) {
        return value.isPresent() ? two(value.getAsDouble()) : ABSENT;
    }

    /**
     * Shows a difference.
     *
     * @param value in points
     * @return one decimal with a plus or a true minus
     */
    public static String signed(double value) {
        String text = String.format(Locale.ROOT, "%+.1f", value);
        return text.equals("-0.0") ? "+0.0" : text.replace('-', '\u2212');
    }

    /**
     * Shows a difference that may be absent.
     *
     * @param value in points
     * @return one decimal with a plus or a true minus; a dash where it is absent
     */
    public static String signed(OptionalDouble value) {
        return value.isPresent() ? signed(value.getAsDouble()) : ABSENT;
    }

    /**
     * Shows a mean with half the width of its 95 % interval.
     *
     * @param summary of values in percent or points
     * @return the mean alone of a single value; a dash where there is none
     */
    public static String interval(Optional<Summary> summary) {
        return summary.map(s -> one(s.mean())
                        + (s.halfWidth().isPresent() ? " ± " + one(s.halfWidth().getAsDouble()) : ""))
                .orElse(ABSENT);
    }
}
