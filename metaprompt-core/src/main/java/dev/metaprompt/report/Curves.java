package dev.metaprompt.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.report.LineChart.Point;
import dev.metaprompt.report.LineChart.Series;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The course of the training as charts. */
final class Curves {
    private Curves() {}

    /** Appends the charts there is something to draw for. */
    static void append(Html html, RunDirectory run) {
        List<JsonObject> steps = lines(run.file(RunDirectory.METRICS));
        List<JsonObject> epochs = lines(run.file(RunDirectory.EPOCHS));
        List<Series> losses =
                series(steps, Map.of("loss", "loss", "crossEntropy", "cross-entropy", "klDivergence", "KL divergence"));
        List<Series> accuracies = series(
                epochs,
                Map.of(
                        "textAccuracy", "text",
                        "multimodalAccuracy", "multi-modal",
                        "newTextAccuracy", "text, new classes"));
        List<Series> gap = series(epochs, Map.of("gap", "multi-modal − text"));
        List<Series> rate = series(steps, Map.of("learningRate", "learning rate"));
        String charts = new LineChart("Loss per epoch", "epoch", "mean over steps", losses).svg()
                + new LineChart("Accuracy per epoch", "epoch", "percent", accuracies).svg()
                + new LineChart("Modality gap per epoch", "epoch", "points", gap).svg()
                + new LineChart("Learning rate per epoch", "epoch", "", rate).svg();
        if (!charts.isEmpty()) {
            html.heading("Training").raw("<div class=\"charts\">").raw(charts).raw("</div>");
            html.paragraph("Epoch −1 is before training. Accuracies per epoch are on test images of the base classes; "
                    + "those on new classes are for diagnosis only and choose nothing.");
        }
    }

    private static List<JsonObject> lines(Path file) {
        return Files.exists(file) ? JsonLines.read(file) : List.of();
    }

    /** Returns a line per field, in the order of the fields' names, leaving out those without points. */
    private static List<Series> series(List<JsonObject> lines, Map<String, String> fieldsAndNames) {
        List<Series> series = new ArrayList<>();
        new TreeMap<>(fieldsAndNames).forEach((field, name) -> {
            List<Point> points = perEpoch(lines, field);
            if (!points.isEmpty()) {
                series.add(new Series(name, points));
            }
        });
        return series;
    }

    /** Returns the mean of a field per epoch, over the lines that have it. */
    private static List<Point> perEpoch(List<JsonObject> lines, String field) {
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
        return sums.entrySet().stream()
                .map(entry -> new Point(entry.getKey(), entry.getValue()[0] / entry.getValue()[1]))
                .toList();
    }

    private static OptionalDouble number(JsonObject line, String field) {
        JsonElement element = line.get(field);
        boolean number = element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isNumber();
        return number ? OptionalDouble.of(element.getAsDouble()) : OptionalDouble.empty();
    }
}
