package dev.metaprompt.report;

import com.google.gson.JsonObject;
import dev.metaprompt.report.LineChart.Point;
import dev.metaprompt.report.LineChart.Series;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Summary;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A figure of every epoch, mean over the seeds of a setting, with a band of one standard deviation. */
final class SeedCurves {
    private SeedCurves() {}

    /** Returns the line of a field of {@code epochs.jsonl}; without points where no run has it. */
    static Series of(SeedRuns group, String field, String name) {
        Map<Long, List<Double>> byEpoch = new TreeMap<>();
        for (SeedRuns.Finished run : group.bySeed().values()) {
            var file = run.directory().file(RunDirectory.EPOCHS);
            for (JsonObject line : Files.exists(file) ? JsonLines.read(file) : List.<JsonObject>of()) {
                if (line.has(field) && line.get(field).isJsonPrimitive()) {
                    byEpoch.computeIfAbsent(line.get("epoch").getAsLong(), epoch -> new ArrayList<>())
                            .add(line.get(field).getAsDouble());
                }
            }
        }
        List<Point> mean = new ArrayList<>();
        List<Point> low = new ArrayList<>();
        List<Point> band = new ArrayList<>();
        byEpoch.forEach((epoch, values) -> {
            Summary summary = Summary.of(values);
            mean.add(new Point(epoch, summary.mean()));
            summary.standardDeviation().ifPresent(sd -> {
                low.add(new Point(epoch, summary.mean() - sd));
                band.add(0, new Point(epoch, summary.mean() + sd));
            });
        });
        band.addAll(0, low);
        return new Series(name, mean, band);
    }
}
