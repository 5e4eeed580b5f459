package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import dev.metaprompt.statistics.Shown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The accuracy of every class, mean over runs, and what it gained over zero-shot CLIP.
 *
 * @param rows base classes first
 * @param zeroShot the rows of zero-shot CLIP; the same for all the runs
 */
record Classes(List<Row> rows, List<ZeroShot> zeroShot) {
    private static final int NAMED = 3;

    /** Below what one image in any test set is, above what rounding of a mean leaves. */
    private static final double TINY = 1e-9;

    /**
     * One class.
     *
     * @param isBase whether it is a base class
     * @param accuracy percent
     * @param gain over the stronger zero-shot template, points; absent where that has no figure
     */
    record Row(String name, boolean isBase, double accuracy, Optional<Double> gain) {}

    /**
     * Summarises runs of one setting.
     *
     * @param runs their results, at least one
     * @param base the base classes
     */
    static Classes of(List<Results> runs, List<String> base) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        runs.forEach(run -> run.perClass()
                .forEach((name, value) ->
                        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value)));
        Optional<ZeroShot> stronger = Figures.stronger(runs.get(0));
        List<Row> rows = new ArrayList<>();
        values.forEach((name, all) -> {
            double mean =
                    all.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            Optional<Double> gain = stronger.map(row -> row.perClass().get(name))
                    .map(before -> Math.abs(mean - before) < TINY ? 0 : mean - before);
            rows.add(new Row(name, base.contains(name), mean, gain));
        });
        return new Classes(List.copyOf(rows), runs.get(0).zeroShot());
    }

    /** Appends which classes gained and lost, a chart and the table; nothing where no class has an accuracy. */
    void append(Html html, List<Prediction> predictions, Optional<ZeroShot> stronger) {
        if (rows.isEmpty()) {
            return;
        }
        List<Row> gained = sorted(-1);
        List<Row> lost = sorted(1);
        stronger.ifPresent(row -> html.paragraph("Against zero-shot CLIP “" + row.template() + "”: "
                + gained.size() + " of " + rows.size() + " classes gained" + most(gained) + "; " + lost.size() + " lost"
                + most(lost) + "."));
        List<Row> base = half(true);
        List<Row> others = half(false);
        html.charts(
                GainChart.svg("Base classes: gain", base, others) + GainChart.svg("New classes: gain", others, base));
        html.open("Every class in figures", false);
        table(html, predictions);
        html.close();
    }

    private List<Row> half(boolean isBase) {
        return rows.stream()
                .filter(row -> row.isBase() == isBase && row.gain().isPresent())
                .sorted(Comparator.comparing(row -> -row.gain().get()))
                .toList();
    }

    /** Returns the classes that gained (-1) or lost (1), the largest change first. */
    private List<Row> sorted(int sign) {
        return rows.stream()
                .filter(row -> row.gain().isPresent() && sign * row.gain().get() < 0)
                .sorted(Comparator.comparing(row -> sign * row.gain().get()))
                .toList();
    }

    private static String most(List<Row> sorted) {
        return sorted.isEmpty()
                ? ""
                : sorted.stream()
                        .limit(NAMED)
                        .map(row -> row.name() + " " + Shown.signed(row.gain().get()))
                        .collect(Collectors.joining(", ", " (most: ", ")"));
    }

    private void table(Html html, List<Prediction> predictions) {
        Map<String, Map<String, Integer>> errors = new TreeMap<>();
        for (Prediction p : predictions) {
            if (!p.predicted().equals(p.label())) {
                errors.computeIfAbsent(p.label(), key -> new TreeMap<>()).merge(p.predicted(), 1, Integer::sum);
            }
        }
        List<String> header = new ArrayList<>(List.of("class", "split", "most often taken for", "learned"));
        zeroShot.forEach(row -> header.add("“" + row.template() + "”"));
        header.add("gain");
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(
                    row.name(),
                    row.isBase() ? "base" : "new",
                    commonest(errors.getOrDefault(row.name(), Map.of())),
                    Shown.one(row.accuracy())));
            zeroShot.forEach(
                    before -> line.add(Optional.ofNullable(before.perClass().get(row.name()))
                            .map(Shown::one)
                            .orElse("–")));
            line.add(row.gain().map(Shown::signed).orElse("–"));
            cells.add(line);
        }
        html.table("Accuracy of every class, percent", header, cells, 3);
    }

    private static String commonest(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<String, Integer>comparingByKey().reversed()))
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .orElse("–");
    }
}
