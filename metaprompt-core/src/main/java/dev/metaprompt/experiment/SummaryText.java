package dev.metaprompt.experiment;

import dev.metaprompt.TextTable;
import java.util.ArrayList;
import java.util.List;

/** A summary's table as a console shows it: not too wide, and not too long. */
final class SummaryText {
    private static final int MOST_ROWS = 40;
    private static final int WIDTH = 120;
    private static final int SHORTEST = 12;

    private SummaryText() {}

    static List<String> lines(ExperimentSummary summary) {
        List<List<String>> rows = SummaryFiles.rows(summary);
        List<List<String>> shown = rows.subList(0, Math.min(MOST_ROWS, rows.size()));
        List<String> lines = new ArrayList<>();
        summary.incomplete().ifPresent(line -> lines.add(line + "."));
        lines.addAll(narrow(summary, shown).text().lines().toList());
        if (shown.size() < rows.size()) {
            lines.add("… " + (rows.size() - shown.size()) + " more in " + SummaryFiles.CSV);
        }
        summary.otherCodeNote().ifPresent(lines::add);
        return lines;
    }

    /** Shortens the groups' names where a line would be wider than a console: to the labels that vary, then by force. */
    private static TextTable narrow(ExperimentSummary summary, List<List<String>> rows) {
        TextTable table = new TextTable(SummaryFiles.HEADER, rows, SummaryFiles.TEXT);
        if (over(table) <= 0) {
            return table;
        }
        List<List<String>> brief = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            brief.add(renamed(rows.get(i), brief(summary.groups().get(i), summary.groups())));
        }
        TextTable shorter = new TextTable(SummaryFiles.HEADER, brief, SummaryFiles.TEXT);
        int longest = brief.stream()
                .mapToInt(row -> TextTable.length(row.get(0)))
                .max()
                .orElse(0);
        int most = Math.max(SHORTEST, longest - Math.max(0, over(shorter)));
        return new TextTable(
                SummaryFiles.HEADER,
                brief.stream().map(row -> renamed(row, cut(row.get(0), most))).toList(),
                SummaryFiles.TEXT);
    }

    private static int over(TextTable table) {
        return table.text().lines().mapToInt(TextTable::length).max().orElse(0) - WIDTH;
    }

    private static List<String> renamed(List<String> row, String name) {
        List<String> renamed = new ArrayList<>(row);
        renamed.set(0, name);
        return renamed;
    }

    private static String brief(ExperimentSummary.Group group, List<ExperimentSummary.Group> all) {
        List<String> labels = new ArrayList<>();
        group.coordinates().forEach((axis, label) -> {
            if (all.stream().anyMatch(other -> !label.equals(other.coordinates().get(axis)))) {
                labels.add(label);
            }
        });
        return labels.isEmpty() ? group.label() : String.join(" ", labels);
    }

    private static String cut(String name, int most) {
        int[] points = name.codePoints().toArray();
        if (points.length <= most) {
            return name;
        }
        int tail = most / 2;
        int head = most - 1 - tail;
        return new String(points, 0, head) + "…" + new String(points, points.length - tail, tail);
    }
}
