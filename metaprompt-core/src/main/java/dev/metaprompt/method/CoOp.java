package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.tensor.Pass;
import dev.metaprompt.tensor.Scalars;
import dev.metaprompt.text.SoftPrompt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * CoOp: context vectors alone, cross-entropy over all base classes on mini-batches. Source: Zhou, Yang, Loy, Liu,
 * "Learning to Prompt for Vision-Language Models", IJCV 2022.
 */
public final class CoOp implements TextMethod {
    private final ClipModel model;
    private final SoftPrompt prompt;
    private final Map<ClassSet, ClassPrompts> classes;

    /**
     * Creates the method.
     *
     * @param model the frozen model
     * @param prompt number and initialisation of the context vectors
     * @param classes the prompts of base classes and, where there are any, of new classes
     */
    public CoOp(ClipModel model, SoftPrompt prompt, Map<ClassSet, ClassPrompts> classes) {
        this.model = model;
        this.prompt = prompt;
        this.classes = classes;
    }

    @Override
    public Sampling sampling() {
        return Sampling.BATCHES;
    }

    @Override
    public Map<String, NDArray> initialParameters(NDManager manager, long seed) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        parameters.put(ContextVectors.NAME, ContextVectors.initial(manager, model, prompt, seed));
        return parameters;
    }

    @Override
    public int[] textClasses(StepData data) {
        return classes.get(ClassSet.BASE).all();
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
        StepData.Batch batch = (StepData.Batch) data;
        NDArray images = Scalars.mul(batch.images().normalize(2, -1), model.logitScale());
        return BatchLoss.crossEntropy(images.matMul(text.normalize(2, -1).transpose()), batch.labels());
    }

    @Override
    public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet set) {
        return Optional.ofNullable(classes.get(set))
                .map(prompts ->
                        prompts.encode(parameters.get(ContextVectors.NAME)).normalize(2, -1));
    }
}
