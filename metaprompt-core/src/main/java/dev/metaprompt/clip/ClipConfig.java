package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

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

        /** Another of transformers' names of the exact one, which Python code computes there. */
        private static final JsonPrimitive GELU_PYTHON = new JsonPrimitive("gelu_python");

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

        /**
         * Returns the name in options: {@code quickgelu} or {@code gelu}.
         *
         * @return the name
         */
        public String option() {
            return key.replace("_", "");
        }

        /**
         * Finds an activation by its name in options.
         *
         * @param option what {@link #option} gives
         * @return the activation
         * @throws IllegalArgumentException if there is none of this name
         */
        public static Activation ofOption(String option) {
            return Arrays.stream(values())
                    .filter(activation -> activation.option().equals(option))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(option));
        }

        static Activation of(JsonElement key, String where) {
            if (GELU_PYTHON.equals(key)) {
                return GELU;
            }
            for (Activation activation : values()) {
                if (key == null ? activation == QUICK_GELU : key.equals(new JsonPrimitive(activation.key))) {
                    return activation;
                }
            }
            throw new InvalidInputException(where + ": hidden_act is " + Quoted.of(key)
                    + "; allowed are quick_gelu and gelu. Use a checkpoint with one of these.");
        }
    }

    /**
     * Returns the activation of the model.
     *
     * @return nothing if its towers have different ones
     */
    public Optional<Activation> activation() {
        return Optional.of(text.activation()).filter(vision.activation()::equals);
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
     * @throws InvalidInputException if the file is missing, no JSON, its sizes contradict each other, or it has a key
     *     that may make another model
     */
    public static ClipConfig read(Path file) {
        return TransformersConfig.read(file).config();
    }

    /** Reads the object of a configuration file, which is what the user names if there is none. */
    static JsonObject parse(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(file + " is missing: a model folder holds config.json, model.safetensors,"
                    + " tokenizer.json. Name such a folder as model, or leave model out for nano-clip.");
        }
        return Json.object(file);
    }

    static JsonObject child(JsonObject root, String key, Path file) {
        JsonElement element = root.get(key);
        if (element == null || !element.isJsonObject()) {
            throw new InvalidInputException(file + " has no " + key
                    + ": it does not describe a CLIP model. Name a folder with a CLIP checkpoint as model.");
        }
        return element.getAsJsonObject();
    }

    /** Reads the side of a patch, of which the image's is a multiple. */
    static int patch(JsonObject vision, int defaultValue, String where) {
        int image = Json.side(vision, "image_size", 224, where);
        int patch = Json.side(vision, "patch_size", defaultValue, where);
        if (image % patch != 0) {
            throw new InvalidInputException(
                    where + ": image_size " + image + " is not a multiple of patch_size " + patch + Json.ADVICE);
        }
        return patch;
    }
}
