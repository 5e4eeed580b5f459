package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.tensor.Scalars;

/** CLIP's image tower f: pixels in, one feature an image out. */
public final class ImageEncoder {
    private final ClipConfig config;
    private final ClipWeights weights;
    private final Layers layers;

    private ImageEncoder(ClipConfig config, ClipWeights weights, Layers layers) {
        this.config = config;
        this.weights = weights;
        this.layers = layers;
    }

    /**
     * Creates an encoder with frozen weights, through which no gradient passes; it owns nothing, what it needs beside
     * them belongs to their owner.
     *
     * @param config the sizes
     * @param weights the weights
     * @return the encoder
     */
    public static ImageEncoder frozen(ClipConfig config, ClipWeights weights) {
        return new ImageEncoder(config, weights, new FrozenLayers(weights.image()));
    }

    /**
     * Creates an encoder that is differentiable with respect to its weights; it owns nothing.
     *
     * @param config the sizes
     * @param weights the weights
     * @return the encoder
     */
    public static ImageEncoder trainable(ClipConfig config, ClipWeights weights) {
        return new ImageEncoder(config, weights, new Transformer(weights.image()));
    }

    /**
     * Encodes images.
     *
     * @param pixels normalised pixels [B, 3, S, S]
     * @return unnormalised features [B, D], float32 whatever the precision of the weights, owned by the caller's scope
     */
    public NDArray encode(NDArray pixels) {
        long batch = pixels.getShape().get(0);
        float epsilon = config.vision().epsilon();
        NDArray input = pixels.toType(weights.patchEmbedding().getDataType(), false);
        NDArray patches = patches(input).matMul(weights.patchEmbedding());
        long width = config.vision().width();
        // Starts from an array of the caller's scope: a result belongs to its first operand's owner.
        NDArray classToken = Scalars.mul(patches.get(":, 0:1, :"), 0)
                .add(weights.classEmbedding().reshape(1, 1, width));
        NDArray x = classToken.concat(patches, 1).add(weights.imagePositions());
        x = Transformer.norm(x, weights.imagePreNorm(), epsilon);
        x = layers.open(x);
        Affine postNorm = weights.imagePostNorm();
        NDArray pooled = Transformer.norm(x.get(":, 0, :").reshape(batch, width), postNorm, epsilon);
        return pooled.matMul(weights.imageProjection().transpose()).toType(DataType.FLOAT32, false);
    }

    // [B, 3, S, S] -> [B, P, 3·p·p], the order in which PyTorch's convolution weight [W, 3, p, p] is laid out
    private NDArray patches(NDArray pixels) {
        long batch = pixels.getShape().get(0);
        long p = config.patch();
        long grid = config.imageSize() / p;
        return pixels.reshape(batch, 3, grid, p, grid, p)
                .transpose(0, 2, 4, 1, 3, 5)
                .reshape(batch, grid * grid, 3 * p * p);
    }
}
