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
 * Reads {@code config.json} as transformers does. Where it has a {@code text_config_dict} or a
 * {@code vision_config_dict}, as old checkpoints have, that stands in the place of {@code text_config} or
 * {@code vision_config} whole: what it leaves out has transformers' default, whatever the other says.
 *
 * @param config the sizes
 * @param imageTowerOverruled whether {@code vision_config_dict} makes another image tower than {@code vision_config}
 *     says
 * @param overruled whether one of them makes another model than {@code text_config} and {@code vision_config} say
 */
record TransformersConfig(ClipConfig config, boolean imageTowerOverruled, boolean overruled) {
    private static final String TEXT = "text_config";
    private static final String VISION = "vision_config";
    private static final String OVERRULING = "_dict";
    private static final String END = "eos_token_id";

    /** What transformers' configurations of any model may hold; none of it is read by CLIP's forward pass. */
    private static final Set<String> GENERIC = Set.of((
            // where it comes from, and how its numbers are kept
            "_name_or_path _commit_hash transformers_version transformers.js_config dtype torch_dtype use_bfloat16"
                    // how it is run
                    + " torchscript return_dict output_attentions output_hidden_states use_cache attn_implementation"
                    + " _attn_implementation _attn_implementation_autoset _attn_implementation_internal"
                    + " experts_implementation chunk_size_feed_forward gradient_checkpointing tokenizer_class"
                    // how it is trained
                    + " initializer_factor initializer_range logit_scale_init_value attention_dropout dropout"
                    + " tie_word_embeddings tf_legacy_loss"
                    // of classifiers
                    + " id2label label2id num_labels problem_type finetuning_task task_specific_params"
                    // of models that write texts
                    + " bos_token_id pad_token_id sep_token_id decoder_start_token_id prefix bad_words_ids"
                    + " begin_suppress_tokens suppress_tokens forced_bos_token_id forced_eos_token_id"
                    + " diversity_penalty do_sample early_stopping encoder_no_repeat_ngram_size"
                    + " exponential_decay_length_penalty length_penalty max_length min_length"
                    + " no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_scores"
                    + " remove_invalid_values repetition_penalty return_dict_in_generate temperature top_k top_p"
                    + " typical_p low_memory")
            .split(" "));

    private static final Map<String, Set<String>> NONE_OF = Map.of(
            "is_decoder", Set.of("false"),
            "is_encoder_decoder", Set.of("false"),
            "is_composition", Set.of("false", "true"),
            "add_cross_attention", Set.of("false"),
            "tie_encoder_decoder", Set.of("false"));

    private static final KnownKeys ANY = new KnownKeys(Set.of(), GENERIC, NONE_OF);
    private static final KnownKeys ROOT_KEYS = ANY.with(
            Set.of(TEXT, VISION, TEXT + OVERRULING, VISION + OVERRULING, "projection_dim"),
            Set.of(),
            Map.of(
                    "model_type", Set.of("\"clip\""),
                    "architectures", Set.of("[\"CLIPModel\"]", "[\"TFCLIPModel\"]", "[\"FlaxCLIPModel\"]")));
    private static final Set<String> TOWER_SIZES = Set.of(
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "hidden_act",
            "layer_norm_eps");
    // The whole model projects to its own projection_dim; a tower's is for the tower alone.
    private static final KnownKeys TOWER_KEYS =
            ANY.with(TOWER_SIZES, Set.of("projection_dim", "architectures"), Map.of());
    private static final KnownKeys TEXT_KEYS = TOWER_KEYS.with(
            Set.of("vocab_size", "max_position_embeddings", END),
            Set.of(),
            Map.of("model_type", Set.of("\"clip_text_model\"")));
    private static final KnownKeys VISION_KEYS = TOWER_KEYS.with(
            Set.of("image_size", "patch_size"),
            // images have no end
            Set.of(END),
            Map.of("model_type", Set.of("\"clip_vision_model\""), "num_channels", Set.of("3")));

