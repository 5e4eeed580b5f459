package dev.metaprompt.app;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.CrossChecks;
import dev.metaprompt.episode.BatchSampler;
import dev.metaprompt.episode.EpisodeSampler;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.Evaluator;
import dev.metaprompt.evaluate.FinalScores;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.method.Method;
import dev.metaprompt.report.ResultLine;
import dev.metaprompt.report.RunReport;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.tracking.TrackingServer;
import dev.metaprompt.train.StepPlanner;
import dev.metaprompt.train.TrainOptions;
import dev.metaprompt.train.Training;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** The goal {@code train}: one configuration, from its draw to its report. */
final class TrainCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration asked = Settings.withoutModel(context);
        Optional<String> resumed = asked.optional("run");
        if (resumed.isEmpty()) {
            start(context, Settings.resolve(context));
        } else {
            goOn(context, RunDirectory.find(Settings.runs(asked), context.baseDirectory(), resumed.get()));
        }
    }

    private void start(CommandContext context, Configuration asked) {
        Optional<TrackingServer> server = Tracking.server(asked);
        Compute compute = Compute.of(asked);
        try (Materials materials = Materials.open(asked, compute, context.progress())) {
            Configuration config = resolveAutomatic(asked, materials, compute);
            Prepared prepared = prepare(config, materials);
            RunDirectory directory = RunJournal.newDirectory(config, materials);
            try (RunLock lock = directory.lock()) {
                RunJournal journal = RunJournal.begin(context, directory, config, materials, compute);
                train(context, config, materials, prepared, journal, server);
            }
        }
    }

    /** Computes the run of a given folder, whose lock the caller holds, from its start. */
    void startIn(CommandContext context, RunDirectory directory, Configuration asked, Consumer<Materials> check) {
        Optional<TrackingServer> server = Tracking.server(asked);
        Compute compute = Compute.of(asked);
        try (Materials materials = Materials.open(asked, compute, context.progress())) {
            check.accept(materials);
            Configuration config = resolveAutomatic(asked, materials, compute);
            Prepared prepared = prepare(config, materials);
            RunJournal journal = RunJournal.begin(context, directory, config, materials, compute);
            train(context, config, materials, prepared, journal, server);
        }
    }

    private void goOn(CommandContext context, RunDirectory directory) {
        try (RunLock lock = directory.lock()) {
            goOnLocked(context, directory, materials -> {});
        }
    }

    /** Computes the rest of a run, whose lock the caller holds. */
    void goOnLocked(CommandContext context, RunDirectory directory, Consumer<Materials> check) {
        RunRecord record = directory.readRecord();
        Configuration config = Settings.resume(context, record);
        Optional<TrackingServer> server = Tracking.server(config);
        if (record.status() == RunStatus.FINISHED) {
            Path report = directory.file(RunDirectory.REPORT);
            if (!Files.exists(report)) {
                RunReport.write(directory, Settings.pictures(context));
            }
            context.result(List.of("run " + directory.id() + " is finished; nothing to do.  report " + report));
            return;
        }
        directory.deleteLeftovers();
        Compute compute = Compute.of(config);
        try (Materials materials = Materials.open(config, compute, context.progress())) {
            check.accept(materials);
            Prepared prepared = prepare(config, materials);
            RunJournal journal = RunJournal.goOn(context, directory, record, materials);
            train(context, config, materials, prepared, journal, server);
        }
    }

    /** What can be wrong with prompts and options is found while this is made, before a run exists. */
    record Prepared(MethodFactory factory, Method method, Map<String, NDArray> parameters) {}

    static Prepared prepare(Configuration config, Materials materials) {
        MethodFactory factory =
                new MethodFactory(config, materials.model(), materials.plan().split(), materials.manager());
        Method method = factory.create();
        boolean bestOnValidation = OptionRecords.train(config).select() == TrainOptions.Selection.BEST_VAL;
        if (bestOnValidation && materials.plan().validation().isEmpty()) {
            throw new InvalidInputException(config.describe("train.select") + " but "
                    + Quoted.of(materials.dataset().splitName()) + " has no validation images of base classes."
                    + " Use train.select=last, or a split with a val list.");
        }
        return new Prepared(factory, method, method.initialParameters(materials.manager(), config.seed()));
    }

    private static Configuration resolveAutomatic(Configuration config, Materials materials, Compute compute) {
        int heads = CrossChecks.heads(config, materials.model().config().projection());
        int baseClasses = materials.plan().split().base().size();
        if (config.text("method").equals("metaprompt")) {
            CrossChecks.checkWay(config, baseClasses);
        }
        Configuration settled = Activations.settled(config, materials.model().folder());
        Configuration resolved = ColorOrders.with(materials.colorOrder(), "feature pack", settled)
                .with("threads", compute.threads(), automatic(config, "threads"))
                .with("crossAttention.heads", heads, automatic(config, "crossAttention.heads"))
                .with(
                        "device",
                        compute.device().isGpu() ? "gpu:" + compute.device().getDeviceId() : "cpu",
                        automatic(config, "device"))
                .with("cache", Settings.cache(config).toString(), automatic(config, "cache"))
                .with("feature.precision", materials.features().precision().word(), precisionOrigin(config, materials));
        if (config.autoInteger("train.iterations").isPresent()) {
            return resolved;
        }
        int iterations = new BatchSampler(materials.plan().train().size(), config.integer("train.batch"), config.seed())
                .iterations();
        return resolved.with("train.iterations", iterations, automatic(config, "train.iterations"));
    }

    // A pack that holds fp16 decides the precision, unless the user did.
    private static String precisionOrigin(Configuration config, Materials materials) {
        boolean same = config.text("feature.precision")
                .equals(materials.features().precision().word());
        return same ? config.origin("feature.precision") : "feature pack";
    }

    private static String automatic(Configuration config, String key) {
        boolean chosen = config.value(key).map(value -> value.equals("auto")).orElse(true);
        return chosen ? "automatic" : config.origin(key);
    }

    private void train(
            CommandContext context,
            Configuration config,
            Materials materials,
            Prepared prepared,
            RunJournal journal,
            Optional<TrackingServer> server) {
        Tracking tracking = Tracking.begin(context, config, server, journal.directory());
        Optional<Results> results;
        try {
            results = attempt(context, config, materials, prepared, journal, tracking);
        } catch (CancellationException e) {
            results = Optional.empty();
        } catch (RuntimeException | Error e) {
            journal.failed(e);
            tracking.end(context);
            throw e;
        }
        if (results.isPresent()) {
            Path report = RunReport.write(journal.directory(), Settings.pictures(context));
            tracking.end(context);
            tell(context, journal, results.get(), report);
        } else {
            journal.interrupted();
            tracking.end(context);
            context.progress()
                    .phase("interrupted; go on with -Dmetaprompt.run="
                            + journal.directory().id());
        }
    }

    // Empty when it was interrupted.
    private Optional<Results> attempt(
            CommandContext context,
            Configuration config,
            Materials materials,
            Prepared prepared,
            RunJournal journal,
            Tracking tracking) {
        journal.phase("features");
        journal.images(materials.content(context.progress()));
        try (TrainingFeatures features = trainingFeatures(context, config, materials)) {
            EvaluationData data = materials.evaluationData(context.progress());
            Training training =
                    training(journal.directory().path(), config, materials, prepared.method(), features, data);
            journal.phase("training");
            Training.Outcome outcome = training.run(
                    prepared.parameters(),
                    materials.manager(),
                    tracking.watching(context.progress()),
                    context::interrupted);
            if (outcome.end() == Training.End.INTERRUPTED) {
                return Optional.empty();
            }
            journal.phase("evaluation");
            FinalScores scores = prepared.factory()
                    .evaluation(prepared.method(), materials.dataset().template(), data)
                    .run(prepared.parameters());
            return Optional.of(journal.finished(scores, data, outcome.selectedEpoch()));
        }
    }

    /** The training that a configuration asks for, written into a folder. */
    static Training training(
            Path folder,
            Configuration config,
            Materials materials,
            Method method,
            TrainingFeatures features,
            EvaluationData data) {
        return new Training(
                folder,
                method,
                OptionRecords.train(config),
                planner(config, method, materials, features),
                features,
                DataPlan.paths(materials.plan().train()),
                DataPlan.classNames(materials.plan().train()),
                config.integer("dataset.shots"),
                data,
                new Evaluator(method, materials.model().logitScale(), config.integer("shot"), config.seed()),
                config.seed());
    }

    static TrainingFeatures trainingFeatures(CommandContext context, Configuration config, Materials materials) {
        Augmentation augmentation = config.text("method").equals("clip")
                ? Augmentation.parse("none")
                : Augmentation.parse(config.text("augment"));
        return materials.trainingFeatures(augmentation, context.progress());
    }

    private static StepPlanner planner(
            Configuration config, Method method, Materials materials, TrainingFeatures features) {
        int shots = config.integer("dataset.shots");
        if (method.sampling() == Method.Sampling.EPISODES) {
            EpisodeSampler sampler = new EpisodeSampler(
                    OptionRecords.episode(config),
                    materials.plan().split().base().size(),
                    shots,
                    config.seed());
            return StepPlanner.episodes(sampler, config.integer("train.iterations"), features, config.seed());
        }
        BatchSampler sampler =
                new BatchSampler(materials.plan().train().size(), config.integer("train.batch"), config.seed());
        return StepPlanner.batches(sampler, config.integer("train.iterations"), features, config.seed());
    }

    private static void tell(CommandContext context, RunJournal journal, Results results, Path report) {
        Path base = context.baseDirectory();
        context.result(List.of(
                ResultLine.of(results),
                "run " + shown(base, journal.directory().path()) + "        report " + shown(base, report)));
    }

    /** A path as a person reads it: relative where it lies below the directory Maven was started in. */
    static Path shown(Path base, Path path) {
        return path.startsWith(base) ? base.relativize(path) : path;
    }
}
