package dev.metaprompt.app;

import ai.djl.engine.Engine;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.ModelReading;
import dev.metaprompt.Sha256;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.FinalScores;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Keeps a run's record up to date while it goes on. */
final class RunJournal {
    private final RunDirectory directory;
    private RunRecord record;
    private final boolean begunOnTrust;
    private final Map<String, Double> timings;
    private String phase;
    private long phaseStart;

    private RunJournal(RunDirectory directory, RunRecord record, boolean begunOnTrust) {
        this.directory = directory;
        this.record = record;
        this.begunOnTrust = begunOnTrust;
        this.timings = new LinkedHashMap<>(record.timings());
        directory.writeRecord(record);
    }

    /** Creates the folder of a new run in the runs folder. */
    static RunDirectory newDirectory(Configuration config, Materials materials) {
        return RunDirectory.create(
                Settings.runs(config),
                config.text("method"),
                materials.dataset().name(),
                config.integer("way"),
                config.integer("shot"),
                config.seed(),
                Instant.now());
    }

    static RunJournal begin(
            CommandContext context,
            RunDirectory directory,
            Configuration config,
            Materials materials,
            Compute compute) {
        RunRecord record = new RunRecord(
                directory.id(),
                RunStatus.RUNNING,
                Instant.now(),
                Optional.empty(),
                config.text("method"),
                model(materials),
                dataset(materials).withDraw(CellIdentity.drawFile(config).map(Sha256::hex)),
                config.values("train"),
                config.origins("train"),
                environment(context, compute),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                materials.warnings());
        context.progress().phase("run " + TrainCommand.shown(context.baseDirectory(), directory.path()));
        context.progress().phase(materials.summary());
        return new RunJournal(directory, record, false);
    }

    static RunJournal goOn(CommandContext context, RunDirectory directory, RunRecord record, Materials materials) {
        requireSameModel(record, materials);
        requireSameDataset(record, materials);
        if (!record.dataset().shots().equals(dataset(materials).shots())) {
            throw new InvalidInputException("run " + Quoted.of(record.id()) + " drew other training images than "
                    + materials.dataset().folder() + " gives now. Restore the data set, or start a new run.");
        }
        record.dataset()
                .content()
                .ifPresent(content -> requireSame(
                        "content of the images",
                        content.all(),
                        materials.content(context.progress()).all(),
                        record.id()));
        context.progress().phase("going on with run " + directory.id());
        context.progress().phase(materials.summary());
        // Before its first checkpoint a run has computed nothing that it keeps.
        boolean onTrust = record.dataset().content().isEmpty() && Files.exists(directory.file(RunDirectory.CHECKPOINT));
        if (onTrust) {
            DataContent.tellUnrecorded(context.progress(), "run " + record.id() + " was begun");
        }
        RunRecord running = record.goneOnWith(CodeVersion.of(context.facts())).withWarnings(materials.warnings());
        return new RunJournal(directory, running, onTrust);
    }

    /** Records what the images hold, unless some of the run was computed from others, for all that is known. */
    void images(RunRecord.Content content) {
        if (!begunOnTrust && record.dataset().content().isEmpty()) {
            record = record.withContent(content);
            directory.writeRecord(record);
        }
    }

    /** Compares weights, tokenizer and what is read of the model, wherever it lies now, with those that a run began with. */
    static void requireSameModel(RunRecord record, Materials materials) {
        requireSame("model", record.model().sha256(), materials.modelSha256(), record.id());
        record.model()
                .tokenizerSha256()
                .ifPresent(digest -> requireSame(
                        "tokenizer", digest, materials.model().tokenizer().sha256(), record.id()));
        requireSameReading(record, materials);
    }

    /** Compares what is read from the model's configuration and preprocessing files with what a run began with. */
    static void requireSameReading(RunRecord record, Materials materials) {
        String recorded = record.model().reading().orElse("");
        String found = materials.model().reading();
        if (!ModelReading.agree(recorded, found)) {
            throw new InvalidInputException("run " + Quoted.of(record.id()) + ": model folder "
                    + Quoted.path(materials.model().folder().directory())
                    + ": its configuration or preprocessing files are read otherwise than when the run was made ("
                    + (recorded.isEmpty()
                            ? "by a version that did not heed all of them). Go on with that version"
                            : "digest " + Quoted.of(ModelReading.shown(recorded)) + ", now " + ModelReading.shown(found)
                                    + "). Restore them")
                    + ", or start a new run.");
        }
    }

