package dev.metaprompt.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.episode.BatchSampler;
import dev.metaprompt.episode.EpisodeOptions;
import dev.metaprompt.episode.EpisodeSampler;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.method.ClassPrompts;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.CoOp;
import dev.metaprompt.method.CrossAttentionOptions;
import dev.metaprompt.method.LossOptions;
import dev.metaprompt.method.MetaPrompt;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.MlpOptions;
import dev.metaprompt.method.MultimodalPrototype;
import dev.metaprompt.method.PrototypeKind;
import dev.metaprompt.text.SoftPrompt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Steps of a training of the embedded model on features of noise. */
final class NanoTraining implements AutoCloseable {
    static final List<String> CLASSES = List.of("banded", "dotted", "grid", "lined", "polka-dotted", "woven");
    static final int SHOTS = 6;
    private static final int ITERATIONS = 10;
    private static final double LEARNING_RATE = 2e-3;

    final NDManager manager = NDManager.newBaseManager(Device.cpu());
    final ClipModel model;
    final Map<ClassSet, ClassPrompts> prompts;
    final Method method;
    final Map<String, NDArray> parameters;
    final Sgd optimiser;
    private final StepPlanner planner;
    private final TrainingFeatures features;
    private final Trainer trainer;

    private NanoTraining(Path cache, boolean episodes) {
        ModelFolder folder = Models.find(Models.NANO_CLIP, cache, cache);
        model = ClipModel.openLazily(folder, folder.path(), Device.cpu(), DataType.FLOAT32);
        SoftPrompt prompt = SoftPrompt.of(model.tokenizer(), 4, "a photo of a");
        prompts = Map.of(
                ClassSet.BASE,
                new ClassPrompts(
                        manager,
                        model,
                        CLASSES.stream()
                                .map(name -> prompt.tokens(model.tokenizer(), name))
                                .toList()));
        int width = model.config().projection();
        features = features(width);
        method = episodes
                ? new MetaPrompt(model, prompt, prompts, PrototypeKind.ATTENTION, module(width), loss())
                : new CoOp(model, prompt, prompts);
        parameters = method.initialParameters(manager, 1);
        optimiser = new Sgd(parameters, 0.9, 5e-4, manager);
        EpisodeSampler tasks = new EpisodeSampler(new EpisodeOptions(3, 2, SHOTS, 2, false), CLASSES.size(), SHOTS, 1);
        planner = episodes
                ? StepPlanner.episodes(tasks, ITERATIONS, features, 1)
                : StepPlanner.batches(new BatchSampler(CLASSES.size() * SHOTS, 8, 1), ITERATIONS, features, 1);
        trainer = new Trainer(method, features, SHOTS, optimiser);
    }

    static NanoTraining ofMetaPrompt(Path cache) {
        return new NanoTraining(cache, true);
    }

    static NanoTraining ofCoOp(Path cache) {
        return new NanoTraining(cache, false);
    }

    static float[] noise(int count, String name) {
        RandomStream random = RandomStream.of(1, name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static TrainingFeatures features(int width) {
        List<String> paths = IntStream.range(0, CLASSES.size() * SHOTS)
                .mapToObj(i -> "image" + i)
                .toList();
        return TrainingFeatures.bank(
                Augmentation.parse("views:2"),
                paths,
                (manager, wanted, views, progress) ->
                        manager.create(noise(views.length * width, "features"), new Shape(views.length, width)),
                Device.cpu(),
                Progress.SILENT);
    }

    private static MultimodalPrototype module(int width) {
        CrossAttentionOptions attention = new CrossAttentionOptions(
                4,
                CrossAttentionOptions.Scope.CLASS,
                false,
                CrossAttentionOptions.Init.ZERO,
                CrossAttentionOptions.Input.UNIT);
        return new MultimodalPrototype(attention, new MlpOptions(1, true, false), width);
    }

    private static LossOptions loss() {
        return new LossOptions(0.2, LossOptions.Direction.MM_TEXT, LossOptions.Reduction.BATCH, false);
    }

    /** Computes a step, from 0. */
    Trainer.StepResult step(int step) {
        return trainer.step(parameters, planner.plan(step / ITERATIONS, step % ITERATIONS), LEARNING_RATE);
    }

    @Override
    public void close() {
        optimiser.close();
        features.close();
        manager.close();
        model.close();
    }
}
