package dev.metaprompt.hostile;

import dev.metaprompt.app.AppReaders;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.gate.Baseline;
import dev.metaprompt.gate.BaselineFile;
import dev.metaprompt.gate.GateRuns;
import dev.metaprompt.gate.Mixed;
import dev.metaprompt.gate.SampleRuns;
import dev.metaprompt.report.Pictures;
import dev.metaprompt.report.RunReport;
import dev.metaprompt.run.Attempts;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.tracking.ExperimentRecord;
import dev.metaprompt.tracking.TrackingReaders;
import dev.metaprompt.train.Agreement;
import dev.metaprompt.train.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Files of run folders and of experiments. */
final class RunReaders {
    private static final String CELL =
            "{\"experiment\": \"a\", \"experimentId\": \"b\", \"cell\": \"c\", \"coordinates\": {\"way\": \"5\"}}";
    private static final String LINE =
            "{\"step\":1,\"epoch\":1,\"loss\":0.5,\"learningRate\":0.002,\"classes\":[\"a\"]}";
    private static final String ROW = "split,image,label,predicted,probability,labelProbability,zeroShotPredicted\n";
    private static final String TENSORS = "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";

    private static final String ATTEMPT =
            "{\"event\": \"begin\", \"time\": \"2026-01-02T03:04:05Z\", \"host\": \"a\", \"pid\": 1}";

    private RunReaders() {}

    static void addTo(Readers readers) {
        readers.add("record of a run", RunDirectory.RECORD, () -> Contents.json(record()), RunReaders::record);
        readers.add(
                "what a run recorded, gone on with",
                RunDirectory.RECORD,
                () -> Contents.json(record()),
                file -> AppReaders.recorded(RunDirectory.open(file.getParent()).readRecord()));
        readers.add(
                "runs folder",
                "a/" + RunDirectory.RECORD,
                () -> Contents.json(record()),
                file -> RunDirectory.newestFinished(file.getParent().getParent()));
        readers.add("report of a run", RunDirectory.RECORD, () -> Contents.json(record()), RunReaders::report);
        readers.add("lines of a run", RunDirectory.METRICS, RunReaders::lines, JsonLines::read);
        readers.add(
                "lines that a run goes on with",
                RunDirectory.METRICS,
                RunReaders::lines,
                file -> JsonLines.truncate(file, 2000));
        readers.add(
                "predictions",
                RunDirectory.PREDICTIONS,
                () -> Contents.raw(
                        "§,§,§,§,§,§,§\n", ROW + "§\n", ROW + "test,§,§,§,§,§,§\n", ROW + "\"§,§", "\u001b[31m§"),
                Predictions::read);
        readers.add(
                "what cell a run is",
                CellInfo.FILE,
                () -> Contents.json(CELL),
                file -> CellInfo.read(file.getParent()));
        readers.add(
                "plan of an experiment",
                PlanFile.NAME,
                () -> Contents.json(PlanFile.toJson(plan())),
                file -> PlanFile.read(file.getParent()));
        readers.add(
                "lines that are replayed",
                "record/" + RunDirectory.EPISODES,
                RunReaders::begun,
                RunReaders::lines,
                RunReaders::replay);
        readers.add(
                "figures that are replayed",
                "record/" + RunDirectory.METRICS,
                RunReaders::begun,
                RunReaders::lines,
                RunReaders::replay);
        readers.add(
                "tensors that are replayed",
                "record/" + RunDirectory.INITIAL,
                RunReaders::begun,
                () -> Contents.safetensors(TENSORS, 8),
                RunReaders::replay);
        readers.add(
                "how far an experiment is",
                ExperimentRecord.FILE,
                () -> Contents.json(TrackingReaders.experiment()),
                TrackingReaders::experiment);
        readers.add("state of a mirror", TrackingReaders.STATE, List::of, TrackingReaders::state);
        readers.add(
                "another ledger",
                "other/" + Attempts.FILE,
                RunReaders::attempts,
                file -> Attempts.merge(file, RunDirectory.at(file.getParent().getParent())));
        readers.add(
                "a run's own ledger",
                Attempts.FILE,
                root -> Files.writeString(
                        Files.createDirectories(root.resolve("other")).resolve("a"), ATTEMPT + "\n"),
                RunReaders::attempts,
                file -> Attempts.merge(file.resolveSibling("other").resolve("a"), RunDirectory.at(file.getParent())));
        readers.add(
                "baseline of the gate",
                "baseline.json",
                RunReaders::baseline,
                file -> new BaselineFile(file, "baseline.json").read(Set.of()));
        readers.add("texts to encode", "texts.txt", () -> List.of(), AppReaders::encode);
        readers.add(
                "request of the plugin",
                "request.json",
                () -> Contents.json("{\"goal\": \"train\", \"options\": [{\"key\": \"a\", \"value\": \"b\","
                        + " \"layer\": \"USER\", \"origin\": \"c\"}], \"baseDirectory\": \"d\", \"facts\": {\"e\": \"f\"},"
                        + " \"parentPid\": 1, \"port\": 2, \"token\": \"g\"}"),
                AppReaders::request);
    }

