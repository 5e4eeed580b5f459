package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Holds what a server has of a run against the run's own files. */
final class Mirrored {
    private static final Map<String, String> EPOCH_METRICS = Map.of(
            "loss", "loss",
            "textAccuracy", "accuracy_text",
            "multimodalAccuracy", "accuracy_multimodal",
            "gap", "gap");
    private static final Map<String, String> STEP_METRICS = Map.of(
            "crossEntropy", "cross_entropy",
            "klDivergence", "kl_divergence",
            "learningRate", "learning_rate");
    private static final Map<String, String> RESULTS =
            Map.of("base", "base", "new", "new", "harmonicMean", "harmonic_mean");

    private Mirrored() {}

    /** Asserts that an experiment holds one run, and of that run every value once and to the last bit. */
    static MlflowRest.Run assertOnce(MlflowRest rest, String experiment, Path run) throws Exception {
        List<MlflowRest.Run> there = rest.runs(experiment);
        assertEquals(1, there.size(), "runs of " + experiment);
        assertWhole(rest, there.get(0), run);
        return there.get(0);
    }

    /** Asserts that a run of a server has every value of a finished run's directory once. */
    static void assertWhole(MlflowRest rest, MlflowRest.Run there, Path run) throws Exception {
        JsonObject record = Runs.record(run);
        assertEquals("FINISHED", there.info("status"));
        assertEquals(run.getFileName().toString(), there.tags().get("metaprompt.run_id"));
        assertResults(record, there);
        assertEquals(record.getAsJsonObject("config").keySet(), there.params().keySet());
        List<JsonObject> epochs = lines(run.resolve("epochs.jsonl"));
        for (Map.Entry<String, String> metric : EPOCH_METRICS.entrySet()) {
            List<MlflowRest.Point> wanted = new ArrayList<>();
            for (JsonObject line : epochs) {
                if (line.has(metric.getKey())) {
                    wanted.add(new MlflowRest.Point(
                            line.get("epoch").getAsLong(),
                            line.get(metric.getKey()).getAsDouble()));
                }
            }
            assertEquals(wanted, history(rest, there, metric.getValue()), metric.getValue());
        }
        List<JsonObject> steps = lines(run.resolve("metrics.jsonl"));
        for (Map.Entry<String, String> metric : STEP_METRICS.entrySet()) {
            assertMeans(steps, metric.getKey(), history(rest, there, metric.getValue()), epochs.size() - 1);
        }
        for (String file : List.of("run.json", "report.html", "learned.safetensors", "predictions.csv")) {
            assertArrayEquals(Files.readAllBytes(run.resolve(file)), rest.artifact(there, file), file);
        }
    }

    private static void assertResults(JsonObject record, MlflowRest.Run there) {
        JsonObject results = record.getAsJsonObject("results");
        RESULTS.forEach((key, metric) -> assertEquals(
                Double.doubleToLongBits(results.get(key).getAsDouble()),
                Double.doubleToLongBits(there.metrics().get(metric)),
                metric + " is " + there.metrics().get(metric) + " there and " + results.get(key) + " here"));
        double base = there.metrics().get("base");
        double newClasses = there.metrics().get("new");
        assertEquals(
                2 * base * newClasses / (base + newClasses), there.metrics().get("harmonic_mean"), 1e-12);
    }

    private static void assertMeans(List<JsonObject> steps, String key, List<MlflowRest.Point> points, int epochs) {
        boolean absent = steps.stream().noneMatch(line -> line.has(key));
        assertEquals(absent ? 0 : epochs, points.size(), key);
        for (MlflowRest.Point point : points) {
            double mean = steps.stream()
                    .filter(line -> line.get("epoch").getAsLong() == point.step())
                    .mapToDouble(line -> line.get(key).getAsDouble())
                    .average()
                    .orElseThrow();
            assertTrue(Math.abs(mean - point.value()) <= 1e-12 * Math.abs(mean), key + " of epoch " + point.step());
        }
    }

    private static List<MlflowRest.Point> history(MlflowRest rest, MlflowRest.Run there, String metric)
            throws Exception {
        List<MlflowRest.Point> points = new ArrayList<>(rest.history(there.id(), metric));
        points.sort(Comparator.comparingLong(MlflowRest.Point::step));
        return points;
    }

    private static List<JsonObject> lines(Path file) throws Exception {
        return Files.readAllLines(file).stream()
                .map(JsonParser::parseString)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }
}
