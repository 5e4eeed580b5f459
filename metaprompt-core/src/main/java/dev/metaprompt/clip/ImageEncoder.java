package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.function.UnaryOperator;

/** CLIP's image tower f: pixels in, one feature an image out. */
public final class ImageEncoder {
    private final UnaryOperator<NDArray> tower;

    private ImageEncoder(UnaryOperator<NDArray> tower) {
        this.tower = tower;
    }

    /**
     * Creates an encoder with frozen weights, through which no gradient passes; it owns nothing, what it needs belongs
     * to the weights' owner.
     *
     * @param config the sizes
     * @param weights the weights, float32; the image tower's are closed where another precision is asked for
     * @param precision arithmetic: FLOAT32, FLOAT16 or BFLOAT16
     * @return the encoder
     */
    public static ImageEncoder frozen(ClipConfig config, ClipWeights weights, DataType precision) {
        return new ImageEncoder(new FrozenImageTower(config, weights, precision)::encode);
    }

    /**
     * Creates an encoder that is differentiable with respect to its weights; it owns nothing.
     *
     * @param config the sizes
     * @param weights the weights
     * @return the encoder
     */
    public static ImageEncoder trainable(ClipConfig config, ClipWeights weights) {
        return new ImageEncoder(new TrainableImageTower(config, weights)::encode);
    }

    /**
     * Encodes images.
     *
     * @param pixels normalised pixels [B, 3, S, S], float32; in the host's memory where weights are frozen
     * @return unnormalised features [B, D], float32 whatever the precision, on the weights' device, owned by the
     *     caller's scope
     */
    public NDArray encode(NDArray pixels) {
        return tower.apply(pixels);
    }
}
