package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.clip.TransformerWeights.Layer;
import dev.metaprompt.tensor.Scalars;
import dev.metaprompt.tensor.Scopes;

/**
 * The forward pass of a pre-norm transformer, as pure functions of weights and input. PyTorch's engine differentiates
 * it; gradients are computed only for what requires them.
 */
final class Transformer {
    private Transformer() {}

    /**
     * Runs all layers.
     *
     * @param weights the weights
     * @param x hidden states [B, L, W]
     * @param mask added to the attention scores, [L, L]; {@code null} for none
     * @return hidden states [B, L, W]
     */
    static NDArray forward(TransformerWeights weights, NDArray x, NDArray mask) {
        for (Layer layer : weights.layers()) {
            NDArray input = x;
            x = Scopes.keeping(() -> layer(weights, layer, input, mask));
        }
        return x;
    }

    private static NDArray layer(TransformerWeights weights, Layer layer, NDArray x, NDArray mask) {
        NDArray attended = x.add(attention(weights, layer, norm(x, layer.norm1(), weights.epsilon()), mask));
        return attended.add(mlp(weights, layer, norm(attended, layer.norm2(), weights.epsilon())));
    }

    /**
     * Normalises the last axis.
     *
     * @param x [..., W]
     * @param affine scale and shift [W]
     * @param epsilon added to the variance
     * @return [..., W]
     */
    static NDArray norm(NDArray x, Affine affine, float epsilon) {
        Shape width = affine.weight().getShape();
        return x.getNDArrayInternal()
                .layerNorm(x, width, affine.weight(), affine.bias(), epsilon)
                .singletonOrThrow();
    }

    static NDArray linear(NDArray x, Affine affine) {
        return x.getNDArrayInternal().linear(x, affine.weight(), affine.bias()).singletonOrThrow();
    }

    private static NDArray attention(TransformerWeights weights, Layer layer, NDArray x, NDArray mask) {
        long batch = x.getShape().get(0);
        long length = x.getShape().get(1);
        long width = x.getShape().get(2);
        long heads = weights.heads();
        // [B, L, 3W] -> [B, L, 3, heads, W/heads] -> three of [B, heads, L, W/heads]
        NDArray split = linear(x, layer.queryKeyValue())
                .reshape(batch, length, 3, heads, width / heads)
                .transpose(2, 0, 3, 1, 4);
        NDList parts = split.split(3, 0);
        NDArray query = Scalars.mul(parts.get(0).squeeze(0), Math.sqrt((double) heads / width));
        NDArray key = parts.get(1).squeeze(0);
        NDArray value = parts.get(2).squeeze(0);
        NDArray scores = query.matMul(key.transpose(0, 1, 3, 2));
        if (mask != null) {
            scores = scores.add(mask);
        }
        NDArray mixed = scores.softmax(-1).matMul(value);
        return linear(mixed.transpose(0, 2, 1, 3).reshape(batch, length, width), layer.output());
    }

    static NDArray mlp(TransformerWeights weights, Layer layer, NDArray x) {
        NDArray hidden = linear(x, layer.hidden());
        NDArray active =
                switch (weights.activation()) {
                    case QUICK_GELU -> hidden.mul(ai.djl.nn.Activation.sigmoid(Scalars.mul(hidden, 1.702)));
                    case GELU -> hidden.getNDArrayInternal().gelu();
                };
        return linear(active, layer.back());
    }
}
