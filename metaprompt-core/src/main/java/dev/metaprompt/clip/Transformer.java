package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.clip.TransformerWeights.Layer;
import dev.metaprompt.tensor.Scalars;
import dev.metaprompt.tensor.Scopes;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The layers of a pre-norm transformer in DJL's own operations. PyTorch's engine differentiates them, with respect to
 * weights too: what pretraining needs. Frozen layers run faster as scripts: {@link FrozenTextLayers}, {@link
 * FrozenImageTower}.
 *
 * @param weights the weights
 */
record Transformer(TransformerWeights weights) {
    /**
     * Runs all layers; every token sees every token.
     *
     * @param x hidden states [B, L, W]
     * @return hidden states [B, L, W]
     */
    NDArray open(NDArray x) {
        return forward(x, null);
    }

    /**
     * Runs all layers; a token sees itself and what is before it.
     *
     * @param x hidden states [B, L, W]
     * @return hidden states [B, L, W]
     */
    NDArray causal(NDArray x) {
        return forward(x, causalMask(x.getManager(), (int) x.getShape().get(1)));
    }

    // mask: added to the attention scores, [L, L]; null for none
    private NDArray forward(NDArray x, NDArray mask) {
        for (Layer layer : weights.layers()) {
            NDArray input = x;
            x = Scopes.keeping(() -> layer(layer, input, mask));
        }
        return x;
    }

    private NDArray layer(Layer layer, NDArray x, NDArray mask) {
        NDArray attention = then(norm(x, layer.norm1(), weights.epsilon()), normed -> attention(layer, normed, mask));
        NDArray attended = then(attention, x::add);
        return then(attended, input -> {
            NDArray hidden = then(norm(input, layer.norm2(), weights.epsilon()), normed -> mlp(layer, normed));
            return then(hidden, input::add);
        });
    }

    // What a step in between leaves is closed at once: the next one gets memory that lies in the processor's caches,
    // and the system need not make pages. The engine itself keeps what a gradient needs.
    private static NDArray then(NDArray x, UnaryOperator<NDArray> next) {
        try (x) {
            return next.apply(x);
        }
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

    private static NDArray linear(NDArray x, Affine affine) {
        return x.getNDArrayInternal().linear(x, affine.weight(), affine.bias()).singletonOrThrow();
    }

    private NDArray attention(Layer layer, NDArray x, NDArray mask) {
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
        NDArray scores = then(query, scaled -> scaled.matMul(key.transpose(0, 1, 3, 2)));
        if (mask != null) {
            scores = then(scores, all -> all.add(mask));
        }
        NDArray mixed = then(then(scores, all -> all.softmax(-1)), shares -> shares.matMul(value));
        NDArray joined = then(mixed, each -> each.transpose(0, 2, 1, 3).reshape(batch, length, width));
        return then(joined, all -> linear(all, layer.output()));
    }

    private NDArray mlp(Layer layer, NDArray x) {
        NDArray active = then(linear(x, layer.hidden()), hidden -> activate(weights.activation(), hidden));
        return then(active, hidden -> linear(hidden, layer.back()));
    }

    private static NDArray activate(ClipConfig.Activation activation, NDArray x) {
        return switch (activation) {
            case QUICK_GELU -> then(then(Scalars.mul(x, 1.702), ai.djl.nn.Activation::sigmoid), x::mul);
            case GELU -> x.getNDArrayInternal().gelu();
        };
    }

    private static NDArray causalMask(NDManager manager, int length) {
        float[] mask = new float[length * length];
        for (int i = 0; i < length; i++) {
            Arrays.fill(mask, i * length + i + 1, (i + 1) * length, Float.NEGATIVE_INFINITY);
        }
        return manager.create(mask, new Shape(length, length));
    }
}
