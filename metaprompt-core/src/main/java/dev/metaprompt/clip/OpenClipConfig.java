package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.ClipConfig.Activation;
import dev.metaprompt.clip.ClipConfig.Tower;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code open_clip_config.json}. open_clip's models come in many kinds; a key that would make another model than
 * CLIP's vision and text transformers is refused by name, not passed over.
 */
final class OpenClipConfig {
    private static final int HEAD = 64;
    private static final double RATIO = 4;
    private static final float EPSILON = 1e-5f;
    private static final Set<String> OFF = Set.of("false");
    // The whole file: what it does not say of images is read where they are prepared.
    private static final KnownKeys ROOT = new KnownKeys(Set.of("model_cfg", "preprocess_cfg"), Set.of(), Map.of());
    private static final KnownKeys MODEL = new KnownKeys(
            Set.of("embed_dim", "quick_gelu", "vision_cfg", "text_cfg"),
            Set.of("custom_text", "init_logit_scale", "nonscalar_logit_scale", "output_dict", "cast_dtype"),
            Map.of());
    // Either tower's; those that make another model are switched off by false.
    private static final KnownKeys TOWER = new KnownKeys(
            Set.of("layers", "width", "mlp_ratio"),
            Set.of("output_tokens", "patch_dropout"),
            Map.of(
                    "block_type", Set.of("\"default\""),
                    "final_ln_after_pool", OFF,
                    "qk_norm", OFF,
                    "scaled_cosine_attn", OFF,
                    "scale_heads", OFF,
                    "scale_attn_inner", OFF,
                    "scale_attn", OFF,
                    "scale_fc", OFF));
    private static final KnownKeys VISION = TOWER.with(
            Set.of("image_size", "patch_size", "head_width"),
            // Of towers that timm_model_name or attentional_pool would name.
            Set.of("timm_pool", "timm_proj", "timm_drop", "attn_pooler_queries", "attn_pooler_heads"),
            Map.of(
                    "pool_type", Set.of("\"tok\""),
                    "pos_embed_type", Set.of("\"learnable\""),
                    "attentional_pool", OFF,
                    "no_ln_pre", OFF,
                    "timm_model_pretrained", OFF,
                    "timm_proj_bias", OFF));
    private static final KnownKeys TEXT = TOWER.with(
            Set.of("context_length", "vocab_size", "heads"),
            // Of another end of a text, of the tokenizer that lies beside, and of towers that hf_model_name would name.
            Set.of("pad_id", "eos_id", "hf_tokenizer_name", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type"),
            Map.of(
                    "pool_type", Set.of("\"argmax\""),
                    "proj_type", Set.of("\"linear\""),
                    "proj_bias", OFF,
                    "embed_cls", OFF,
                    "no_causal_mask", OFF));

    private OpenClipConfig() {}

    /**
     * Reads the sizes.
     *
     * @param file the file
     * @return the sizes; open_clip takes the largest id for the end of a text
     * @throws InvalidInputException if it is no such file, or describes another kind of model
     */
    static ClipConfig read(Path file) {
        JsonObject root = ClipConfig.parse(file);
        JsonObject model = ClipConfig.child(root, "model_cfg", file);
        JsonObject vision = ClipConfig.child(model, "vision_cfg", file);
        JsonObject text = ClipConfig.child(model, "text_cfg", file);
        String where = file.toString();
        ROOT.require(where, root);
        MODEL.require(where, model);
        VISION.require(file + ": vision_cfg", vision);
        TEXT.require(file + ": text_cfg", text);
        Activation activation = Activation.GELU;
        if (model.has("quick_gelu")) {
            activation = flag(where, "quick_gelu", model.get("quick_gelu")) ? Activation.QUICK_GELU : Activation.GELU;
        }
        int textWidth = Json.integer(text, "width", 512, where);
        int visionWidth = Json.integer(vision, "width", 768, where);
        int head = Json.integer(vision, "head_width", HEAD, where);
        return new ClipConfig(
                tower(where, text, textWidth, Json.integer(text, "heads", 8, where), activation),
                tower(where, vision, visionWidth, Math.max(1, visionWidth / head), activation),
                Json.integer(model, "embed_dim", 512, where),
                Json.integer(text, "vocab_size", 49408, where),
                Json.integer(text, "context_length", 77, where),
                ClipConfig.LEGACY_END_TOKEN,
                Json.side(vision, "image_size", 224, where),
                ClipConfig.patch(vision, 16, where));
    }

    private static Tower tower(String where, JsonObject json, int width, int heads, Activation activation) {
        if (width % heads != 0) {
            throw new InvalidInputException(where + ": width " + width + " is not a multiple of the " + heads
                    + " attention heads. Fetch the model folder again.");
        }
        int layers = Json.integer(json, "layers", 12, where);
        return new Tower(width, layers, heads, hidden(where, json, width), activation, EPSILON);
    }

    private static int hidden(String where, JsonObject json, int width) {
        JsonElement ratio = json.get("mlp_ratio");
        double value = RATIO;
        if (ratio instanceof JsonPrimitive primitive && primitive.isNumber()) {
            value = primitive.getAsDouble();
        } else if (ratio != null) {
            value = Double.NaN;
        }
        if (!(value > 0 && value <= 64)) {
            throw new InvalidInputException(where + ": mlp_ratio is " + Quoted.of(ratio)
                    + "; a number above 0 and at most 64 is allowed. Fetch the model folder again.");
        }
        return Math.max(1, (int) (width * value));
    }

    private static boolean flag(String where, String key, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw new InvalidInputException(where + ": " + key + " is " + Quoted.of(value)
                + "; true and false are allowed. Fetch the model folder again.");
    }
}
