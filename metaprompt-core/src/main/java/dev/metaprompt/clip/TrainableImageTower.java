package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.tensor.Scalars;

/**
 * CLIP's image tower in DJL's own operations, differentiable with respect to its weights.
 *
 * @param config the sizes
 * @param weights the weights
 */
record TrainableImageTower(ClipConfig config, ClipWeights weights) {
    /**
     * Encodes images.
     *
     * @param pixels normalised pixels [B, 3, S, S]
     * @return unnormalised features [B, D]
     */
    NDArray encode(NDArray pixels) {
        long batch = pixels.getShape().get(0);
        float epsilon = config.vision().epsilon();
        NDArray patches = patches(pixels).matMul(weights.patchEmbedding());
        long width = config.vision().width();
        // Starts from an array of the caller's scope: a result belongs to its first operand's owner.
        NDArray classToken = Scalars.mul(patches.get(":, 0:1, :"), 0)
                .add(weights.classEmbedding().reshape(1, 1, width));
        NDArray x = classToken.concat(patches, 1).add(weights.imagePositions());
        x = Transformer.norm(x, weights.imagePreNorm(), epsilon);
        x = new Transformer(weights.image()).open(x);
        Affine postNorm = weights.imagePostNorm();
        NDArray pooled = Transformer.norm(x.get(":, 0, :").reshape(batch, width), postNorm, epsilon);
        return pooled.matMul(weights.imageProjection().transpose());
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
