package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.method.LossOptions.Direction;
import dev.metaprompt.method.LossOptions.Reduction;
import dev.metaprompt.tensor.Scalars;

/** The loss of an episode: eq. (4) cross-entropy, eq. (5) divergence to the text-only prediction, eq. (6) their sum. */
final class EpisodicLoss {
    private EpisodicLoss() {}

    /**
     * Computes the mean loss of T tasks.
     *
     * @param options choices of the loss
     * @param scale s, the exponential of CLIP's logit scale
     * @param prototypes p_c [T, N, D]
     * @param text w_c [T, N, D]
     * @param query query features [T, N·Q, D], class by class
     * @param attentionEntropy passed on
     * @return the terms
     */
    static LossTerms of(
            LossOptions options,
            double scale,
            NDArray prototypes,
            NDArray text,
            NDArray query,
            NDArray attentionEntropy) {
        NDArray images = Scalars.mul(query.normalize(2, -1), scale);
        NDArray logMultimodal = logProbabilities(images, prototypes);
        NDArray logText = logProbabilities(images, text);
        NDArray crossEntropy = crossEntropy(logMultimodal);
        NDArray divergence = divergence(options, logMultimodal, logText);
        NDArray loss = crossEntropy.add(Scalars.mul(divergence, options.klWeight()));
        return new LossTerms(loss, crossEntropy, divergence, attentionEntropy);
    }

    private static NDArray logProbabilities(NDArray scaledImages, NDArray classes) {
        return scaledImages.matMul(classes.normalize(2, -1).transpose(0, 2, 1)).logSoftmax(-1);
    }

    // Query images come class by class, so the label of row r is r / Q.
    private static NDArray crossEntropy(NDArray logProbabilities) {
        Shape shape = logProbabilities.getShape();
        int rows = (int) shape.get(1);
        int way = (int) shape.get(2);
        float[] labels = new float[rows * way];
        for (int row = 0; row < rows; row++) {
            labels[row * way + row / (rows / way)] = 1;
        }
        NDManager manager = logProbabilities.getManager();
        NDArray oneHot = manager.create(labels, new Shape(1, rows, way));
        return Scalars.mul(logProbabilities.mul(oneHot).sum(), -1.0 / (shape.get(0) * rows));
    }

    private static NDArray divergence(LossOptions options, NDArray logMultimodal, NDArray logText) {
        Shape shape = logText.getShape();
        NDArray multimodal = options.detachMultimodal() ? logMultimodal.stopGradient() : logMultimodal;
        NDArray p = options.direction() == Direction.MM_TEXT ? multimodal : logText;
        NDArray q = options.direction() == Direction.MM_TEXT ? logText : multimodal;
        long count = shape.get(0) * shape.get(1);
        if (options.reduction() == Reduction.ELEMENT) {
            count *= shape.get(2);
        }
        return Scalars.mul(p.exp().mul(p.sub(q)).sum(), 1.0 / count);
    }
}