    private static List<byte[]> attempts() {
        return Contents.jsonTexts(ATTEMPT).stream()
                .map(line -> Contents.bytes(line + "\n"))
                .toList();
    }

    private static List<byte[]> baseline() throws IOException {
        Path folder = Files.createTempDirectory("baseline");
        new SampleRuns(folder.resolve("runs")).images(8).finished(1, 70, 60);
        Path file = folder.resolve("baseline.json");
        new BaselineFile(file, "baseline.json")
                .write(Baseline.of(
                        GateRuns.read(folder.resolve("runs"), "*", Mixed.REFUSE).groups()));
        return Contents.json(Files.readString(file));
    }

    private static List<byte[]> lines() {
        return Contents.jsonTexts(LINE).stream()
                .map(line -> Contents.bytes(line + "\n"))
                .toList();
    }

    private static Plan plan() {
        return Cells.plan(Cells.cell(1, "way", "5"), Cells.cell(2, "way", "10", "seed", "3"));
    }

    private static String record() throws IOException {
        Path folder = Files.createTempDirectory("record");
        Path file = Files.createFile(folder.resolve(RunDirectory.RECORD));
        RunDirectory directory = RunDirectory.open(folder);
        directory.writeRecord(Records.running("r-5way2shot-s1")
                .finished(Records.START, Records.results(60, 50, 54.5), Map.of("training", 1.5)));
        String text = Files.readString(file);
        Files.delete(file);
        Files.delete(folder);
        return text;
    }

    /** Reads a record, and takes its configuration in all ways. */
    private static void record(Path file) {
        RunRecord record = RunDirectory.open(file.getParent()).readRecord();
        Configuration.builder(file.getParent())
                .commandLine("method", "coop", "-Dmethod")
                .replay(record.id(), record.config(), record.origins());
    }

    private static void report(Path file) {
        RunReport.write(RunDirectory.open(file.getParent()), Pictures.NONE);
    }

    private static void begun(Path root) throws IOException {
        Path replay = Files.createDirectories(root.resolve("replay"));
        for (String name : List.of(RunDirectory.EPISODES, RunDirectory.METRICS)) {
            Files.writeString(replay.resolve(name), LINE + "\n");
            Files.writeString(root.resolve("record").resolve(name), LINE + "\n");
        }
        byte[] tensors = Contents.safetensors(Contents.bytes(TENSORS), 8);
        Files.write(replay.resolve(RunDirectory.INITIAL), tensors);
        Files.write(root.resolve("record").resolve(RunDirectory.INITIAL), tensors);
    }

    private static void replay(Path file) {
        Path root = file.getParent().getParent();
        try (Replay replay =
                new Replay(root.resolve("record"), root.resolve("replay"), true, 10, 10, new Agreement("a"))) {
            replay.requireFiles(List.of(file.getFileName().toString()));
            replay.goesOn();
            replay.end();
        }
    }
}
