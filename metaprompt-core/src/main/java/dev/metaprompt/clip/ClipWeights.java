package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.clip.TransformerWeights.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * All weights of a CLIP model, by role. Built from, and turned back into, the tensors that transformers names.
 *
 * <p>Where the text tower alone was asked for, everything of the image tower is null.
 *
 * @param tokenEmbedding [V, W]
 * @param textPositions [context, W]
 * @param text the text transformer
 * @param textFinalNorm [W]
 * @param textProjection [D, W]
 * @param classEmbedding [Wv]
 * @param patchEmbedding [3·p·p, Wv], the convolution as a matrix product
 * @param imagePositions [P + 1, Wv]
 * @param imagePreNorm [Wv]
 * @param image the image transformer
 * @param imagePostNorm [Wv]
 * @param imageProjection [D, Wv]
 * @param logitScale a single value: the logarithm of s
 */
public record ClipWeights(
        NDArray tokenEmbedding,
        NDArray textPositions,
        TransformerWeights text,
        Affine textFinalNorm,
        NDArray textProjection,
        NDArray classEmbedding,
        NDArray patchEmbedding,
        NDArray imagePositions,
        Affine imagePreNorm,
        TransformerWeights image,
        Affine imagePostNorm,
        NDArray imageProjection,
        NDArray logitScale) {

    /** Gives a tensor by transformers' name, with the shape that it must have. */
    public interface Source {
        /**
         * Returns a tensor.
         *
         * @param name transformers' name
         * @param shape the shape it must have
         * @return the tensor, float32
         * @throws dev.metaprompt.InvalidInputException if it is missing or has another shape
         */
        NDArray get(String name, long... shape);

        /**
         * Returns the projections to queries, keys and values as one tensor.
         *
         * @param prefix transformers' name before {@code q_proj}
         * @param kind {@code weight} or {@code bias}
         * @param shape the shape it must have; its first size is three times that of each
         * @return the tensor, float32
         */
        default NDArray queryKeyValue(String prefix, String kind, long... shape) {
            long[] each = shape.clone();
            each[0] /= PROJECTIONS.size();
            try (NDList parts = new NDList()) {
                PROJECTIONS.forEach(part -> parts.add(get(prefix + part + "_proj." + kind, each)));
                return NDArrays.concat(parts, 0);
            }
        }
    }

    /**
     * Collects the weights of a model.
     *
     * @param config the sizes
     * @param source the tensors
     * @return the weights, owned as the source's tensors are
     */
    public static ClipWeights of(ClipConfig config, Source source) {
        long d = config.projection();
        long wv = config.vision().width();
        return ofText(config, source)
                .withImage(
                        source.get("vision_model.embeddings.class_embedding", wv),
                        patches(config, source),
                        source.get("vision_model.embeddings.position_embedding.weight", config.imagePositions(), wv),
                        norm("vision_model.pre_layrnorm", wv, source),
                        transformer("vision_model", config.vision(), source),
                        norm("vision_model.post_layernorm", wv, source),
                        source.get("visual_projection.weight", d, wv));
    }

    /**
     * Collects the weights of the text tower and the logit scale.
     *
     * @param config the sizes
     * @param source the tensors; those of the image tower are not asked for
     * @return the weights, without an image tower
     */
    public static ClipWeights ofText(ClipConfig config, Source source) {
        long w = config.text().width();
        return new ClipWeights(
                source.get("text_model.embeddings.token_embedding.weight", config.vocabulary(), w),
                source.get("text_model.embeddings.position_embedding.weight", config.context(), w),
                transformer("text_model", config.text(), source),
                norm("text_model.final_layer_norm", w, source),
                source.get("text_projection.weight", config.projection(), w),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                source.get("logit_scale"));
    }

    private ClipWeights withImage(
            NDArray classToken,
            NDArray patches,
            NDArray positions,
            Affine preNorm,
            TransformerWeights transformer,
            Affine postNorm,
            NDArray projection) {
        return new ClipWeights(
                tokenEmbedding,
                textPositions,
                text,
                textFinalNorm,
                textProjection,
                classToken,
                patches,
                positions,
                preNorm,
                transformer,
                postNorm,
                projection,
                logitScale);
    }

    // [Wv, 3, p, p] -> [3·p·p, Wv]
    private static NDArray patches(ClipConfig config, Source source) {
        long wv = config.vision().width();
        long p = config.patch();
        try (NDArray convolution = source.get("vision_model.embeddings.patch_embedding.weight", wv, 3, p, p);
                NDArray matrix = convolution.reshape(wv, 3 * p * p);
                NDArray view = matrix.transpose()) {
            return view.duplicate();
        }
    }

    private static TransformerWeights transformer(String prefix, ClipConfig.Tower tower, Source source) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < tower.layers(); i++) {
            layers.add(layer(prefix + ".encoder.layers." + i + ".", tower.width(), tower.hidden(), source));
        }
        return new TransformerWeights(List.copyOf(layers), tower.heads(), tower.activation(), tower.epsilon());
    }

    private static Layer layer(String prefix, long width, long hidden, Source source) {
        String attention = prefix + "self_attn.";
        Affine queryKeyValue = new Affine(
                source.queryKeyValue(attention, "weight", 3 * width, width),
                source.queryKeyValue(attention, "bias", 3 * width));
        return new Layer(
                norm(prefix + "layer_norm1", width, source),
                queryKeyValue,
                linear(prefix + "self_attn.out_proj", width, width, source),
                norm(prefix + "layer_norm2", width, source),
                linear(prefix + "mlp.fc1", hidden, width, source),
                linear(prefix + "mlp.fc2", width, hidden, source));
    }

    private static final List<String> PROJECTIONS = List.of("q", "k", "v");

    private static Affine norm(String prefix, long width, Source source) {
        return new Affine(source.get(prefix + ".weight", width), source.get(prefix + ".bias", width));
    }

    private static Affine linear(String prefix, long out, long in, Source source) {
        return new Affine(source.get(prefix + ".weight", out, in), source.get(prefix + ".bias", out));
    }

    /**
     * Lists every array with a name of its own, in a fixed order: what a training of the whole model steps.
     *
     * @return arrays by role; query, key and value are one array {@code …self_attn.qkv_proj…}, the patch embedding is
     *     transposed
     */
    public Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("logit_scale", logitScale);
        arrays.put("text_model.embeddings.token_embedding.weight", tokenEmbedding);
        arrays.put("text_model.embeddings.position_embedding.weight", textPositions);
        put(arrays, "text_model", text);
        put(arrays, "text_model.final_layer_norm", textFinalNorm);
        arrays.put("text_projection.weight", textProjection);
        arrays.put("vision_model.embeddings.class_embedding", classEmbedding);
        arrays.put("vision_model.embeddings.patch_embedding.weight", patchEmbedding);
        arrays.put("vision_model.embeddings.position_embedding.weight", imagePositions);
        put(arrays, "vision_model.pre_layrnorm", imagePreNorm);
        put(arrays, "vision_model", image);
        put(arrays, "vision_model.post_layernorm", imagePostNorm);
        arrays.put("visual_projection.weight", imageProjection);
        return arrays;
    }

    private static void put(Map<String, NDArray> arrays, String prefix, TransformerWeights transformer) {
        for (int i = 0; i < transformer.layers().size(); i++) {
            Layer layer = transformer.layers().get(i);
            String path = prefix + ".encoder.layers." + i + ".";
            put(arrays, path + "layer_norm1", layer.norm1());
            put(arrays, path + "self_attn.qkv_proj", layer.queryKeyValue());
            put(arrays, path + "self_attn.out_proj", layer.output());
            put(arrays, path + "layer_norm2", layer.norm2());
            put(arrays, path + "mlp.fc1", layer.hidden());
            put(arrays, path + "mlp.fc2", layer.back());
        }
    }

    private static void put(Map<String, NDArray> arrays, String prefix, Affine affine) {
        arrays.put(prefix + ".weight", affine.weight());
        arrays.put(prefix + ".bias", affine.bias());
    }

    /**
     * Returns the same roles with other arrays.
     *
     * @param f gives the replacement of each array
     * @return the weights after replacement
     */
    public ClipWeights map(UnaryOperator<NDArray> f) {
        return new ClipWeights(
                f.apply(tokenEmbedding),
                f.apply(textPositions),
                map(text, f),
                map(textFinalNorm, f),
                f.apply(textProjection),
                f.apply(classEmbedding),
                f.apply(patchEmbedding),
                f.apply(imagePositions),
                map(imagePreNorm, f),
                map(image, f),
                map(imagePostNorm, f),
                f.apply(imageProjection),
                f.apply(logitScale));
    }

    private static TransformerWeights map(TransformerWeights t, UnaryOperator<NDArray> f) {
        List<Layer> layers = t.layers().stream()
                .map(l -> new Layer(
                        map(l.norm1(), f),
                        map(l.queryKeyValue(), f),
                        map(l.output(), f),
                        map(l.norm2(), f),
                        map(l.hidden(), f),
                        map(l.back(), f)))
                .toList();
        return new TransformerWeights(layers, t.heads(), t.activation(), t.epsilon());
    }

    private static Affine map(Affine affine, UnaryOperator<NDArray> f) {
        return new Affine(f.apply(affine.weight()), f.apply(affine.bias()));
    }

    /**
     * Turns the weights back into the tensors that transformers names.
     *
     * @param manager owner of the tensors that have to be made
     * @param patch side of a patch in pixels
     * @return tensors by transformers' name
     */
    public Map<String, NDArray> toTransformers(NDManager manager, int patch) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        arrays().forEach((name, array) -> {
            NDArray own = array.duplicate();
            own.attach(manager);
            if (name.contains("qkv_proj")) {
                NDList parts = own.split(3, 0);
                for (int i = 0; i < 3; i++) {
                    tensors.put(
                            name.replace("qkv_proj", PROJECTIONS.get(i) + "_proj"),
                            parts.get(i).duplicate());
                }
            } else if (name.endsWith("patch_embedding.weight")) {
                long width = own.getShape().get(1);
                Shape convolution = new Shape(width, 3, patch, patch);
                tensors.put(name, own.transpose().reshape(convolution).duplicate());
            } else {
                tensors.put(name, own);
            }
        });
        return tensors;
    }
}
