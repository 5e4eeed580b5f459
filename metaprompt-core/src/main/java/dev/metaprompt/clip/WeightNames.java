package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.TensorFile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a checkpoint names CLIP's weights: as transformers does, or as OpenAI and open_clip do. A role is the name that
 * transformers gives; query, key and value together have the role {@code …self_attn.qkv_proj…}.
 *
 * @param openAi true for OpenAI's names
 * @param text what stands before the text tower's names: {@code ""}, or {@code text.} as open_clip's models with a text
 *     tower of their own have it
 */
record WeightNames(boolean openAi, String text) {
    private static final String FUSED = "self_attn.qkv_proj.";
    private static final List<String> PROJECTIONS = List.of("q_proj.", "k_proj.", "v_proj.");
    private static final String TEXT_LAYERS = "text_model.encoder.layers.";
    private static final String IMAGE_LAYERS = "vision_model.encoder.layers.";
    private static final Map<String, String> TEXT = Map.of(
            "text_model.embeddings.token_embedding.weight", "token_embedding.weight",
            "text_model.embeddings.position_embedding.weight", "positional_embedding",
            "text_model.final_layer_norm.weight", "ln_final.weight",
            "text_model.final_layer_norm.bias", "ln_final.bias",
            "text_projection.weight", "text_projection");
    private static final Map<String, String> IMAGE = Map.of(
            "vision_model.embeddings.class_embedding", "visual.class_embedding",
            "vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight",
            "vision_model.embeddings.position_embedding.weight", "visual.positional_embedding",
            "vision_model.pre_layrnorm.weight", "visual.ln_pre.weight",
            "vision_model.pre_layrnorm.bias", "visual.ln_pre.bias",
            "vision_model.post_layernorm.weight", "visual.ln_post.weight",
            "vision_model.post_layernorm.bias", "visual.ln_post.bias",
            "visual_projection.weight", "visual.proj");
    private static final Map<String, String> LAYER = Map.of(
            "layer_norm1.",
            "ln_1.",
            FUSED,
            "attn.in_proj_",
            "self_attn.out_proj.",
            "attn.out_proj.",
            "layer_norm2.",
            "ln_2.",
            "mlp.fc1.",
            "mlp.c_fc.",
            "mlp.fc2.",
            "mlp.c_proj.");
    // Buffers and numbers that the published checkpoints hold beside the weights.
    private static final Set<String> IGNORED =
            Set.of("position_ids", "attn_mask", "input_resolution", "context_length", "vocab_size");
    private static final String ADVICE = " Only CLIP models with a vision transformer can be read.";

    /**
     * Recognises the names in a file.
     *
     * @param file the weights
     * @return its naming
     * @throws InvalidInputException if these are the weights of another model
     */
    static WeightNames of(TensorFile file) {
        Set<String> names = file.names();
        refuseOthers(file, names);
        if (names.contains("vision_model.embeddings.class_embedding")
                && names.contains("text_model.embeddings.token_embedding.weight")) {
            return new WeightNames(false, "");
        }
        if (names.contains("visual.class_embedding")) {
            if (names.contains("token_embedding.weight")) {
                return new WeightNames(true, "");
            }
            if (names.contains("text.token_embedding.weight")) {
                return new WeightNames(true, "text.");
            }
        }
        throw new InvalidInputException(file.path() + " holds tensors named "
                + Quoted.of(names.stream().sorted().limit(3).toList().toString())
                + ", which are not those of a CLIP model as transformers, OpenAI or open_clip save it." + ADVICE);
    }

    private static void refuseOthers(TensorFile file, Set<String> names) {
        String kind = null;
        if (names.contains("logit_bias") || names.stream().anyMatch(name -> name.startsWith("vision_model.head."))) {
            kind = "a SigLIP model";
        } else if (names.stream().anyMatch(name -> name.startsWith("visual.layer1."))) {
            kind = "a CLIP model with a ResNet as image tower";
        } else if (names.stream().anyMatch(name -> name.startsWith("visual.trunk."))) {
            kind = "a model with an image tower of timm";
        } else if (names.stream().anyMatch(name -> name.startsWith("text_decoder."))) {
            kind = "a CoCa model";
        }
        if (kind != null) {
            throw new InvalidInputException(file.path() + " holds " + kind + "." + ADVICE);
        }
    }

    /**
     * Names the tensors that make up a role, to be put one under the other.
     *
     * @param role the role
     * @return three names for transformers' query, key and value, else one
     */
    List<String> of(String role) {
        if (!openAi) {
            return role.contains(FUSED)
                    ? PROJECTIONS.stream()
                            .map(projection -> role.replace("qkv_proj.", projection))
                            .toList()
                    : List.of(role);
        }
        if (role.startsWith(TEXT_LAYERS)) {
            return List.of(text + "transformer.resblocks." + layer(role.substring(TEXT_LAYERS.length())));
        }
        if (role.startsWith(IMAGE_LAYERS)) {
            return List.of("visual.transformer.resblocks." + layer(role.substring(IMAGE_LAYERS.length())));
        }
        String image = IMAGE.get(role);
        return List.of(image != null ? image : TEXT.containsKey(role) ? text + TEXT.get(role) : role);
    }

    private static String layer(String role) {
        for (Map.Entry<String, String> part : LAYER.entrySet()) {
            int at = role.indexOf(part.getKey());
            if (at >= 0) {
                return role.substring(0, at)
                        + part.getValue()
                        + role.substring(at + part.getKey().length());
            }
        }
        throw new IllegalArgumentException(role);
    }

    /** Tells whether the tensor of a role lies transposed in the file: OpenAI multiplies by the projections from the right. */
    boolean transposed(String role) {
        return openAi && (role.equals("text_projection.weight") || role.equals("visual_projection.weight"));
    }

    /** Tells whether a tensor of the file is the image tower's. */
    boolean imageTensor(String name) {
        return openAi
                ? name.startsWith("visual.")
                : name.startsWith("vision_model.") || name.startsWith("visual_projection.");
    }

    /** Tells whether a tensor of the file is no weight. */
    static boolean ignored(String name) {
        return IGNORED.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
