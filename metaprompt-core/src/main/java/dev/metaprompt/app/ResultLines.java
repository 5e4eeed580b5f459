package dev.metaprompt.app;

import dev.metaprompt.evaluate.FinalScores;
import dev.metaprompt.evaluate.SplitScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The last lines of a training or an evaluation, as a person reads them. */
final class ResultLines {
    private ResultLines() {}

    /** One line: base, new, H; zero-shot CLIP by template; the gain over the stronger template. */
    static String scores(FinalScores scores) {
        StringBuilder line = new StringBuilder(learned(scores.learned()));
        List<String> templates = new ArrayList<>();
        scores.zeroShot().forEach((template, clip) -> templates.add("\"" + template + "\" " + slashed(clip)));
        line.append("      zero-shot CLIP ").append(String.join("   ", templates));
        gain(scores).ifPresent(gain -> line.append("      (").append(gain).append(")"));
        return line.toString();
    }

    private static String learned(SplitScores scores) {
        String base = String.format(Locale.ROOT, "base %.1f", scores.base().accuracy());
        return scores.newClasses()
                .map(newClasses -> base
                        + String.format(
                                Locale.ROOT,
                                "   new %.1f   H %.1f",
                                newClasses.accuracy(),
                                scores.harmonicMean().orElseThrow()))
                .orElse(base);
    }

    private static String slashed(SplitScores scores) {
        String base = String.format(Locale.ROOT, "%.1f", scores.base().accuracy());
        return scores.newClasses()
                .map(newClasses -> base
                        + String.format(
                                Locale.ROOT,
                                " / %.1f / %.1f",
                                newClasses.accuracy(),
                                scores.harmonicMean().orElseThrow()))
                .orElse(base);
    }

    // Where there are no new classes, or they cannot be scored, base is compared.
    private static Optional<String> gain(FinalScores scores) {
        boolean both = scores.learned().newClasses().isPresent();
        return scores.zeroShot().values().stream()
                .map(clip ->
                        both ? clip.harmonicMean().orElseThrow() : clip.base().accuracy())
                .max(Double::compare)
                .map(best -> (both
                                ? scores.learned().harmonicMean().orElseThrow()
                                : scores.learned().base().accuracy())
                        - best)
                .map(gain -> String.format(Locale.ROOT, "%+.1f %s", gain, both ? "H" : "base"));
    }
}
