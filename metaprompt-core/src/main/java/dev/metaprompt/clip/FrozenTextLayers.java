package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.tensor.TorchScript;
import java.util.List;
import java.util.Map;

/**
 * The layers of a frozen text tower as one call of the engine each time, with its fused attention. Gradients pass
 * through them to the input; for a weight none is ever computed. Equal to {@link Transformer} up to rounding.
 */
final class FrozenTextLayers {
    private final TorchScript script;
    private final List<NDArray> weights;

    /**
     * Takes weights; the script belongs to their owner.
     *
     * @param weights the weights
     */
    FrozenTextLayers(TransformerWeights weights) {
        this.weights = TorchScript.list(weights.tensors().toList());
        this.script = TorchScript.load(
                this.weights.get(0).getManager(),
                FrozenTextLayers.class,
                "TextLayers",
                weights.constants(),
                scripts("text-layers.torchscript"));
    }

    /** A script of text layers with what it calls. */
    static Map<String, String> scripts(String layers) {
        return Map.of(
                "__torch__", layers,
                "__torch__/attention", "text-attention.torchscript",
                "__torch__/heads", "heads.torchscript");
    }

    /**
     * Runs all layers; a token sees itself and what is before it.
     *
     * @param x hidden states [B, L, W]
     * @return hidden states [B, L, W]
     */
    NDArray causal(NDArray x) {
        return script.callDifferentiably("causal", x, weights);
    }

    /**
     * Runs all layers on texts with a common beginning. What the beginning's tokens become depends on no text, so they
     * are computed once and every text attends to their keys and values; linear layers see the packed tokens, without
     * padding; in the last layer only the end tokens are computed, since nothing else is read.
     *
     * @param x packed hidden states [P + T, W]
     * @param packing where the tokens lie
     * @return the end tokens' hidden states [C, W]
     */
    NDArray prefixed(NDArray x, Packing packing) {
        return script.callDifferentiably("prefixed", x, weights, packing.tensors(x.getManager()));
    }
}
