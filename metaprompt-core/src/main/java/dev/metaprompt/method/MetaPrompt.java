package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.SparseFormat;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Pass;
import dev.metaprompt.text.SoftPrompt;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The paper's method: context vectors, cross-attention and MLP, meta-trained on N-way K-shot episodes. At inference
 * only the context vectors and the text encoder remain.
 */
public final class MetaPrompt implements TextMethod {
    private final ClipModel model;
    private final SoftPrompt prompt;
    private final Map<ClassSet, ClassPrompts> classes;
    private final PrototypeKind kind;
    private final MultimodalPrototype module;
    private final LossOptions lossOptions;

    /**
     * Creates the method.
     *
     * @param model the frozen model
     * @param prompt number and initialisation of the context vectors
     * @param classes the prompts of base classes and, where there are any, of new classes
     * @param kind how prototypes are made
     * @param module cross-attention and MLP
     * @param lossOptions choices of the loss
     */
    public MetaPrompt(
            ClipModel model,
            SoftPrompt prompt,
            Map<ClassSet, ClassPrompts> classes,
            PrototypeKind kind,
            MultimodalPrototype module,
            LossOptions lossOptions) {
        this.model = model;
        this.prompt = prompt;
        this.classes = classes;
        this.kind = kind;
        this.module = module;
        this.lossOptions = lossOptions;
    }

    @Override
    public Sampling sampling() {
        return Sampling.EPISODES;
    }

    @Override
    public Map<String, NDArray> initialParameters(NDManager manager, long seed) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        parameters.put(ContextVectors.NAME, ContextVectors.initial(manager, model, prompt, seed));
        if (kind == PrototypeKind.ATTENTION) {
            module.addInitial(parameters, manager, seed);
        }
        return parameters;
    }

    // A class is encoded once a step however many tasks hold it.
    @Override
    public int[] textClasses(StepData data) {
        return ((StepData.Episodes) data)
                .tasks().stream()
                        .flatMapToInt(task -> Arrays.stream(task.classes()))
                        .distinct()
                        .sorted()
                        .toArray();
    }

    @Override
    public NDArray encode(Map<String, NDArray> parameters, int[] some) {
        return classes.get(ClassSet.BASE).encode(parameters.get(ContextVectors.NAME), some);
    }

    @Override
    public Pass pass(Map<String, NDArray> leaves, int[] some) {
        return classes.get(ClassSet.BASE).pass(leaves.get(ContextVectors.NAME), some);
    }

    @Override
    public LossTerms loss(Map<String, NDArray> parameters, NDArray text, StepData data) {
        StepData.Episodes episodes = (StepData.Episodes) data;
        NDArray byTask = byTask(text, textClasses(data), episodes.tasks());
        MultimodalPrototype.Result result = taskPrototypes(parameters, byTask, episodes.support());
        return EpisodicLoss.of(
                lossOptions,
                model.logitScale(),
                result.prototypes(),
                byTask,
                episodes.query(),
                result.attentionEntropy());
    }

    // [U, D] -> [T, N, D]; as an embedding, whose gradient the engine adds up in a fixed order
    private NDArray byTask(NDArray text, int[] unique, List<Task> tasks) {
        int way = tasks.get(0).classes().length;
        long[] rows = tasks.stream()
                .flatMapToInt(task -> Arrays.stream(task.classes()))
                .mapToLong(c -> Arrays.binarySearch(unique, c))
                .toArray();
        return text.getNDArrayInternal()
                .embedding(text.getManager().create(rows), text, SparseFormat.DENSE)
                .singletonOrThrow()
                .reshape(tasks.size(), way, model.config().projection());
    }

    private MultimodalPrototype.Result taskPrototypes(Map<String, NDArray> parameters, NDArray text, NDArray support) {
        return switch (kind) {
            case ATTENTION -> module.forward(parameters, text, support);
            case MEAN -> new MultimodalPrototype.Result(MultimodalPrototype.mean(text, support), null);
            case TEXT -> new MultimodalPrototype.Result(text, null);
        };
    }

    @Override
    public Optional<NDArray> textFeatures(Map<String, NDArray> parameters, ClassSet set) {
        return Optional.ofNullable(classes.get(set))
                .map(prompts -> prompts.encode(parameters.get(ContextVectors.NAME)));
    }

    @Override
    public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet set) {
        return textFeatures(parameters, set).map(features -> features.normalize(2, -1));
    }

    @Override
    public NDArray prototypes(Map<String, NDArray> parameters, NDArray text, NDArray support) {
        return taskPrototypes(parameters, text, support).prototypes().normalize(2, -1);
    }
}
