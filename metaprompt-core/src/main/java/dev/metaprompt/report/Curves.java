package dev.metaprompt.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.report.LineChart.Point;
import dev.metaprompt.report.LineChart.Series;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The course of the training as charts: each figure per epoch, mean over runs that differ in their seed alone, with a
 * band of one standard deviation where there are several.
 */
final class Curves {
    /** More points than a chart can show only make the page large. */
    private static final int MOST_POINTS = 120;

    /** A field of the lines and its name in the legend. */
    private record Field(String key, String name) {}

    private Curves() {}

    /**
     * Returns the paper's Fig. 4: accuracies and gap.
     *
     * @param epochs the lines of {@code epochs.jsonl}, a list a run
     */
    static String accuracies(List<List<JsonObject>> epochs) {
        return new LineChart(
                                "Accuracy",
                                "epoch",
                                "percent",
                                series(
                                        epochs,
                                        new Field("multimodalAccuracy", "multi-modal"),
                                        new Field("textAccuracy", "text"),
                                        new Field("newTextAccuracy", "text, new")))
                        .svg()
                + new LineChart(
                                "Modality gap",
                                "epoch",
                                "points",
                                series(epochs, new Field("gap", "multi-modal − text")))
                        .svg();
    }

    /**
     * Returns loss and learning rate.
     *
     * @param steps the lines of {@code metrics.jsonl}, a list a run
     */
    static String losses(List<List<JsonObject>> steps) {
        return new LineChart(
                                "Loss",
                                "epoch",
                                "mean over steps",
                                series(
                                        steps,
                                        new Field("loss", "loss"),
                                        new Field("crossEntropy", "cross-entropy"),
                                        new Field("klDivergence", "KL divergence")))
                        .svg()
                + new LineChart("Learning rate", "epoch", "", series(steps, new Field("learningRate", "learning rate")))
                        .svg();
    }

    /** Returns a line per field, leaving out those without points. */
    private static List<Series> series(List<List<JsonObject>> runs, Field... fields) {
        return Arrays.stream(fields)
                .map(field -> line(runs, field))
                .filter(series -> !series.points().isEmpty())
                .toList();
    }

    private static Series line(List<List<JsonObject>> runs, Field field) {
        Map<Double, List<Double>> byEpoch = new TreeMap<>();
        for (List<JsonObject> run : runs) {
            perEpoch(run, field.key())
                    .forEach((epoch, value) -> byEpoch.computeIfAbsent(epoch, e -> new ArrayList<>())
                            .add(value));
        }
        List<Point> mean = new ArrayList<>();
        List<Point> low = new ArrayList<>();
        List<Point> high = new ArrayList<>();
        int every = (byEpoch.size() + MOST_POINTS - 1) / Math.max(1, MOST_POINTS);
        int index = 0;
        for (Map.Entry<Double, List<Double>> entry : byEpoch.entrySet()) {
            boolean last = index == byEpoch.size() - 1;
            if (index++ % every == 0 || last) {
                Summary summary = Summary.of(entry.getValue());
                mean.add(new Point(entry.getKey(), summary.mean()));
                summary.standardDeviation().ifPresent(sd -> {
                    low.add(new Point(entry.getKey(), summary.mean() - sd));
                    high.add(0, new Point(entry.getKey(), summary.mean() + sd));
                });
            }
        }
        low.addAll(high);
        return new Series(field.name(), mean, low);
    }

    /** Returns the mean of a field per epoch, over the lines of a run that have it. */
    private static Map<Double, Double> perEpoch(List<JsonObject> lines, String field) {
        Map<Double, double[]> sums = new TreeMap<>();
        for (JsonObject line : lines) {
            OptionalDouble epoch = number(line, "epoch");
            OptionalDouble value = number(line, field);
            if (epoch.isPresent() && value.isPresent()) {
                double[] sum = sums.computeIfAbsent(epoch.getAsDouble(), key -> new double[2]);
                sum[0] += value.getAsDouble();
                sum[1]++;
            }
        }
        Map<Double, Double> means = new TreeMap<>();
        sums.forEach((epoch, sum) -> means.put(epoch, sum[0] / sum[1]));
        return means;
    }

    private static OptionalDouble number(JsonObject line, String field) {
        JsonElement element = line.get(field);
        boolean number = element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isNumber()
                && Double.isFinite(element.getAsDouble());
        return number ? OptionalDouble.of(element.getAsDouble()) : OptionalDouble.empty();
    }
}
