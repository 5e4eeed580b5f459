package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.Shown;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The line a training ends with. */
public final class ResultLine {
    private ResultLine() {}

    /**
     * Returns base, new and H beside those of zero-shot CLIP and the gain over the stronger template.
     *
     * @param results a run's figures
     * @return one line, for example <code>base 71.3   new 58.9   H 64.5      zero-shot CLIP "{} texture." 56.0 / 59.1 /
     *     57.5      (+7.0 H)</code>; without new classes new, H and their zero-shot figures are left out
     */
    public static String of(Results results) {
        String learned = "base " + Shown.one(results.base())
                + part("   new ", results.newClasses())
                + part("   H ", results.harmonicMean());
        if (results.zeroShot().isEmpty()) {
            return learned;
        }
        String zeroShot = results.zeroShot().stream().map(ResultLine::zeroShot).collect(Collectors.joining("   "));
        // A hyphen: a console need not know the minus sign.
        String gain = Shown.signed(Figures.gain(results)).replace('\u2212', '-') + " " + Figures.gainUnit(results);
        return String.format(Locale.ROOT, "%s      zero-shot CLIP %s      (%s)", learned, zeroShot, gain);
    }

    private static String zeroShot(Results.ZeroShot row) {
        return "\"" + row.template() + "\" " + Shown.one(row.base())
                + part(" / ", row.newClasses())
                + part(" / ", row.harmonicMean());
    }

    private static String part(String prefix, OptionalDouble value) {
        return value.isPresent() ? prefix + Shown.one(value) : "";
    }
}
