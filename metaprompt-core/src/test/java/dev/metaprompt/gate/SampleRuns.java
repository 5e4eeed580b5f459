package dev.metaprompt.gate;

import dev.metaprompt.RandomStream;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.statistics.HarmonicMean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Run directories for tests: a record and predictions that agree. */
public final class SampleRuns {
    private final Path runs;
    private int images = 200;
    private CodeVersion code;
    private int hours;
    private String method = "metaprompt";
    private long way = 5;
    private boolean newClasses = true;
    private String prefix = "";
    private Map<String, Object> more = Map.of();

    /** Runs go into a folder. */
    public SampleRuns(Path runs) {
        this.runs = runs;
    }

    public SampleRuns images(int count) {
        images = count;
        return this;
    }

    public SampleRuns method(String name) {
        method = name;
        return this;
    }

    public SampleRuns way(long number) {
        way = number;
        return this;
    }

    public SampleRuns baseOnly() {
        newClasses = false;
        return this;
    }

    /** Other names for the images. */
    public SampleRuns imagePrefix(String text) {
        prefix = text;
        return this;
    }

    public SampleRuns with(String key, Object value) {
        more = Map.of(key, value);
        return this;
    }

    /** Writes a finished run with about the given accuracies; images' difficulty is the same for all seeds. */
    public RunDirectory finished(long seed, double base, double ofNew) {
        RunDirectory run = directory(seed);
        List<Prediction> rows = new ArrayList<>();
        double realBase = add(rows, "base", seed, base);
        double realNew = newClasses ? add(rows, "new", seed, ofNew) : 0;
        Results results = newClasses
                ? Records.results(realBase, realNew, HarmonicMean.of(realBase, realNew))
                : Records.baseOnly(realBase);
        Predictions.write(run.file(RunDirectory.PREDICTIONS), rows);
        run.writeRecord(record(run, seed).finished(Records.START, results, Map.of()));
        return run;
    }

    /** Writes a run that goes on. */
    public RunDirectory running(long seed) {
        RunDirectory run = directory(seed);
        run.writeRecord(record(run, seed));
        return run;
    }

    private RunDirectory directory(long seed) {
        return RunDirectory.create(runs, method, "textures", (int) way, 2, seed, Records.START);
    }

    /** Runs that follow are of this code, and an hour later than those before. */
    public SampleRuns code(String project, String commit) {
        code = new CodeVersion(project, Optional.ofNullable(commit));
        hours++;
        return this;
    }

    private RunRecord record(RunDirectory run, long seed) {
        RunRecord record = unstamped(run, seed);
        return code == null
                ? record
                : new RunRecord(
                        record.id(),
                        record.status(),
                        record.started().plus(Duration.ofHours(hours)),
                        record.finished(),
                        record.method(),
                        record.model(),
                        record.dataset(),
                        record.config(),
                        record.origins(),
                        record.environment().of(code),
                        record.timings(),
                        record.results(),
                        record.error());
    }

    private RunRecord unstamped(RunDirectory run, long seed) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", "nano-clip");
        config.put("dataset", "textures");
        config.put("method", method);
        config.put("way", way);
        config.put("shot", 2L);
        config.put("seed", seed);
        config.put("train.learningRate", 0.002);
        config.put("mlp.residual", true);
        config.putAll(more);
        RunRecord record = Records.running(run.id(), config);
        if (newClasses) {
            return record;
        }
        RunRecord.DatasetInfo d = record.dataset();
        return new RunRecord(
                record.id(),
                record.status(),
                record.started(),
                record.finished(),
                record.method(),
                record.model(),
                new RunRecord.DatasetInfo(d.name(), d.path(), d.split(), d.sha256(), d.base(), List.of(), d.shots()),
                record.config(),
                record.origins(),
                record.environment(),
                record.timings(),
                record.results(),
                record.error());
    }

    private double add(List<Prediction> rows, String split, long seed, double accuracy) {
        int right = 0;
        for (int i = 0; i < images; i++) {
            double difficulty = RandomStream.of(i, split).nextDouble();
            double luck = RandomStream.of(seed, split, i).nextDouble(-0.1, 0.1);
            boolean correct = difficulty + luck < accuracy / 100;
            right += correct ? 1 : 0;
            rows.add(new Prediction(
                    split,
                    prefix + split + "/" + i + ".png",
                    "dotted",
                    correct ? "dotted" : "banded",
                    0.6,
                    0.4,
                    "dotted"));
        }
        return 100.0 * right / images;
    }

    /** Options with a floor or none. */
    public static GateOptions options(OptionalDouble minHarmonicMean, double tolerance) {
        return new GateOptions(OptionalDouble.empty(), OptionalDouble.empty(), minHarmonicMean, tolerance, 0.95);
    }
}
