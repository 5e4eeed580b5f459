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
    private static final Set<String> MODEL =
            Set.of("embed_dim", "quick_gelu", "vision_cfg", "text_cfg", "custom_text", "init_logit_scale");
    private static final Set<String> VISION =
            Set.of("image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio");
    private static final Set<String> TEXT =
            Set.of("context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio");
    // Keys that leave the features as they are, or do so with the value given here.
    private static final Set<String> FREE = Set.of(
            "patch_dropout",
            "output_tokens",
            "cast_dtype",
            "pad_id",
            "eos_id",
            "hf_tokenizer_name",
            "tokenizer_kwargs",
            "tokenizer_mode",
            "timm_pool",
            "timm_proj",
            "timm_drop",
            "attn_pooler_queries",
            "attn_pooler_heads",
            "hf_model_pretrained",
            "hf_proj_type",
            "hf_pooler_type");
    private static final Map<String, String> FIXED = Map.of(
            "pool_type", "tok argmax",
            "pos_embed_type", "learnable",
            "proj_type", "linear",
            "block_type", "default");

    private OpenClipConfig() {}

    /**
     * Reads the sizes.
     *
     * @param file the file
     * @return the sizes; open_clip takes the largest id for the end of a text
     * @throws InvalidInputException if it is no such file, or describes another kind of model
     */
    static ClipConfig read(Path file) {
        JsonObject model = ClipConfig.child(ClipConfig.parse(file), "model_cfg", file);
        JsonObject vision = ClipConfig.child(model, "vision_cfg", file);
        JsonObject text = ClipConfig.child(model, "text_cfg", file);
        refuseOthers(file, model, MODEL);
        refuseOthers(file, vision, VISION);
        refuseOthers(file, text, TEXT);
        Activation activation = Activation.GELU;
        if (model.has("quick_gelu")) {
            activation = flag(file, "quick_gelu", model.get("quick_gelu")) ? Activation.QUICK_GELU : Activation.GELU;
        }
        int textWidth = ClipConfig.integer(text, "width", 512, file);
        int visionWidth = ClipConfig.integer(vision, "width", 768, file);
        int head = ClipConfig.integer(vision, "head_width", HEAD, file);
        return new ClipConfig(
                tower(file, text, textWidth, ClipConfig.integer(text, "heads", 8, file), activation),
                tower(file, vision, visionWidth, Math.max(1, visionWidth / head), activation),
                ClipConfig.integer(model, "embed_dim", 512, file),
                ClipConfig.integer(text, "vocab_size", 49408, file),
                ClipConfig.integer(text, "context_length", 77, file),
                ClipConfig.LEGACY_END_TOKEN,
                ClipConfig.integer(vision, "image_size", 224, file),
                ClipConfig.patch(vision, 16, file));
    }

    private static Tower tower(Path file, JsonObject json, int width, int heads, Activation activation) {
        if (width % heads != 0) {
            throw new InvalidInputException(file + ": width " + width + " is not a multiple of the " + heads
                    + " attention heads. Fetch the model folder again.");
        }
        int layers = ClipConfig.integer(json, "layers", 12, file);
        return new Tower(width, layers, heads, hidden(file, json, width), activation, EPSILON);
    }

    private static int hidden(Path file, JsonObject json, int width) {
        JsonElement ratio = json.get("mlp_ratio");
        double value = RATIO;
        if (ratio instanceof JsonPrimitive primitive && primitive.isNumber()) {
            value = primitive.getAsDouble();
        } else if (ratio != null) {
            value = Double.NaN;
        }
        if (!(value > 0 && value <= 64)) {
            throw new InvalidInputException(file + ": mlp_ratio is " + Quoted.of(ratio)
                    + "; a number above 0 and at most 64 is allowed. Fetch the model folder again.");
        }
        return Math.max(1, (int) (width * value));
    }

    private static boolean flag(Path file, String key, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw new InvalidInputException(file + ": " + key + " is " + Quoted.of(value)
                + "; true and false are allowed. Fetch the model folder again.");
    }

    private static void refuseOthers(Path file, JsonObject json, Set<String> known) {
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key) && !FREE.contains(key) && !neutral(key, entry.getValue())) {
                throw new InvalidInputException(
                        file + ": " + Quoted.of(key) + " is "
                                + Quoted.of(entry.getValue().toString())
                                + ", which makes another model than CLIP's vision and text transformers. Use a model without it.");
            }
        }
    }

    private static boolean neutral(String key, JsonElement value) {
        if (value.isJsonNull() || value.equals(new JsonPrimitive(false))) {
            return true;
        }
        if (value.isJsonObject()) {
            return value.getAsJsonObject().isEmpty();
        }
        return FIXED.containsKey(key)
                && value.isJsonPrimitive()
                && Set.of(FIXED.get(key).split(" ")).contains(value.getAsString());
    }
}
