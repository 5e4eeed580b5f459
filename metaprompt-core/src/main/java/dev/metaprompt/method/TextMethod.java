package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.tensor.Pass;
import java.util.Map;

/**
 * A method whose loss reads the text features of base classes. The two parts are apart so that the gradient through
 * the text encoder can be computed for some classes at a time.
 */
public interface TextMethod extends Method {
    /**
     * Returns the base classes whose text features a step needs.
     *
     * @param data the step's data
     * @return U indices of base classes, distinct
     */
    int[] textClasses(StepData data);

    /**
     * Encodes base classes; differentiable with respect to the context vectors.
     *
     * @param parameters the trainable tensors
     * @param classes U indices of base classes, distinct
     * @return unnormalised text features [U, D]
     */
    NDArray encode(Map<String, NDArray> parameters, int[] classes);

    /**
     * Encodes base classes for gradients; what comes out is in the engine's graph, the context vectors need not be.
     *
     * @param leaves the trainable tensors, leaves that require a gradient
     * @param classes U indices of base classes, distinct
     * @return the features with their way back to the context vectors
     */
    Pass pass(Map<String, NDArray> leaves, int[] classes);

    /**
     * Computes the loss of a step; differentiable with respect to the parameters and the text features.
     *
     * @param parameters the trainable tensors
     * @param text unnormalised text features [U, D] of {@link #textClasses}
     * @param data the step's data
     * @return the loss and its terms
     */
    LossTerms loss(Map<String, NDArray> parameters, NDArray text, StepData data);

    @Override
    default LossTerms loss(Map<String, NDArray> parameters, StepData data) {
        return loss(parameters, encode(parameters, textClasses(data)), data);
    }
}
