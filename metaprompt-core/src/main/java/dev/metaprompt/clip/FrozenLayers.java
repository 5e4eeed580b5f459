package dev.metaprompt.clip;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.TransformerWeights.Layer;
import dev.metaprompt.tensor.TorchScript;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The layers of a frozen transformer as one call of the engine each time, with its fused attention. Gradients pass
 * through {@link #causal} and {@link #prefixed} to the input; for a weight none is ever computed. Equal to {@link
 * Transformer} up to rounding.
 */
final class FrozenLayers implements Layers {
    private static final String MODULE = "__torch__";
    private static final String LINEAR = "__torch__/linear";

    private final TorchScript script;
    private final List<NDArray> weights;

    /**
     * Takes weights; the script belongs to their owner.
     *
     * @param weights the weights
     */
    FrozenLayers(TransformerWeights weights) {
        this.weights = TorchScript.list(
                weights.layers().stream().flatMap(FrozenLayers::tensors).toList());
        this.script = script(weights, this.weights.get(0));
    }

    // The order that layers.torchscript reads.
    private static Stream<NDArray> tensors(Layer layer) {
        return Stream.of(
                        layer.norm1(),
                        layer.queryKeyValue(),
                        layer.output(),
                        layer.norm2(),
                        layer.hidden(),
                        layer.back())
                .flatMap(affine -> Stream.of(affine.weight(), affine.bias()));
    }

    // oneDNN's products are a third faster for an image batch; some builds of the engine, those for Apple's processors
    // among them, come without it.
    private static TorchScript script(TransformerWeights weights, NDArray any) {
        NDManager manager = any.getManager();
        boolean processor = !manager.getDevice().isGpu() && any.getDataType() == DataType.FLOAT32;
        if (processor) {
            try {
                return script(weights, manager, "linear-onednn.torchscript");
            } catch (EngineException e) {
                return script(weights, manager, "linear.torchscript");
            }
        }
        return script(weights, manager, "linear.torchscript");
    }

    private static TorchScript script(TransformerWeights weights, NDManager manager, String linear) {
        return TorchScript.load(
                manager,
                FrozenLayers.class,
                "Layers",
                Map.of(
                        "heads",
                        weights.heads(),
                        "epsilon",
                        (double) weights.epsilon(),
                        "quick",
                        weights.activation() == ClipConfig.Activation.QUICK_GELU),
                Map.of(MODULE, "layers.torchscript", LINEAR, linear));
    }

    @Override
    public NDArray open(NDArray x) {
        return script.call("open", x, weights);
    }

    @Override
    public NDArray causal(NDArray x) {
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
        NDManager manager = x.getManager();
        long seen = packing.prefix() + packing.longest();
        return script.callDifferentiably(
                "prefixed",
                x,
                weights,
                manager.create(packing.padded()),
                manager.create(packing.places()),
                manager.create(packing.ends()),
                manager.create(packing.causalMask(), new Shape(packing.longest(), seen)),
                manager.create(packing.endMask(), new Shape(packing.texts(), 1, 1, seen)));
    }
}
