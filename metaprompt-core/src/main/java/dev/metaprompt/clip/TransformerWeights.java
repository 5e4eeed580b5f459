package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The weights of one pre-norm transformer. Query, key and value projections are one matrix: one product instead of
 * three.
 *
 * @param layers the layers, first to last
 * @param heads attention heads
 * @param activation the MLP's activation
 * @param epsilon of the layer norms
 */
public record TransformerWeights(List<Layer> layers, int heads, ClipConfig.Activation activation, float epsilon) {
    /**
     * The weights of one layer, in PyTorch's layout {@code [out, in]}.
     *
     * @param norm1 layer norm before the attention
     * @param queryKeyValue [3W, W] and [3W]
     * @param output [W, W] and [W]
     * @param norm2 layer norm before the MLP
     * @param hidden [H, W] and [H]
     * @param back [W, H] and [W]
     */
    public record Layer(Affine norm1, Affine queryKeyValue, Affine output, Affine norm2, Affine hidden, Affine back) {}

    /**
     * A weight with its bias: of a linear layer, or the scale and shift of a layer norm.
     *
     * @param weight the weight
     * @param bias the bias
     */
    public record Affine(NDArray weight, NDArray bias) {}
}
