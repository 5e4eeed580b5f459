package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;

/** What is trained, the loss, and the classifier that comes out. Stateless: parameters are passed in. */
public interface Method {
    /** How training data are drawn. */
    enum Sampling {
        /** N-way K-shot tasks. */
        EPISODES,
        /** Mini-batches over all base classes. */
        BATCHES,
        /** Nothing is trained. */
        NONE
    }

    /**
     * Returns how training data are drawn.
     *
     * @return the kind of sampling
     */
    Sampling sampling();

    /**
     * Makes the trainable tensors as they are before the first step.
     *
     * @param manager owner of the tensors
     * @param seed the run's seed
     * @return tensors by their names in {@code learned.safetensors}, in a fixed order
     */
    Map<String, NDArray> initialParameters(NDManager manager, long seed);

    /**
     * Computes the loss of a step; differentiable with respect to the parameters.
     *
     * @param parameters the trainable tensors
     * @param data of the kind that {@link #sampling()} says
     * @return the loss and its terms
     */
    LossTerms loss(Map<String, NDArray> parameters, StepData data);

    /**
     * Returns the classifier used at inference.
     *
     * @param parameters the trainable tensors
     * @param classes which classes
     * @return rows [C, D], unit for text: logits are s · unit image feature times these; empty if the method cannot
     *     score these classes
     */
    Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet classes);

    /**
     * Returns the text features from which multi-modal prototypes are made. Brought to unit length they are the
     * {@link #classifier}, so that whoever wants both encodes once.
     *
     * @param parameters the trainable tensors
     * @param classes which classes
     * @return unnormalised [C, D]; empty for methods without prototypes
     */
    default Optional<NDArray> textFeatures(Map<String, NDArray> parameters, ClassSet classes) {
        return Optional.empty();
    }

    /**
     * Returns multi-modal prototypes for the classes of T tasks of which labelled supports are at hand.
     *
     * @param parameters the trainable tensors
     * @param text unnormalised text features [T, N, D], rows of {@link #textFeatures}
     * @param support unnormalised image features [T, N, K, D]
     * @return unit prototypes [T, N, D]
     * @throws UnsupportedOperationException for methods without prototypes
     */
    default NDArray prototypes(Map<String, NDArray> parameters, NDArray text, NDArray support) {
        throw new UnsupportedOperationException("this method has no prototypes");
    }
}
