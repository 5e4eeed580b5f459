package dev.metaprompt.pretrain;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of nano-CLIP and the descriptive files of its folder, as transformers reads them. */
final class NanoClip {
    static final int IMAGE = 48;
    static final int PATCH = 8;
    static final int CONTEXT = 24;
    private static final int WIDTH = 96;
    private static final int PROJECTION = 128;
    private static final int PAD = 0;
    private static final int UNKNOWN = 1;
    private static final int BEGIN = 2;
    private static final int END = 3;
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "<|startoftext|>", "<|endoftext|>");
    private static final String MARKS = "0123456789.,;:!?'\"()-_/&+#%";
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final List<String> vocabulary;

    NanoClip(List<String> classNames) {
        List<String> tokens = new ArrayList<>(SPECIAL);
        for (char c : MARKS.toCharArray()) {
            tokens.add(String.valueOf(c));
        }
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        // What continues a word: an unknown word falls apart into its letters.
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add("##" + c);
        }
        for (char c = '0'; c <= '9'; c++) {
            tokens.add("##" + c);
        }
        for (String word : Captions.words(classNames)) {
            if (!tokens.contains(word)) {
                tokens.add(word);
            }
        }
        vocabulary = List.copyOf(tokens);
    }

    ClipConfig config() {
        ClipConfig.Activation gelu = ClipConfig.Activation.QUICK_GELU;
        ClipConfig.Tower text = new ClipConfig.Tower(WIDTH, 3, 3, 4 * WIDTH, gelu, 1e-5f);
        ClipConfig.Tower vision = new ClipConfig.Tower(WIDTH, 4, 3, 4 * WIDTH, gelu, 1e-5f);
        return new ClipConfig(text, vision, PROJECTION, vocabulary.size(), CONTEXT, END, IMAGE, PATCH);
    }

    static Preprocessing preprocessing() {
        Preprocessing clip = Preprocessing.CLIP_224;
        return new Preprocessing(IMAGE, IMAGE, clip.mean(), clip.std());
    }

    /** Writes everything but the weights. */
    void write(Path folder) throws IOException {
        json(folder.resolve("config.json"), configJson());
        json(folder.resolve("preprocessor_config.json"), preprocessorJson());
        json(folder.resolve("tokenizer.json"), tokenizerJson());
        json(folder.resolve("tokenizer_config.json"), tokenizerConfigJson());
    }

    static void json(Path file, Map<String, ?> content) throws IOException {
        Files.writeString(file, GSON.toJson(content) + "\n");
    }

    private Map<String, Object> configJson() {
        ClipConfig config = config();
        Map<String, Object> text = tower(config.text(), "clip_text_model");
        text.put("vocab_size", config.vocabulary());
        text.put("max_position_embeddings", config.context());
        text.put("bos_token_id", BEGIN);
        text.put("eos_token_id", END);
        text.put("pad_token_id", PAD);
        Map<String, Object> vision = tower(config.vision(), "clip_vision_model");
        vision.put("image_size", config.imageSize());
        vision.put("patch_size", config.patch());
        vision.put("num_channels", 3);
        return ordered(
                "architectures",
                List.of("CLIPModel"),
                "model_type",
                "clip",
                "projection_dim",
                config.projection(),
                "logit_scale_init_value",
                2.6391,
                "text_config",
                text,
                "vision_config",
                vision);
    }

    private static Map<String, Object> tower(ClipConfig.Tower tower, String type) {
        return ordered(
                "model_type", type,
                "hidden_size", tower.width(),
                "intermediate_size", tower.hidden(),
                "num_hidden_layers", tower.layers(),
                "num_attention_heads", tower.heads(),
                "projection_dim", PROJECTION,
                "hidden_act", tower.activation().key(),
                "layer_norm_eps", 1e-5,
                "attention_dropout", 0.0);
    }

    private static Map<String, Object> preprocessorJson() {
        Preprocessing p = preprocessing();
        return ordered(
                "image_processor_type",
                "CLIPImageProcessor",
                "do_resize",
                true,
                "size",
                Map.of("shortest_edge", p.resize()),
                "resample",
                3,
                "do_center_crop",
                true,
                "crop_size",
                ordered("height", p.crop(), "width", p.crop()),
                "do_convert_rgb",
                true,
                "do_rescale",
                true,
                "rescale_factor",
                1 / 255.0,
                "do_normalize",
                true,
                "image_mean",
                p.mean(),
                "image_std",
                p.std());
    }

    private Map<String, Object> tokenizerJson() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        Map<String, Object> model = ordered(
                "type", "WordPiece",
                "unk_token", "[UNK]",
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", 100,
                "vocab", ids);
        Map<String, Object> normalizer = ordered(
                "type", "BertNormalizer",
                "clean_text", true,
                "handle_chinese_chars", true,
                "strip_accents", true,
                "lowercase", true);
        Map<String, Object> json = ordered(
                "version", "1.0",
                "added_tokens", addedTokens(),
                "normalizer", normalizer,
                "pre_tokenizer", Map.of("type", "BertPreTokenizer"),
                "post_processor", template(),
                "decoder", ordered("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put("model", model);
        return json;
    }

    private static List<Object> addedTokens() {
        List<Object> added = new ArrayList<>();
        for (int id : new int[] {PAD, UNKNOWN, BEGIN, END}) {
            Map<String, Object> token = ordered("id", id, "content", SPECIAL.get(id), "single_word", false);
            token.putAll(ordered("lstrip", false, "rstrip", false, "normalized", false, "special", true));
            added.add(token);
        }
        return added;
    }

    private static Map<String, Object> template() {
        Map<String, Object> begin = Map.of("SpecialToken", ordered("id", SPECIAL.get(BEGIN), "type_id", 0));
        Map<String, Object> end = Map.of("SpecialToken", ordered("id", SPECIAL.get(END), "type_id", 0));
        Map<String, Object> first = Map.of("Sequence", ordered("id", "A", "type_id", 0));
        Map<String, Object> second = Map.of("Sequence", ordered("id", "B", "type_id", 0));
        Map<String, Object> special = new LinkedHashMap<>();
        for (int id : new int[] {BEGIN, END}) {
            String token = SPECIAL.get(id);
            special.put(token, ordered("id", token, "ids", List.of(id), "tokens", List.of(token)));
        }
        return ordered(
                "type",
                "TemplateProcessing",
                "single",
                List.of(begin, first, end),
                "pair",
                List.of(begin, first, second, end),
                "special_tokens",
                special);
    }

    private static Map<String, Object> tokenizerConfigJson() {
        return ordered(
                "tokenizer_class", "PreTrainedTokenizerFast",
                "model_max_length", CONTEXT,
                "pad_token", SPECIAL.get(PAD),
                "unk_token", SPECIAL.get(UNKNOWN),
                "bos_token", SPECIAL.get(BEGIN),
                "eos_token", SPECIAL.get(END),
                "clean_up_tokenization_spaces", false);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
