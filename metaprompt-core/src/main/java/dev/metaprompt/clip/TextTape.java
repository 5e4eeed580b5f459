package dev.metaprompt.clip;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.clip.TransformerWeights.Layer;
import dev.metaprompt.tensor.TorchScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layers of a frozen text tower forwards and backwards, with weights in oneDNN's own layout. In a step few rows meet
 * large weights; a product that takes weights as they come copies all of them into a layout of its own first, every time
 * anew, which is a quarter of a step. These are laid out once, for both directions. Equal to {@link FrozenTextLayers} up
 * to rounding; costs the weights' memory twice more.
 */
final class TextTape {
    // Of a layer's largest weight, that of a tower of width 256. Measured with six layers of width 64 to 512: below 256
    // nothing is gained, from there 13 to 30 % of the time.
    private static final long SMALLEST = 256 * 1024;

    // Rows that the layout is chosen for: two dozen classes with names of two tokens. It is right for any number.
    private static final int ROWS = 101;

    private final TorchScript script;
    private final List<NDArray> weights;

    private TextTape(TorchScript script, List<NDArray> weights) {
        this.script = script;
        this.weights = TorchScript.list(weights);
    }

    /**
     * Lays weights out.
     *
     * @param weights the weights; script and copies belong to their owner
     * @return nothing where it does not help: on a GPU, with small weights, with an engine that was built without oneDNN
     */
    static Optional<TextTape> open(TransformerWeights weights) {
        NDArray largest = weights.layers().get(0).hidden().weight();
        if (largest.getDevice().isGpu() || largest.size() < SMALLEST) {
            return Optional.empty();
        }
        NDManager manager = largest.getManager();
        TorchScript script;
        try {
            script = TorchScript.load(
                    manager,
                    TextTape.class,
                    "TextTape",
                    weights.constants(),
                    FrozenTextLayers.scripts("text-tape.torchscript"));
        } catch (EngineException e) {
            return Optional.empty();
        }
        try (NDArray rows = manager.zeros(new Shape(ROWS))) {
            return Optional.of(new TextTape(
                    script,
                    weights.layers().stream()
                            .flatMap(layer -> laidOut(script, layer, rows))
                            .toList()));
        }
    }

    // The order that text-tape.torchscript reads.
    private static Stream<NDArray> laidOut(TorchScript script, Layer layer, NDArray rows) {
        List<NDArray> tensors = new ArrayList<>(layer.norm1().tensors().toList());
        List<NDArray> back = new ArrayList<>();
        for (Affine linear : List.of(layer.queryKeyValue(), layer.output())) {
            add(script, linear, rows, tensors, back);
        }
        layer.norm2().tensors().forEach(tensors::add);
        for (Affine linear : List.of(layer.hidden(), layer.back())) {
            add(script, linear, rows, tensors, back);
        }
        return Stream.concat(tensors.stream(), back.stream());
    }

    private static void add(
            TorchScript script, Affine linear, NDArray rows, List<NDArray> tensors, List<NDArray> back) {
        // Without the name that makes the weight a part of a list to other scripts.
        try (NDArray weight = linear.weight().stopGradient()) {
            tensors.add(kept(script.call("forth", weight, List.of(), rows), weight));
            tensors.add(linear.bias());
            back.add(kept(script.call("back", weight, List.of(), rows), weight));
        }
    }

    // Outlives the scope in which this happens to be called.
    private static NDArray kept(NDArray laidOut, NDArray weight) {
        NDScope.unregister(laidOut);
        laidOut.attach(weight.getManager());
        return laidOut;
    }

    /**
     * Runs all layers on texts with a common beginning, as {@link FrozenTextLayers#prefixed}.
     *
     * @param x packed hidden states, without gradient [P + T, W]
     * @param packing where the tokens lie
     * @return the end tokens with their way back
     */
    Recording record(NDArray x, Packing packing) {
        return new Recording(script.callForList("record", x, weights, packing.tensors(x.getManager())));
    }

    /** One run through the layers. */
    final class Recording {
        private final NDList tensors;

        private Recording(NDList tensors) {
            this.tensors = tensors;
        }

        /** Returns the end tokens' hidden states [C, W], not part of the engine's graph. */
        NDArray ends() {
            return tensors.get(0);
        }

        /**
         * Goes back and lets go of what was recorded.
         *
         * @param gradient of the end tokens [C, W]
         * @return the gradient of the packed hidden states [P + T, W]
         */
        NDArray carry(NDArray gradient) {
            try (NDList tape = tensors.subNDList(1)) {
                List<NDArray> both = new ArrayList<>(tape);
                both.addAll(weights);
                return script.callDifferentiably("carry", gradient, TorchScript.list(both));
            }
        }
    }
}
