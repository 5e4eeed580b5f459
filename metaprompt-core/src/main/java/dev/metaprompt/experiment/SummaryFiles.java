package dev.metaprompt.experiment;

import dev.metaprompt.TextTable;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Csv;
import dev.metaprompt.statistics.HarmonicMean;
import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Shown;
import dev.metaprompt.statistics.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Writes a summary: {@code summary.json} for programs, {@code summary.csv} and {@code summary.md}, the console's text. */
public final class SummaryFiles {
    /** For programs. */
    public static final String JSON = "summary.json";
    /** For spreadsheets, with every digit. */
    public static final String CSV = "summary.csv";
    /** For pages. */
    public static final String MARKDOWN = "summary.md";

    static final List<String> HEADER = List.of(
            "group", "runs", "n", "base", "new", "mean H", "H of means", "gap", "difference of H", "p (t)", "p (W)");
    static final Set<Integer> TEXT = Set.of(0);

    /** Marks what is over units that lack some of their runs. */
    private static final String UNEVEN = "~";

    private SummaryFiles() {}

    /**
     * Writes the three files.
     *
     * @param folder the experiment's folder; exists
     * @param summary what to write
     */
    public static void write(Path folder, ExperimentSummary summary) {
        AtomicFiles.writeText(folder.resolve(JSON), SummaryJson.of(summary));
        AtomicFiles.writeText(folder.resolve(CSV), csv(summary));
        AtomicFiles.writeText(folder.resolve(MARKDOWN), markdown(summary));
    }

    /**
     * Returns the header of the table for people.
     *
     * @return column names, the first over text
     */
    public static List<String> header() {
        return HEADER;
    }

    /**
     * Returns the rows of the table for people: means with half the width of their 95 % interval.
     *
     * @param summary a summary
     * @return a row for each group
     */
    public static List<List<String>> rows(ExperimentSummary summary) {
        return summary.groups().stream().map(group -> row(summary, group)).toList();
    }

    private static List<String> row(ExperimentSummary summary, ExperimentSummary.Group group) {
        PairedTest difference = group.differences().get(Figure.HARMONIC_MEAN);
        Summary h = group.figures().get(Figure.HARMONIC_MEAN);
        return List.of(
                group.label(),
                group.finished()
                        + (group.finished() == group.cells().size()
                                ? ""
                                : "/" + group.cells().size())
                        + (summary.ofOtherCode(group) == 0 ? "" : "*"),
                h == null ? "0" : h.count() + (group.uneven().isEmpty() ? "" : UNEVEN),
                interval(group.figures().get(Figure.BASE)),
                interval(group.figures().get(Figure.NEW)),
                interval(h),
                Shown.one(harmonicMeanOfMeans(group)),
                interval(group.figures().get(Figure.GAP)),
                difference == null
                        ? Shown.ABSENT
                        : signed(difference.difference()) + (group.unevenPairs().isEmpty() ? "" : UNEVEN),
                difference == null ? Shown.ABSENT : p(difference.pStudent()),
                difference == null ? Shown.ABSENT : p(difference.pWilcoxon()));
    }

    static OptionalDouble harmonicMeanOfMeans(ExperimentSummary.Group group) {
        Summary base = group.figures().get(Figure.BASE);
        Summary newClasses = group.figures().get(Figure.NEW);
        return base == null || newClasses == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(HarmonicMean.of(base.mean(), newClasses.mean()));
    }

    private static String interval(Summary summary) {
        return Shown.interval(Optional.ofNullable(summary));
    }

    static String signed(Summary summary) {
        String mean = Shown.signed(summary.mean());
        return summary.halfWidth().isPresent() ? mean + " ± " + Shown.one(summary.halfWidth()) : mean;
    }

    static String p(OptionalDouble value) {
        if (value.isEmpty()) {
            return Shown.ABSENT;
        }
        return value.getAsDouble() < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", value.getAsDouble());
    }

    /**
     * Returns what the table means.
     *
     * @param summary a summary
     * @return whole sentences
     */
    public static String note(ExperimentSummary summary) {
        boolean generated = summary.plan().compare().over().contains("dataset.seed");
        return "Mean ± half the 95 % t interval over n "
                + (generated ? "generator seeds, each the mean of its runs" : "seeds")
                + "; accuracies in percent. Difference of H: to "
                + summary.reference()
                + ", paired, with two-sided p-values of the paired t test and of the Wilcoxon signed-rank test."
                + (isUneven(summary)
                        ? " ~ Some of these units are means of fewer runs than planned, and weigh like the others."
                        : "")
                + summary.otherCodeNote().map(note -> " " + note + ".").orElse("");
    }