    /** Compares the lists of images with those that a run began with. */
    static void requireSameDataset(RunRecord record, Materials materials) {
        Dataset dataset = materials.dataset();
        String recorded = record.dataset().sha256();
        if (dataset.olderSplitSha256().filter(recorded::equals).isPresent()) {
            throw new InvalidInputException("run " + Quoted.of(record.id()) + " was started by a version that left out"
                    + " WebP files and images in subfolders of class folders; they count now, so that "
                    + dataset.folder() + " is another data set (digest " + dataset.splitSha256() + " instead of "
                    + recorded + "). Move these images out of the folder, or start a new run.");
        }
        requireSame("dataset", recorded, dataset.splitSha256(), record.id());
    }

    /** Compares what is there now with what a run began with. */
    static void requireSame(String what, String recorded, String found, String run) {
        if (!recorded.equals(found)) {
            throw new InvalidInputException("run " + Quoted.of(run) + " was started with a " + what + " of digest "
                    + Quoted.of(recorded)
                    + "; what is there now has " + found + ". Restore it, or start a new run.");
        }
    }

    private static RunRecord.Model model(Materials materials) {
        return new RunRecord.Model(
                materials.model().folder().name(),
                materials.model().folder().path().toString(),
                materials.modelSha256(),
                Optional.of(materials.model().tokenizer().sha256()),
                Optional.of(materials.model().reading()));
    }

    static RunRecord.DatasetInfo dataset(Materials materials) {
        Map<String, List<String>> shots = new LinkedHashMap<>();
        materials.plan().shots().forEach((name, images) -> shots.put(name, DataPlan.paths(images)));
        return new RunRecord.DatasetInfo(
                materials.dataset().name(),
                materials.dataset().folder().toString(),
                materials.dataset().splitName(),
                materials.dataset().splitSha256(),
                materials.plan().split().base(),
                materials.plan().split().newClasses(),
                shots,
                Optional.empty(),
                materials.dataset().olderSplitSha256(),
                Optional.empty());
    }

    private static RunRecord.Environment environment(CommandContext context, Compute compute) {
        Engine engine = Engine.getInstance();
        CodeVersion code = CodeVersion.of(context.facts());
        return new RunRecord.Environment(
                code.project(),
                Engine.getDjlVersion(),
                engine.getEngineName() + " " + engine.getVersion(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                compute.device().isGpu() ? "gpu:" + compute.device().getDeviceId() : "cpu",
                compute.threads(),
                code.commit());
    }

    RunDirectory directory() {
        return directory;
    }

    /** Begins a phase; its seconds end up in the record. */
    void phase(String name) {
        endPhase();
        phase = name;
        phaseStart = System.nanoTime();
    }

    private void endPhase() {
        if (phase != null) {
            timings.merge(phase, (System.nanoTime() - phaseStart) / 1e9, Double::sum);
            phase = null;
        }
    }

    Results finished(FinalScores scores, EvaluationData data, OptionalInt selectedEpoch) {
        endPhase();
        Predictions.write(directory.file(RunDirectory.PREDICTIONS), ScoreRecords.predictions(scores, data));
        Results results = ScoreRecords.results(scores, data, selectedEpoch);
        record = record.finished(Instant.now(), results, timings);
        directory.writeRecord(record);
        return results;
    }

    void interrupted() {
        endPhase();
        record = record.withTimings(timings).withStatus(RunStatus.INTERRUPTED, Optional.of(Instant.now()));
        directory.writeRecord(record);
    }

    void failed(Throwable fault) {
        endPhase();
        record = record.withTimings(timings).failed(Instant.now(), Quoted.fault(fault));
        try {
            directory.writeRecord(record);
        } catch (RuntimeException e) {
            // The first fault is what the user must hear.
            fault.addSuppressed(e);
        }
    }
}
