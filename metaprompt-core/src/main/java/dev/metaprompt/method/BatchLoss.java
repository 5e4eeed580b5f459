package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.tensor.Scalars;

/** Cross-entropy of a mini-batch. */
final class BatchLoss {
    private BatchLoss() {}

    /**
     * Computes the mean cross-entropy.
     *
     * @param logits [B, C]
     * @param labels [B]
     * @return loss and cross-entropy, which are the same
     */
    static LossTerms crossEntropy(NDArray logits, int[] labels) {
        int classes = (int) logits.getShape().get(1);
        float[] oneHot = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            oneHot[i * classes + labels[i]] = 1;
        }
        NDArray target = logits.getManager().create(oneHot, new Shape(labels.length, classes));
        NDArray loss = Scalars.mul(logits.logSoftmax(-1).mul(target).sum(), -1.0 / labels.length);
        return new LossTerms(loss, loss, null, null);
    }
}
