package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.clip.TransformerWeights.Affine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's frozen weights, for tests of other rooms. */
public final class ModelArrays {
    private ModelArrays() {}

    /** Returns the weights of the text tower by a name that tells them apart. */
    public static Map<String, NDArray> text(ClipModel model) {
        ClipWeights weights = model.textEncoder().weights();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("tokens", weights.tokenEmbedding());
        arrays.put("positions", weights.textPositions());
        arrays.put("projection", weights.textProjection());
        put(arrays, "final norm", weights.textFinalNorm());
        List<TransformerWeights.Layer> layers = weights.text().layers();
        for (int i = 0; i < layers.size(); i++) {
            TransformerWeights.Layer layer = layers.get(i);
            put(arrays, i + " norm 1", layer.norm1());
            put(arrays, i + " query, key, value", layer.queryKeyValue());
            put(arrays, i + " output", layer.output());
            put(arrays, i + " norm 2", layer.norm2());
            put(arrays, i + " hidden", layer.hidden());
            put(arrays, i + " back", layer.back());
        }
        return arrays;
    }

    private static void put(Map<String, NDArray> arrays, String name, Affine affine) {
        arrays.put(name + " weight", affine.weight());
        arrays.put(name + " bias", affine.bias());
    }
}
