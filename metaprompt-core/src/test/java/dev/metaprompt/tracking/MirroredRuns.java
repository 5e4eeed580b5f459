package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Run directories to mirror, and what a server must hold of them. */
final class MirroredRuns {
    private static final int STEPS = 3;

    private MirroredRuns() {}

    /** Writes a run with some epochs that goes on. */
    static RunDirectory running(Path runs, int epochs) throws IOException {
        Path folder = Files.createDirectories(runs.resolve("20260102-030405-metaprompt-textures-5way2shot-s1"));
        Files.writeString(folder.resolve("run.json"), "{}");
        RunDirectory run = RunDirectory.open(folder);
        run.writeRecord(Records.running(run.id()));
        try (JsonLines lines = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            lines.write(
                    Map.of("epoch", -1, "textAccuracy", 50.0, "multimodalAccuracy", 50.0, "gap", 0.0, "seconds", 0.5));
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            addEpoch(run, epoch, 0.25);
        }
        return run;
    }

    /** Appends an epoch, its steps first. */
    static void addEpoch(RunDirectory run, int epoch, double seconds) {
        try (JsonLines metrics = JsonLines.append(run.file(RunDirectory.METRICS));
                JsonLines epochs = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            for (int i = 0; i < STEPS; i++) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("step", epoch * STEPS + i + 1);
                line.put("epoch", epoch);
                line.put("learningRate", 0.002 / 3);
                line.put("loss", 1.0 / (epoch + i + 2));
                line.put("crossEntropy", 0.9 / (epoch + i + 2));
                line.put("klDivergence", 0.1 / (epoch + i + 2));
                metrics.write(line);
            }
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("epoch", epoch);
            line.put("loss", 1.0 / (epoch + 3));
            line.put("textAccuracy", 50 + epoch / 3.0);
            line.put("multimodalAccuracy", 60 + epoch / 7.0);
            line.put("gap", 10 + epoch / 7.0 - epoch / 3.0);
            line.put("seconds", seconds);
            epochs.write(line);
        }
    }

    /** Ends a run with figures that no short decimal number tells. */
    static void finish(RunDirectory run, double base) throws IOException {
        Files.writeString(run.file(RunDirectory.REPORT), "<html>" + base);
        Files.write(run.file(RunDirectory.LEARNED), new byte[] {1, 2, 3, (byte) base});
        Files.writeString(run.file(RunDirectory.PREDICTIONS), "split,image\n");
        RunRecord record = run.readRecord();
        run.writeRecord(record.finished(
                Records.START.plusSeconds(60),
                Records.results(base, 200 / 3.0, 2 * base * 200 / 3.0 / (base + 200 / 3.0)),
                Map.of()));
    }

    static RunDirectory finished(Path runs, int epochs) throws IOException {
        RunDirectory run = running(runs, epochs);
        finish(run, 100 / 7.0 * 5);
        return run;
    }

    /** Holds one active run of the server against the directory: every point once, and nothing beside them. */
    static FakeMlflow.StoredRun assertMirrored(FakeMlflow server, RunDirectory run) throws IOException {
        List<FakeMlflow.StoredRun> active = server.active();
        assertEquals(1, active.size(), "active runs");
        FakeMlflow.StoredRun there = active.get(0);
        List<Point> wanted = EpochMetrics.read(run, run.readRecord(), Long.MAX_VALUE);
        Set<Point> found = new HashSet<>();
        there.metrics.forEach(metric -> found.add(new Point(
                metric.get("key").getAsString(),
                metric.has("step") ? metric.get("step").getAsLong() : 0,
                metric.get("timestamp").getAsLong(),
                metric.get("value").getAsDouble())));
        assertEquals(new HashSet<>(wanted), found);
        assertEquals(wanted.size(), there.metrics.size(), "points");
        assertEquals(run.readRecord().config().size(), there.params.size(), "parameters");
        for (Map.Entry<String, Path> file : RunContent.artifacts(run).entrySet()) {
            assertEquals(Files.size(file.getValue()), there.files.get(file.getKey()).length, file.getKey());
        }
        return there;
    }
}
