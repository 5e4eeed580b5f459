package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The confusion matrix of one half of the classes as a heat map: a row a true class, a column a predicted one, the shade
 * the share of the row's images.
 *
 * @param title what it shows
 * @param classes in the order of rows and columns
 * @param counts [true][predicted]
 */
record ConfusionMap(String title, List<String> classes, int[][] counts) {
    private static final int CELL = 14;
    private static final int LEFT = 110;
    private static final int TOP = 110;

    /** Counts the predictions of a half; classes that occur on one side alone are kept too. */
    static ConfusionMap of(String title, List<String> order, List<Prediction> predictions) {
        List<String> classes = new ArrayList<>(order);
        Map<String, Integer> index = new TreeMap<>();
        for (Prediction p : predictions) {
            for (String name : List.of(p.label(), p.predicted())) {
                if (!classes.contains(name)) {
                    classes.add(name);
                }
            }
        }
        classes.forEach(name -> index.put(name, index.size()));
        int[][] counts = new int[classes.size()][classes.size()];
        predictions.forEach(p -> counts[index.get(p.label())][index.get(p.predicted())]++);
        return new ConfusionMap(title, List.copyOf(classes), counts);
    }

    String svg() {
        int size = classes.size() * CELL;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>%s</title>\n",
                LEFT + size + 8,
                TOP + size + 8,
                Html.escape(title)));
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"grid\" fill=\"none\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                LEFT,
                TOP,
                size,
                size));
        for (int row = 0; row < classes.size(); row++) {
            labels(svg, row);
            cells(svg, row);
        }
        return svg.append("</svg>").toString();
    }

    private void labels(StringBuilder svg, int i) {
        String name = Html.escape(classes.get(i));
        int middle = i * CELL + CELL - 3;
        svg.append("<text text-anchor=\"end\" x=\"")
                .append(LEFT - 5)
                .append("\" y=\"")
                .append(TOP + middle);
        svg.append("\">").append(name).append("</text>\n");
        svg.append("<text text-anchor=\"start\" transform=\"translate(")
                .append(LEFT + middle)
                .append(' ');
        svg.append(TOP - 5).append(") rotate(-90)\">").append(name).append("</text>\n");
    }

    private void cells(StringBuilder svg, int row) {
        int sum = Math.max(1, java.util.stream.IntStream.of(counts[row]).sum());
        for (int column = 0; column < classes.size(); column++) {
            int count = counts[row][column];
            if (count > 0) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"cell\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\">"
                                + "<title>%s taken for %s: %d of %d</title></rect>\n",
                        LEFT + column * CELL,
                        TOP + row * CELL,
                        CELL - 1,
                        CELL - 1,
                        Math.max(0.06, (double) count / sum),
                        Html.escape(classes.get(row)),
                        Html.escape(classes.get(column)),
                        count,
                        sum));
            }
        }
    }
}
