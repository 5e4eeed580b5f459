package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The confusion matrix of one half of the classes as a heat map: a row a true class, a column a predicted one, the shade
 * the share of the row's images.
 *
 * @param title what it shows
 * @param classes in the order of rows and columns
 * @param counts [true][predicted]
 */
record ConfusionMap(String title, List<String> classes, int[][] counts) {
    /** A map of more classes cannot be read. */
    static final int MOST_CLASSES = 60;

    private static final int CELL = 14;
    private static final int LEFT = 110;
    private static final int TOP = 132;
    private static final int RIGHT = 8;
    private static final int LABEL_LENGTH = 16;
    // Maps of few classes are as large a cell as those of 24.
    private static final int USUAL_WIDTH = 454;
    private static final int LEGEND_STEPS = 5;
    private static final int MISTAKES_IN_WORDS = 10;
    // So that a single image is still seen.
    private static final double FAINTEST = 0.06;

    /** How often one class was taken for another. */
    record Mistake(String label, String predicted, int count) {}

    /** Counts the predictions of a half; classes that occur in predictions alone are kept too. */
    static ConfusionMap of(String title, List<String> order, List<Prediction> predictions) {
        Set<String> names = new LinkedHashSet<>(order);
        predictions.forEach(p -> names.addAll(List.of(p.label(), p.predicted())));
        List<String> classes = new ArrayList<>(names);
        Map<String, Integer> index = new LinkedHashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        int[][] counts = new int[classes.size()][classes.size()];
        predictions.forEach(p -> counts[index.get(p.label())][index.get(p.predicted())]++);
        return new ConfusionMap(title, List.copyOf(classes), counts);
    }

    String svg() {
        int size = classes.size() * CELL;
        int width = Math.max(LEFT + size + RIGHT, USUAL_WIDTH);
        Svg svg = new Svg("map", width, TOP + size + 44, title, words());
        svg.text("title", "start", 4, 16, title);
        svg.rect("frame", LEFT, TOP, size, size);
        for (int row = 0; row < classes.size(); row++) {
            int middle = row * CELL + CELL - 3;
            String name = Svg.fitted(classes.get(row), LABEL_LENGTH);
            svg.text("", "end", LEFT - 5, TOP + middle, name);
            svg.upward(LEFT + middle, TOP - 5, name);
            cells(svg, row);
        }
        legend(svg, TOP + size + 14);
        return svg.toString();
    }

    private String words() {
        int all = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
        int right = IntStream.range(0, counts.length).map(i -> counts[i][i]).sum();
        return right + " of " + all + " are right."
                + mistakes().stream()
                        .limit(MISTAKES_IN_WORDS)
                        .map(m -> " " + m.label() + " taken for " + m.predicted() + ": " + m.count() + ".")
                        .collect(Collectors.joining());
    }

    /** Returns the mistakes that occur, the most frequent first. */
    List<Mistake> mistakes() {
        List<Mistake> mistakes = new ArrayList<>();
        for (int row = 0; row < classes.size(); row++) {
            for (int column = 0; column < classes.size(); column++) {
                if (row != column && counts[row][column] > 0) {
                    mistakes.add(new Mistake(classes.get(row), classes.get(column), counts[row][column]));
                }
            }
        }
        mistakes.sort(Comparator.comparing(mistake -> -mistake.count()));
        return mistakes;
    }

    private void cells(Svg svg, int row) {
        int sum = Math.max(1, Arrays.stream(counts[row]).sum());
        for (int column = 0; column < classes.size(); column++) {
            int count = counts[row][column];
            if (count > 0) {
                cell(svg, LEFT + column * CELL, TOP + row * CELL, (double) count / sum);
                svg.raw("<title>" + Html.escape(classes.get(row) + " taken for " + classes.get(column)) + ": " + count
                        + " of " + sum + "</title></path>");
            }
        }
    }

    private static void legend(Svg svg, int y) {
        svg.text("", "end", LEFT - 5, y + 11, "share of row");
        for (int step = 1; step <= LEGEND_STEPS; step++) {
            cell(svg, LEFT + (step - 1) * 40, y, (double) step / LEGEND_STEPS);
            svg.raw("</path>");
            svg.text("", "start", LEFT + (step - 1) * 40 + CELL + 1, y + 11, 100 * step / LEGEND_STEPS + "");
        }
        svg.text("", "start", LEFT + LEGEND_STEPS * 40, y + 11, "%");
    }

    private static void cell(Svg svg, int x, int y, double share) {
        svg.raw(String.format(
                Locale.ROOT,
                "<path class=\"cell\" d=\"M%d %dh%dv%dh-%dz\" fill-opacity=\"%.2f\">",
                x,
                y,
                CELL - 1,
                CELL - 1,
                CELL - 1,
                Math.max(FAINTEST, share)));
    }
}