    /**
     * Reads the file.
     *
     * @param file the file
     * @return what it says
     * @throws InvalidInputException as {@link ClipConfig#read}
     */
    static TransformersConfig read(Path file) {
        JsonObject root = ClipConfig.parse(file);
        String text = deciding(root, TEXT);
        String vision = deciding(root, VISION);
        // Of a file of no CLIP this says more than its first key does.
        ClipConfig.child(root, text, file);
        ClipConfig.child(root, vision, file);
        ROOT_KEYS.require(file.toString(), root);
        JsonObject textJson = tower(root, TEXT, text, TEXT_KEYS, file);
        JsonObject visionJson = tower(root, VISION, vision, VISION_KEYS, file);
        ClipConfig config = config(root, textJson, visionJson, file + ": " + text, file + ": " + vision, file);
        boolean plain = text.equals(TEXT) && vision.equals(VISION);
        return new TransformersConfig(
                config,
                !vision.equals(VISION) && !sameImageTower(root, config, file),
                !plain && !sameTowers(root, config, file));
    }

    private static ClipConfig config(
            JsonObject root, JsonObject textJson, JsonObject visionJson, String inText, String inVision, Path file) {
        return new ClipConfig(
                tower(textJson, 512, 8, 2048, inText),
                tower(visionJson, 768, 12, 3072, inVision),
                Json.integer(root, "projection_dim", 512, file.toString()),
                Json.integer(textJson, "vocab_size", 49408, inText),
                Json.integer(textJson, "max_position_embeddings", 77, inText),
                // null would not do: transformers finds no text's end by it
                Json.integer(textJson, END, 49407, inText),
                Json.side(visionJson, "image_size", 224, inVision),
                ClipConfig.patch(visionJson, 32, inVision));
    }

    private static String deciding(JsonObject root, String key) {
        JsonElement overruling = root.get(key + OVERRULING);
        return overruling == null || overruling.isJsonNull() ? key : key + OVERRULING;
    }

    private static JsonObject tower(JsonObject root, String key, String deciding, KnownKeys known, Path file) {
        JsonObject json = child(root, deciding, known, file);
        boolean beside = root.has(key) && !root.get(key).isJsonNull();
        if (beside && !deciding.equals(key)) {
            child(root, key, known, file);
        }
        return json;
    }

    private static JsonObject child(JsonObject root, String key, KnownKeys known, Path file) {
        JsonObject json = ClipConfig.child(root, key, file);
        known.require(file + ": " + key, json);
        return json;
    }

    /** Tells whether {@code vision_config} by itself says the same. */
    private static boolean sameImageTower(JsonObject root, ClipConfig config, Path file) {
        try {
            Tower alone = tower(ClipConfig.child(root, VISION, file), 768, 12, 3072, file.toString());
            return alone.equals(config.vision());
        } catch (InvalidInputException e) {
            return false;
        }
    }

    /** Tells whether {@code text_config} and {@code vision_config} by themselves say the same. */
    private static boolean sameTowers(JsonObject root, ClipConfig config, Path file) {
        try {
            JsonObject text = ClipConfig.child(root, TEXT, file);
            JsonObject vision = ClipConfig.child(root, VISION, file);
            ClipConfig alone = config(root, text, vision, file.toString(), file.toString(), file);
            return Reading.towers(alone).equals(Reading.towers(config));
        } catch (InvalidInputException e) {
            return false;
        }
    }

    private static Tower tower(JsonObject json, int width, int heads, int hidden, String where) {
        Tower tower = new Tower(
                Json.integer(json, "hidden_size", width, where),
                Json.integer(json, "num_hidden_layers", 12, where),
                Json.integer(json, "num_attention_heads", heads, where),
                Json.integer(json, "intermediate_size", hidden, where),
                Activation.of(json.get("hidden_act"), where),
                epsilon(json.get("layer_norm_eps"), where));
        if (tower.width() % tower.heads() != 0) {
            throw new InvalidInputException(where + ": hidden_size " + tower.width()
                    + " is not a multiple of num_attention_heads " + tower.heads() + Json.ADVICE);
        }
        return tower;
    }

    private static float epsilon(JsonElement element, String where) {
        if (element == null) {
            return 1e-5f;
        }
        if (element instanceof JsonPrimitive number && number.isNumber() && number.getAsFloat() > 0) {
            return number.getAsFloat();
        }
        throw new InvalidInputException(
                where + ": layer_norm_eps is " + Quoted.of(element) + "; a number above 0 is allowed" + Json.ADVICE);
    }
}
