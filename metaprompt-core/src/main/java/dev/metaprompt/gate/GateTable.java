package dev.metaprompt.gate;

import dev.metaprompt.gate.Verdict.Comparison;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The console's table: a line a configuration. */
final class GateTable {
    private static final int VERDICT = 7;

    private GateTable() {}

    static List<String> lines(GateResult result) {
        boolean compares = result.baseline().isPresent();
        List<String[]> rows = new ArrayList<>();
        rows.add(header(result));
        if (result.options().hasFloor()) {
            GateOptions o = result.options();
            rows.add(row("floor", Points.of(o.minBase()), Points.of(o.minNew()), Points.of(o.minHarmonicMean())));
        }
        result.verdicts().forEach(verdict -> rows.add(row(verdict, result.options(), compares)));
        result.unchecked().forEach(each -> {
            String[] row = row(each.label(), Points.ABSENT, Points.ABSENT, Points.ABSENT);
            row[VERDICT] = "FAILED";
            rows.add(row);
        });
        return rows.stream().map(row -> line(row, rows, compares)).toList();
    }

    private static String[] header(GateResult result) {
        boolean harmonic =
                result.verdicts().stream().anyMatch(v -> v.harmonicMean().isPresent());
        return new String[] {"", "base", "new", "H", harmonic ? "baseline H" : "baseline base", "change", "allowed", ""
        };
    }

    private static String[] row(String label, String base, String ofNew, String harmonicMean) {
        return new String[] {label, base, ofNew, harmonicMean, "", "", "", ""};
    }

    private static String[] row(Verdict verdict, GateOptions options, boolean compares) {
        String[] row = row(
                verdict.label(),
                Points.of(verdict.base().mean()),
                mean(verdict.newClasses()),
                mean(verdict.harmonicMean()));
        if (compares) {
            Optional<Comparison> comparison = verdict.comparison();
            row[4] = comparison.map(c -> Points.of(c.baseline())).orElse(Points.ABSENT);
            row[5] = comparison
                    .map(c -> Points.signed(-c.drop().estimate()) + " ±" + Points.of(c.halfWidth()))
                    .orElse(Points.ABSENT);
            row[6] = "≥ " + Points.signed(-options.tolerance());
        }
        row[VERDICT] = verdict.passed() ? "ok" : "FAILED";
        return row;
    }

    private static String mean(Optional<Summary> summary) {
        return summary.map(s -> Points.of(s.mean())).orElse(Points.ABSENT);
    }

    private static String line(String[] row, List<String[]> rows, boolean compares) {
        int[] gaps = {1, 4, 2, 2, compares ? 4 : 0, compares ? 3 : 0, compares ? 3 : 0, 5};
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.length; column++) {
            if (!compares && column >= 4 && column < VERDICT) {
                continue;
            }
            int here = column;
            int width = rows.stream().mapToInt(r -> length(r[here])).max().orElse(0);
            String spaces = " ".repeat(width - length(row[column]));
            boolean left = column == 0 || column == VERDICT;
            line.append(" ".repeat(gaps[column])).append(left ? row[column] + spaces : spaces + row[column]);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
