package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.episode.BatchSampler;
import dev.metaprompt.episode.EpisodeOptions;
import dev.metaprompt.episode.EpisodeSampler;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.method.ContextVectors;
import dev.metaprompt.method.Method;
import dev.metaprompt.train.Sgd;
import dev.metaprompt.train.StepPlan;
import dev.metaprompt.train.StepPlanner;
import dev.metaprompt.train.TrainOptions;
import dev.metaprompt.train.TrainOptions.Schedule;
import dev.metaprompt.train.TrainOptions.Selection;
import dev.metaprompt.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A training that is ready to step: method, parameters, kept features, optimiser. */
final class PreparedTraining implements AutoCloseable {
    static final long SEED = 1;

    private static final double LEARNING_RATE = 0.002;
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 5e-4;

    private final WorkSpec spec;
    private final NDManager manager;
    private final TrainingFeatures features;
    private final StepPlanner planner;
    private final Map<String, NDArray> parameters;
    private final NDArray initialContext;
    private final Sgd optimiser;
    private final Trainer trainer;
    private int steps;

    PreparedTraining(ClipModel model, WorkSpec spec, List<String> names, Path folder) {
        this.spec = spec;
        this.manager = NDManager.newBaseManager(model.device());
        Method method = Methods.create(model, manager, spec, names);
        this.features = features(model, spec, folder);
        this.planner = planner(spec, features);
        this.parameters = method.initialParameters(manager, SEED);
        this.initialContext = parameters.get(ContextVectors.NAME).duplicate();
        this.optimiser = new Sgd(parameters, MOMENTUM, WEIGHT_DECAY, manager);
        this.trainer = new Trainer(method, features, spec.shots(), optimiser);
    }

    /** The few-shot training set by made-up paths, class by class. */
    static List<String> paths(WorkSpec spec) {
        return IntStream.range(0, spec.classes() * spec.shots())
                .mapToObj(i -> "image-" + i)
                .toList();
    }

    /** Reads the kept features that the folder holds. */
    static TrainingFeatures features(ClipModel model, WorkSpec spec, Path folder) {
        return TrainingFeatures.bank(
                new Augmentation(Augmentation.Kind.VIEWS, spec.views()),
                paths(spec),
                (owner, paths, views, progress) -> WorkFiles.features(folder, WorkFiles.BANK, owner),
                model.device(),
                Progress.SILENT);
    }

    static StepPlanner planner(WorkSpec spec, TrainingFeatures features) {
        if (spec.text()) {
            BatchSampler sampler = new BatchSampler(spec.classes() * spec.shots(), spec.batch(), SEED);
            return StepPlanner.batches(sampler, spec.iterations(), features, SEED);
        }
        EpisodeOptions options = new EpisodeOptions(spec.way(), spec.shot(), spec.shots(), spec.tasks(), false);
        EpisodeSampler sampler = new EpisodeSampler(options, spec.classes(), spec.shots(), SEED);
        return StepPlanner.episodes(sampler, spec.iterations(), features, SEED);
    }

    static TrainOptions options(WorkSpec spec) {
        return new TrainOptions(
                spec.epochs(),
                spec.iterations(),
                spec.batch(),
                LEARNING_RATE,
                MOMENTUM,
                WEIGHT_DECAY,
                Schedule.COSINE,
                1,
                1e-5,
                Selection.LAST);
    }

    Map<String, NDArray> parameters() {
        return parameters;
    }

    /** Plans the {@code index}-th step, from 0; after all epochs it begins anew. */
    StepPlan plan(int index) {
        int within = index % (spec.epochs() * spec.iterations());
        return planner.plan(within / spec.iterations(), within % spec.iterations());
    }

    /** Takes the next step; only this is timed. */
    double step() {
        return trainer.step(parameters, plan(steps++), LEARNING_RATE).loss();
    }

    /** Tells how far the context vectors have come. */
    double moved() {
        try (NDArray difference = parameters.get(ContextVectors.NAME).sub(initialContext);
                NDArray length = difference.norm()) {
            return length.getFloat();
        }
    }

    @Override
    public void close() {
        optimiser.close();
        features.close();
        manager.close();
    }
}
