package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * CLIP's text tower g: token embeddings in, one feature a text out.
 *
 * <p>Attention is causal, so nothing behind the end token can reach it: texts are cut at the longest end position of
 * the batch, whatever the model's context is.
 */
public final class TextEncoder {
    private final ClipConfig config;
    private final ClipWeights weights;
    private final UnaryOperator<NDArray> causal;
    private final Optional<FrozenTextLayers> frozen;
    private Optional<TextTape> tape;

    private TextEncoder(
            ClipConfig config, ClipWeights weights, UnaryOperator<NDArray> causal, Optional<FrozenTextLayers> frozen) {
        this.config = config;
        this.weights = weights;
        this.causal = causal;
        this.frozen = frozen;
    }

    /**
     * Creates an encoder with frozen weights; it owns nothing, what it needs beside them belongs to their owner.
     *
     * @param config the sizes
     * @param weights the weights
     * @return the encoder
     */
    public static TextEncoder frozen(ClipConfig config, ClipWeights weights) {
        FrozenTextLayers layers = new FrozenTextLayers(weights.text());
        return new TextEncoder(config, weights, layers::causal, Optional.of(layers));
    }

    /**
     * Creates an encoder that is differentiable with respect to its weights too; it owns nothing.
     *
     * @param config the sizes
     * @param weights the weights
     * @return the encoder
     */
    public static TextEncoder trainable(ClipConfig config, ClipWeights weights) {
        return new TextEncoder(config, weights, new Transformer(weights.text())::causal, Optional.empty());
    }

    /**
     * Looks tokens up.
     *
     * @param manager owner of the result
     * @param ids token ids of B texts, each of at most the model's context; shorter ones are filled up behind their end
     * @return token embeddings without positions [B, L, W], L the longest text
     */
    public NDArray embed(NDManager manager, int[][] ids) {
        int length = Arrays.stream(ids).mapToInt(text -> text.length).max().orElseThrow();
        int[] flat = new int[ids.length * length];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(ids[i], 0, flat, i * length, ids[i].length);
        }
        NDArray index = manager.create(flat).toType(ai.djl.ndarray.types.DataType.INT64, false);
        NDArray table = weights.tokenEmbedding();
        return index.getNDArrayInternal()
                .embedding(index, table, ai.djl.ndarray.types.SparseFormat.DENSE)
                .singletonOrThrow()
                .reshape(ids.length, length, config.text().width());
    }

    /**
     * Encodes token ids.
     *
     * @param manager owner of the intermediate arrays
     * @param ids token ids of B texts, begin and end token included
     * @return unnormalised features [B, D]
     */
    public NDArray encode(NDManager manager, int[][] ids) {
        return encode(embed(manager, ids), ends(ids));
    }

    /**
     * Encodes token embeddings; differentiable with respect to them.
     *
     * @param embeddings token embeddings without positions [B, L, W]
     * @param ends the end token's position of each text, 0 ≤ end &lt; L
     * @return unnormalised features [B, D]
     */
    public NDArray encode(NDArray embeddings, int[] ends) {
        long batch = embeddings.getShape().get(0);
        int length = Arrays.stream(ends).max().orElseThrow() + 1;
        long width = config.text().width();
        NDArray cut = embeddings.getShape().get(1) == length ? embeddings : embeddings.get(":, 0:" + length + ", :");
        NDArray x = cut.add(weights.textPositions().get("0:" + length));
        x = causal.apply(x);
        NDArray pooled = x.reshape(batch * length, width).gather(endIndex(x.getManager(), ends, length, width), 0);
        return project(pooled);
    }

    /** Turns the end tokens' hidden states [B, W] into unnormalised features [B, D]. */
    NDArray project(NDArray ends) {
        return Transformer.norm(ends, weights.textFinalNorm(), config.text().epsilon())
                .matMul(weights.textProjection().transpose());
    }

    /** Turns packed hidden states [P + T, W] into unnormalised features [C, D]; only where weights are frozen. */
    NDArray encode(NDArray packed, Packing packing) {
        return project(frozen.orElseThrow().prefixed(packed, packing));
    }

    /** Returns the faster way to gradients, where the engine and the sizes allow it; opened at the first call. */
    synchronized Optional<TextTape> tape() {
        if (tape == null) {
            tape = frozen.flatMap(layers -> TextTape.open(weights.text()));
        }
        return tape;
    }

    ClipConfig config() {
        return config;
    }

    ClipWeights weights() {
        return weights;
    }

    /**
     * Finds the end tokens.
     *
     * @param ids token ids of the texts
     * @return the first position of the end token in each, as transformers pools
     */
    public int[] ends(int[][] ids) {
        return Arrays.stream(ids).mapToInt(this::end).toArray();
    }

    private int end(int[] ids) {
        int end = config.endToken() == ClipConfig.LEGACY_END_TOKEN
                ? Arrays.stream(ids).max().orElseThrow()
                : config.endToken();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == end) {
                return i;
            }
        }
        throw new IllegalArgumentException("no end token " + end + " in " + Arrays.toString(ids));
    }

    private static NDArray endIndex(NDManager manager, int[] ends, int length, long width) {
        long[] index = new long[ends.length * (int) width];
        for (int i = 0; i < ends.length; i++) {
            Arrays.fill(index, i * (int) width, (i + 1) * (int) width, (long) i * length + ends[i]);
        }
        return manager.create(index, new Shape(ends.length, width));
    }
}
