package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.tensor.Scalars;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A linear classifier on frozen image features: how well the images alone separate the base classes. It knows no
 * names, so it cannot score new classes. Rows of its weight are not normalised in training; inference adds no bias,
 * so none is trained.
 */
public final class LinearProbe implements Method {
    private static final String WEIGHT = "probe.weight";
    private final ClipModel model;
    private final int baseClasses;

    /**
     * Creates the method.
     *
     * @param model the frozen model
     * @param baseClasses C
     */
    public LinearProbe(ClipModel model, int baseClasses) {
        this.model = model;
        this.baseClasses = baseClasses;
    }

    @Override
    public Sampling sampling() {
        return Sampling.BATCHES;
    }

    @Override
    public Map<String, NDArray> initialParameters(NDManager manager, long seed) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        parameters.put(
                WEIGHT, manager.zeros(new Shape(baseClasses, model.config().projection())));
        return parameters;
    }

    @Override
    public LossTerms loss(Map<String, NDArray> parameters, StepData data) {
        StepData.Batch batch = (StepData.Batch) data;
        NDArray images = Scalars.mul(batch.images().normalize(2, -1), model.logitScale());
        return BatchLoss.crossEntropy(images.matMul(parameters.get(WEIGHT).transpose()), batch.labels());
    }

    @Override
    public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet classes) {
        return classes == ClassSet.BASE ? Optional.of(parameters.get(WEIGHT).duplicate()) : Optional.empty();
    }
}
