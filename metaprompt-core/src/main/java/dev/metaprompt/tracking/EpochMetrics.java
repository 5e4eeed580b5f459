package dev.metaprompt.tracking;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The curves and figures of a run directory as points of metrics: the same directory always gives the same points. */
final class EpochMetrics {
    /** Names on the server by the names in {@code epochs.jsonl}. */
    private static final Map<String, String> OF_EPOCH = Map.of(
            "loss", "loss",
            "textAccuracy", "accuracy_text",
            "multimodalAccuracy", "accuracy_multimodal",
            "gap", "gap");

    /** Names on the server by the names in {@code metrics.jsonl}; an epoch's value is the mean over its steps. */
    private static final Map<String, String> OF_STEPS = Map.of(
            "crossEntropy", "cross_entropy",
            "klDivergence", "kl_divergence",
            "learningRate", "learning_rate");

    private final List<Point> points = new ArrayList<>();
    private long lastEpoch;

    private EpochMetrics() {}

    /**
     * Reads the points of a run.
     *
     * @param epochs how many epochs to read at most, epoch −1 not counted
     */
    static List<Point> read(RunDirectory run, RunRecord record, long epochs) {
        EpochMetrics metrics = new EpochMetrics();
        Map<Long, Map<String, Mean>> steps = metrics.steps(run);
        double seconds = 0;
        for (JsonObject line : lines(run.file(RunDirectory.EPOCHS))) {
            long epoch = line.get("epoch").getAsLong();
            seconds += line.get("seconds").getAsDouble();
            if (epoch < epochs) {
                long time = record.started().toEpochMilli() + Math.round(1000 * seconds);
                metrics.epoch(line, epoch, time, steps.getOrDefault(epoch, Map.of()));
            }
        }
        Instant end = record.finished().orElse(record.started());
        record.results().ifPresent(results -> metrics.results(results, end.toEpochMilli()));
        return metrics.points;
    }

    private static List<JsonObject> lines(Path file) {
        return Files.exists(file) ? JsonLines.read(file) : List.of();
    }

    private static final class Mean {
        private double sum;
        private int count;
        private double last;
        private boolean constant = true;

        void add(double value) {
            constant &= count == 0 || value == last;
            last = value;
            sum += value;
            count++;
        }

        /** The mean of equal values is that value, to the last bit. */
        double value() {
            return constant ? last : sum / count;
        }
    }

    private Map<Long, Map<String, Mean>> steps(RunDirectory run) {
        Map<Long, Map<String, Mean>> means = new LinkedHashMap<>();
        for (JsonObject line : lines(run.file(RunDirectory.METRICS))) {
            Map<String, Mean> ofEpoch =
                    means.computeIfAbsent(line.get("epoch").getAsLong(), e -> new LinkedHashMap<>());
            OF_STEPS.keySet().forEach(name -> {
                JsonElement value = line.get(name);
                if (value != null) {
                    ofEpoch.computeIfAbsent(name, n -> new Mean()).add(value.getAsDouble());
                }
            });
        }
        return means;
    }

    private void epoch(JsonObject line, long epoch, long time, Map<String, Mean> means) {
        lastEpoch = Math.max(lastEpoch, epoch);
        OF_EPOCH.forEach((name, key) -> {
            if (line.has(name)) {
                points.add(new Point(key, epoch, time, line.get(name).getAsDouble()));
            }
        });
        means.forEach((name, mean) -> points.add(new Point(OF_STEPS.get(name), epoch, time, mean.value())));
    }

    private void results(Results results, long time) {
        points.add(new Point("base", lastEpoch, time, results.base()));
        results.newClasses().ifPresent(value -> points.add(new Point("new", lastEpoch, time, value)));
        results.harmonicMean().ifPresent(value -> points.add(new Point("harmonic_mean", lastEpoch, time, value)));
    }
}
