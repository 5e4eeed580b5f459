package dev.metaprompt.clip;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.tensor.TorchScript;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CLIP's frozen image tower as one call of the engine, with its fused attention; no gradient passes through it. Equal to
 * {@link TrainableImageTower} up to rounding, or to the precision asked for.
 */
final class FrozenImageTower {
    // How the engine numbers its types.
    private static final Map<DataType, Integer> TYPES =
            Map.of(DataType.FLOAT32, 6, DataType.FLOAT16, 5, DataType.BFLOAT16, 15);

    private final TorchScript script;
    private final List<NDArray> weights;

    /**
     * Takes weights; the script belongs to their owner.
     *
     * @param config the sizes
     * @param weights float32; closed where another precision is asked for
     * @param precision FLOAT32, FLOAT16 or BFLOAT16
     */
    FrozenImageTower(ClipConfig config, ClipWeights weights, DataType precision) {
        NDManager manager = weights.patchEmbedding().getManager();
        Map<String, Object> constants = new HashMap<>(weights.image().constants());
        constants.put("patch", Math.toIntExact(config.patch()));
        constants.put("type", TYPES.get(precision));
        this.script = script(manager, constants, precision);
        List<NDArray> whole = tensors(weights).toList();
        this.weights = TorchScript.list(
                precision == DataType.FLOAT32
                        ? whole
                        : whole.stream().map(this::converted).toList());
        // They outlive any scope in which this happens to be called.
        NDScope.unregister(this.weights.toArray(NDArray[]::new));
    }

    // The order that image-tower.torchscript reads.
    private static Stream<NDArray> tensors(ClipWeights weights) {
        return Stream.of(
                        Stream.of(weights.patchEmbedding(), weights.classEmbedding(), weights.imagePositions()),
                        weights.imagePreNorm().tensors(),
                        weights.image().tensors(),
                        weights.imagePostNorm().tensors(),
                        Stream.of(weights.imageProjection()))
                .flatMap(part -> part);
    }

    // oneDNN's products are a third faster for an image batch; some builds of the engine, those for Apple's processors
    // among them, come without it.
    private static TorchScript script(NDManager manager, Map<String, Object> constants, DataType precision) {
        if (!manager.getDevice().isGpu() && precision != DataType.FLOAT16) {
            try {
                return script(manager, constants, "linear-onednn.torchscript");
            } catch (EngineException e) {
                return script(manager, constants, "linear.torchscript");
            }
        }
        return script(manager, constants, "linear.torchscript");
    }

    private static TorchScript script(NDManager manager, Map<String, Object> constants, String linear) {
        return TorchScript.load(
                manager,
                FrozenImageTower.class,
                "ImageTower",
                constants,
                Map.of(
                        "__torch__", "image-tower.torchscript",
                        "__torch__/linear", linear,
                        "__torch__/heads", "heads.torchscript"));
    }

    private NDArray converted(NDArray weight) {
        try (NDArray whole = weight) {
            return script.call("convert", whole, List.of());
        }
    }

    /**
     * Encodes images.
     *
     * @param pixels normalised pixels [B, 3, S, S], float32 in the host's memory
     * @return unnormalised features [B, D], float32 on the weights' device, owned by the caller's scope
     */
    NDArray encode(NDArray pixels) {
        return script.call("encode", pixels, weights);
    }
}
