package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    public record Affine(NDArray weight, NDArray bias) {
        Stream<NDArray> tensors() {
            return Stream.of(weight, bias);
        }
    }

    /** Lists twelve tensors a layer, in the order that scripts read them. */
    Stream<NDArray> tensors() {
        return layers.stream()
                .flatMap(layer -> Stream.of(
                        layer.norm1(),
                        layer.queryKeyValue(),
                        layer.output(),
                        layer.norm2(),
                        layer.hidden(),
                        layer.back()))
                .flatMap(Affine::tensors);
    }

    /** What a script needs to know beside the tensors. */
    Map<String, Object> constants() {
        return Map.of(
                "heads", heads, "epsilon", (double) epsilon, "quick", activation == ClipConfig.Activation.QUICK_GELU);
    }
}
