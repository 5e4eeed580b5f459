package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of a ViT CLIP as its {@code config.json} gives them; absent values are those of OpenAI's models.
 *
 * @param text the text tower
 * @param vision the image tower
 * @param projection width d of the shared space
 * @param vocabulary number of token ids
 * @param context the longest text in tokens, begin and end included
 * @param endToken id of the end-of-text token; 2 means: the largest id in the text, as old configurations have it
 * @param imageSize side of the square input in pixels
 * @param patch side of a patch in pixels
 */
public record ClipConfig(
        Tower text, Tower vision, int projection, int vocabulary, int context, int endToken, int imageSize, int patch) {
    /** The id by which old configurations say "the end token has the largest id". */
    static final int LEGACY_END_TOKEN = 2;

    private static final long LARGEST = 1 << 20;

    /**
     * The sizes of one transformer.
     *
     * @param width size W of a hidden state
     * @param layers number of layers
     * @param heads attention heads; divides the width
     * @param hidden size of the MLP's hidden layer
     * @param activation the MLP's activation
     * @param epsilon of the layer norms
     */
    public record Tower(int width, int layers, int heads, int hidden, Activation activation, float epsilon) {}

    /** The MLP's activation. OpenAI's weights need {@link #QUICK_GELU}; the other gives other features. */
    public enum Activation {
        /** x · sigmoid(1.702 x). */
        QUICK_GELU("quick_gelu"),
        /** x · Φ(x), exact (erf). */
        GELU("gelu");

        private final String key;

        Activation(String key) {
            this.key = key;
        }

        /**
         * Returns the name in {@code config.json}.
         *
         * @return the name
         */
        public String key() {
            return key;
        }

        static Activation of(JsonElement key, Path file) {
            for (Activation activation : values()) {
                if (key == null ? activation == QUICK_GELU : key.equals(new JsonPrimitive(activation.key))) {
                    return activation;
                }
            }
            throw new InvalidInputException(file + ": hidden_act is " + Quoted.of(key)
                    + "; allowed are quick_gelu and gelu. Use a checkpoint with one of these.");
        }
    }

    /**
     * Returns the number of positions of the image tower: patches and the class token.
     *
     * @return (imageSize / patch)² + 1
     */
    public int imagePositions() {
        int grid = imageSize / patch;
        return grid * grid + 1;
    }

    /**
     * Reads {@code config.json}.
     *
     * @param file the file
     * @return the sizes
     * @throws InvalidInputException if the file is missing, no JSON, or its sizes contradict each other
     */
    public static ClipConfig read(Path file) {
        JsonObject root = parse(file);
        JsonObject text = child(root, "text_config", file);
        JsonObject vision = child(root, "vision_config", file);
        return new ClipConfig(
                tower(text, 512, 8, 2048, file),
                tower(vision, 768, 12, 3072, file),
                integer(root, "projection_dim", 512, file),
                integer(text, "vocab_size", 49408, file),
                integer(text, "max_position_embeddings", 77, file),
                endToken(text, file),
                integer(vision, "image_size", 224, file),
                patch(vision, 32, file));
    }

    static JsonObject parse(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(file + " is missing: a model folder holds config.json, model.safetensors,"
                    + " tokenizer.json. Name such a folder as model, or leave model out for nano-clip.");
        }
        try {
            return JsonParser.parseString(UserText.read(file, LARGEST)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(file + " is not a JSON object. Fetch the model folder again.", e);
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be read: " + Quoted.reason(e), e);
        }
    }

    static JsonObject child(JsonObject root, String key, Path file) {
        JsonElement element = root.get(key);
        if (element == null || !element.isJsonObject()) {
            throw new InvalidInputException(file + " has no " + key
                    + ": it does not describe a CLIP model. Name a folder with a CLIP checkpoint as model.");
        }
        return element.getAsJsonObject();
    }

    private static Tower tower(JsonObject json, int width, int heads, int hidden, Path file) {
        Tower tower = new Tower(
                integer(json, "hidden_size", width, file),
                integer(json, "num_hidden_layers", 12, file),
                integer(json, "num_attention_heads", heads, file),
                integer(json, "intermediate_size", hidden, file),
                Activation.of(json.get("hidden_act"), file),
                epsilon(json.get("layer_norm_eps"), file));
        if (tower.width % tower.heads != 0) {
            throw new InvalidInputException(file + ": hidden_size " + tower.width
                    + " is not a multiple of num_attention_heads " + tower.heads + ". Fetch the model folder again.");
        }
        return tower;
    }

    private static float epsilon(JsonElement element, Path file) {
        if (element == null) {
            return 1e-5f;
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber() && element.getAsFloat() > 0) {
            return element.getAsFloat();
        }
        throw new InvalidInputException(file + ": layer_norm_eps is " + Quoted.of(element)
                + "; a number above 0 is allowed. Fetch the model folder again.");
    }

    private static int endToken(JsonObject text, Path file) {
        JsonElement end = text.get("eos_token_id");
        return end == null || end.isJsonNull() ? 49407 : integer(text, "eos_token_id", 49407, file);
    }

    static int patch(JsonObject vision, int defaultValue, Path file) {
        int image = integer(vision, "image_size", 224, file);
        int patch = integer(vision, "patch_size", defaultValue, file);
        if (image % patch != 0) {
            throw new InvalidInputException(file + ": image_size " + image + " is not a multiple of patch_size " + patch
                    + ". Fetch the model folder again.");
        }
        return patch;
    }

    static int integer(JsonObject json, String key, int defaultValue, Path file) {
        JsonElement element = json.get(key);
        if (element == null) {
            return defaultValue;
        }
        try {
            // Not getAsInt: it cuts 2.5 to 2 and takes [7] for 7.
            int value = element.getAsJsonPrimitive().getAsBigDecimal().intValueExact();
            if (value >= 1) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException | IllegalStateException e) {
            throw new InvalidInputException(notPositive(file, key, element), e);
        }
        throw new InvalidInputException(notPositive(file, key, element));
    }

    private static String notPositive(Path file, String key, JsonElement element) {
        return file + ": " + key + " is " + Quoted.of(element) + "; a whole number of at least 1 is allowed."
                + " Fetch the model folder again.";
    }
}
