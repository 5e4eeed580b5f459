package dev.metaprompt.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Records for tests. */
public final class Records {
    public static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private Records() {}

    /** A running run with a few values of every kind in its configuration. */
    public static RunRecord running(String id) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", "nano-clip");
        config.put("dataset", "textures");
        config.put("method", "metaprompt");
        config.put("way", 5L);
        config.put("shot", 2L);
        config.put("seed", 9007199254740991L);
        config.put("train.learningRate", 0.002);
        config.put("mlp.residual", true);
        config.put("prompt.init", "a photo of a");
        return running(id, config);
    }

    /** A running run of a configuration. */
    public static RunRecord running(String id, Map<String, Object> config) {
        Map<String, String> origins = new LinkedHashMap<>();
        config.keySet().forEach(key -> origins.put(key, key.equals("way") ? "-Dway" : "default"));
        return new RunRecord(
                id,
                RunStatus.RUNNING,
                START,
                Optional.empty(),
                (String) config.get("method"),
                new RunRecord.Model((String) config.get("model"), "models/nano-clip", "ab12"),
                new RunRecord.DatasetInfo(
                        (String) config.get("dataset"),
                        "data/textures",
                        "split_zhou_Textures.json",
                        "cd34",
                        List.of("banded", "<b>dotted"),
                        List.of("zigzagged"),
                        Map.of("banded", List.of("banded/1.png", "banded/2.png"))),
                config,
                origins,
                new RunRecord.Environment(
                        "0.1.0", "0.35.1", "PyTorch 2.7.1", "17.0.1", "Linux", "cpu", 2, Optional.of("abc123")),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** Writes into a run's record what was read from its model's files. */
    public static void read(RunDirectory run, String reading) {
        try {
            Path file = run.file(RunDirectory.RECORD);
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            json.getAsJsonObject("model").addProperty("reading", reading);
            Files.writeString(file, json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Results with new classes. */
    public static Results results(double base, double newClasses, double harmonicMean) {
        Map<String, Double> perClass = new LinkedHashMap<>();
        perClass.put("banded", 80.0);
        perClass.put("<b>dotted", 60.0);
        perClass.put("zigzagged", newClasses);
        return new Results(
                base,
                OptionalDouble.of(newClasses),
                OptionalDouble.of(harmonicMean),
                OptionalDouble.of(base - 1),
                OptionalDouble.of(newClasses - 1),
                OptionalDouble.of(75.5),
                OptionalDouble.of(66.25),
                OptionalDouble.of(75.5 - base),
                Optional.of(new Results.Episodes(600, 88.5, 0.75)),
                OptionalInt.empty(),
                perClass,
                List.of(
                        zeroShot("a photo of a {}.", 55.1, 60.2, 57.5, perClass),
                        zeroShot("{} texture.", 56.0, 59.5, 57.7, perClass)));
    }

    /** Results without new classes. */
    public static Results baseOnly(double base) {
        OptionalDouble none = OptionalDouble.empty();
        return new Results(
                base,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                Optional.empty(),
                OptionalInt.of(7),
                Map.of("banded", base),
                List.of(new Results.ZeroShot("a photo of a {}.", 55.0, none, none, Map.of())));
    }

    private static Results.ZeroShot zeroShot(
            String template, double base, double newClasses, double harmonicMean, Map<String, Double> perClass) {
        return new Results.ZeroShot(
                template, base, OptionalDouble.of(newClasses), OptionalDouble.of(harmonicMean), perClass);
    }
}
