package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;

/**
 * The loss of a step with the terms it is made of, each a single value.
 *
 * @param loss what is differentiated
 * @param crossEntropy eq. (4); equals the loss for methods without other terms
 * @param klDivergence eq. (5); {@code null} where the method has none
 * @param attentionEntropy mean entropy of the attention over supports in nats; {@code null} where there is none
 */
public record LossTerms(NDArray loss, NDArray crossEntropy, NDArray klDivergence, NDArray attentionEntropy) {}