    private static boolean isUneven(ExperimentSummary summary) {
        return summary.groups().stream()
                .anyMatch(group ->
                        !group.uneven().isEmpty() || !group.unevenPairs().isEmpty());
    }

    /**
     * Returns the table for the console.
     *
     * @param summary a summary
     * @return lines without line ends, at most 120 characters wide; after 40 groups a last one counts the others
     */
    public static List<String> text(ExperimentSummary summary) {
        return SummaryText.lines(summary);
    }

    /**
     * Returns the table as Markdown, with what it means.
     *
     * @param summary a summary
     * @return lines that each end with a line feed
     */
    public static String markdown(ExperimentSummary summary) {
        StringBuilder page = new StringBuilder();
        summary.incomplete().ifPresent(line -> page.append(line).append(".\n\n"));
        page.append("# " + TextTable.escaped(summary.plan().title()) + "\n\n");
        page.append(new TextTable(HEADER, rows(summary), TEXT).markdown());
        page.append('\n').append(TextTable.escaped(note(summary))).append('\n');
        if (!summary.missing().isEmpty()) {
            page.append("\nWithout figures:\n\n");
            summary.missing()
                    .forEach((cell, reason) -> page.append("- ")
                            .append(TextTable.escaped(cell.label()))
                            .append(": ")
                            .append(TextTable.escaped(reason))
                            .append('\n'));
        }
        if (!summary.otherCode().isEmpty()) {
            page.append("\nOf other code:\n\n");
            summary.otherCode()
                    .forEach((cell, code) -> page.append("- ")
                            .append(TextTable.escaped(cell.label()))
                            .append(": ")
                            .append(TextTable.escaped(code.shown()))
                            .append('\n'));
        }
        return page.toString();
    }

    /**
     * Returns the summary as comma-separated values with every digit: a line for each group and figure, one without
     * a figure for a group that has none.
     *
     * @param summary a summary
     * @return lines that each end with a line feed, the header first; before it, where cells have no figures, one that
     *     begins with {@code #} and says so
     */
    public static String csv(ExperimentSummary summary) {
        StringBuilder csv = new StringBuilder();
        summary.incomplete().ifPresent(line -> csv.append(Csv.line(List.of("# " + line + "."))));
        csv.append(Csv.line(List.of(
                "group",
                "figure",
                "cells",
                "runs",
                "n",
                "mean",
                "standardDeviation",
                "halfWidth",
                "pairs",
                "difference",
                "differenceHalfWidth",
                "pStudent",
                "pWilcoxon",
                "effect",
                "unevenUnits",
                "unevenPairs",
                "otherCode")));
        for (ExperimentSummary.Group group : summary.groups()) {
            if (group.figures().isEmpty()) {
                csv.append(Csv.line(List.of(
                        group.label(),
                        "",
                        "" + group.cells().size(),
                        "0",
                        "0",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "0",
                        "0",
                        "0")));
            }
            group.figures().forEach((figure, value) -> csv.append(Csv.line(csvRow(summary, group, figure, value))));
        }
        return csv.toString();
    }

    private static List<String> csvRow(
            ExperimentSummary summary, ExperimentSummary.Group group, Figure figure, Summary value) {
        List<String> row = new ArrayList<>(List.of(
                group.label(),
                figure.word(),
                String.valueOf(group.cells().size()),
                String.valueOf(group.finished()),
                String.valueOf(value.count()),
                String.valueOf(value.mean()),
                digits(value.standardDeviation()),
                digits(value.halfWidth())));
        PairedTest test = group.differences().get(figure);
        row.addAll(
                test == null
                        ? List.of("", "", "", "", "", "")
                        : List.of(
                                String.valueOf(test.difference().count()),
                                String.valueOf(test.difference().mean()),
                                digits(test.difference().halfWidth()),
                                digits(test.pStudent()),
                                digits(test.pWilcoxon()),
                                digits(test.effect())));
        row.add(String.valueOf(group.uneven().size()));
        row.add(String.valueOf(group.unevenPairs().size()));
        row.add(String.valueOf(summary.ofOtherCode(group)));
        return row;
    }

    private static String digits(OptionalDouble value) {
        return value.isPresent() ? String.valueOf(value.getAsDouble()) : "";
    }
}
