package dev.metaprompt.gate;

import java.util.Locale;
import java.util.OptionalDouble;

/** Percent and points as texts: two decimals, a point whatever the country. */
final class Points {
    static final String ABSENT = "–";

    private Points() {}

    static String of(double value) {
        return String.format(Locale.ROOT, "%.2f", value + 0.0).replace('-', '−');
    }

    static String of(OptionalDouble value) {
        return value.isPresent() ? of(value.getAsDouble()) : ABSENT;
    }

    /** With its sign; what rounds to nothing has none. */
    static String signed(double value) {
        String text = of(Math.abs(value));
        return text.equals("0.00") ? text : (value < 0 ? "−" : "+") + text;
    }

    /** Two different values, with as many digits as it takes to see that they differ. */
    static String[] apart(double first, double second) {
        return of(first).equals(of(second))
                ? new String[] {Double.toString(first), Double.toString(second)}
                : new String[] {of(first), of(second)};
    }

    /** A share as a percentage without superfluous digits, for example {@code 95 %}; 100 only if it is all. */
    static String percent(double share) {
        int digits = 2;
        while (share < 1 && digits < 12 && 100 - 100 * share < 0.5 * Math.pow(10, -digits)) {
            digits++;
        }
        String text = String.format(Locale.ROOT, "%." + digits + "f", 100 * share);
        return text.replaceAll("\\.?0+$", "") + " %";
    }
}
