package dev.metaprompt.report;

import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.statistics.HarmonicMean;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/** Whole run directories for tests: predictions drawn by chance, and results that follow from them. */
final class MadeRuns {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private static final int IMAGES_A_CLASS = 6;
    private static final int EPOCHS = 12;

    private final Path folder;
    private int count;

    String model = "nano-clip";
    String dataset = "textures";
    String datasetPath = "data/textures";
    List<String> base = List.of("banded", "dotted", "lined", "woven");
    List<String> newClasses = List.of("pleated", "scaly", "zigzagged");

    MadeRuns(Path folder) {
        this.folder = folder;
    }

    /** Writes a finished run with curves and predictions. */
    RunDirectory finished(String method, long way, long seed, Object... more) {
        RunDirectory run = RunDirectory.create(folder, method, "textures", (int) way, 2, seed, time());
        List<Prediction> predictions = predictions(new Random(31 * way + seed + method.hashCode()));
        Predictions.write(run.file(RunDirectory.PREDICTIONS), predictions);
        curves(run, seed);
        run.writeRecord(record(run.id(), method, way, seed, more)
                .finished(time(), results(predictions), Map.of("training", 1.5)));
        return run;
    }

    /** Writes a run that has not ended. */
    RunDirectory unfinished(String method, long way, long seed) {
        RunDirectory run = RunDirectory.create(folder, method, "textures", (int) way, 2, seed, time());
        run.writeRecord(record(run.id(), method, way, seed));
        return run;
    }

    /** Later runs start later. */
    private Instant time() {
        return START.plusSeconds(60L * count++);
    }

    RunRecord record(String id, String method, long way, long seed, Object... more) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", model);
        config.put("dataset", dataset);
        config.put("method", method);
        config.put("way", way);
        config.put("shot", 2L);
        config.put("seed", seed);
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        Map<String, String> origins = new LinkedHashMap<>();
        config.keySet().forEach(key -> origins.put(key, key.equals("shot") ? "default" : "-Dmetaprompt." + key));
        return new RunRecord(
                id,
                RunStatus.RUNNING,
                time(),
                Optional.empty(),
                method,
                new RunRecord.Model(model, "models/" + model, "ab12".repeat(16)),
                new RunRecord.DatasetInfo(
                        dataset, datasetPath, "split.json", "cd34".repeat(16), base, newClasses, Map.of()),
                config,
                origins,
                new RunRecord.Environment(
                        "0.1.0", "0.35.1", "PyTorch 2.7.1", "17.0.1", "Linux", "cpu", 2, Optional.of("abc123")),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    private List<Prediction> predictions(Random random) {
        List<Prediction> all = new ArrayList<>();
        for (List<String> classes : List.of(base, newClasses)) {
            for (String label : classes) {
                for (int i = 0; i < IMAGES_A_CLASS; i++) {
                    String other = classes.get(random.nextInt(classes.size()));
                    String predicted = random.nextInt(3) > 0 ? label : other;
                    double probability = 0.3 + 0.7 * random.nextDouble();
                    all.add(new Prediction(
                            classes == base ? "base" : "new",
                            label + "/" + i + ".png",
                            label,
                            predicted,
                            probability,
                            predicted.equals(label) ? probability : (1 - probability) / 2,
                            random.nextBoolean() ? label : other));
                }
            }
        }
        return all;
    }

    private Results results(List<Prediction> predictions) {
        double b = accuracy(predictions, "base", "", false);
        OptionalDouble n = newClasses.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(accuracy(predictions, "new", "", false));
        return new Results(
                b,
                n,
                harmonic(b, n),
                OptionalDouble.of(b),
                n,
                OptionalDouble.of(Math.min(100, b + 4)),
                n,
                OptionalDouble.of(4),
                Optional.of(new Results.Episodes(600, 88.5, 0.75)),
                OptionalInt.empty(),
                perClass(predictions, false),
                List.of(zeroShot("a photo of a {}.", predictions), zeroShot("{} texture.", predictions)));
    }

    private Results.ZeroShot zeroShot(String template, List<Prediction> predictions) {
        double b = accuracy(predictions, "base", "", true);
        OptionalDouble n = newClasses.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(accuracy(predictions, "new", "", true));
        return new Results.ZeroShot(template, b, n, harmonic(b, n), perClass(predictions, true));
    }

    private static OptionalDouble harmonic(double b, OptionalDouble n) {
        return n.isPresent() ? OptionalDouble.of(HarmonicMean.of(b, n.getAsDouble())) : n;
    }

    private Map<String, Double> perClass(List<Prediction> predictions, boolean zeroShot) {
        Map<String, Double> perClass = new LinkedHashMap<>();
        base.forEach(name -> perClass.put(name, accuracy(predictions, "base", name, zeroShot)));
        newClasses.forEach(name -> perClass.put(name, accuracy(predictions, "new", name, zeroShot)));
        return perClass;
    }

    private static double accuracy(List<Prediction> all, String split, String label, boolean zeroShot) {
        return 100
                * all.stream()
                        .filter(p -> p.split().equals(split)
                                && (label.isEmpty() || p.label().equals(label)))
                        .mapToInt(p -> (zeroShot ? p.zeroShotPredicted() : p.predicted()).equals(p.label()) ? 1 : 0)
                        .average()
                        .orElse(0);
    }

    private static void curves(RunDirectory run, long seed) {
        try (JsonLines epochs = JsonLines.append(run.file(RunDirectory.EPOCHS));
                JsonLines metrics = JsonLines.append(run.file(RunDirectory.METRICS))) {
            for (int epoch = -1; epoch < EPOCHS; epoch++) {
                double text = 50 + epoch + seed % 7;
                epochs.write(Map.of(
                        "epoch",
                        epoch,
                        "textAccuracy",
                        text,
                        "multimodalAccuracy",
                        text + 12 - epoch,
                        "gap",
                        12.0 - epoch,
                        "newTextAccuracy",
                        60.0 - epoch));
                if (epoch >= 0) {
                    metrics.write(Map.of(
                            "step",
                            epoch + 1,
                            "epoch",
                            epoch,
                            "loss",
                            1.0 / (epoch + 1),
                            "crossEntropy",
                            0.9 / (epoch + 1),
                            "klDivergence",
                            0.1,
                            "learningRate",
                            0.002));
                }
            }
        }
    }
}
