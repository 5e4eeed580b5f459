package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.image.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A folder with a CLIP checkpoint as the Hugging Face hub lays it out.
 *
 * @param name as the user wrote it
 * @param path the folder
 */
public record ModelFolder(String name, Path path) {
    private static final int BICUBIC = 3;
    private static final int CHANNELS = 3;
    private static final String ADVICE = ". Fetch the model folder again.";

    /**
     * Returns the weights' file.
     *
     * @return {@code model.safetensors}
     */
    public Path weights() {
        return path.resolve("model.safetensors");
    }

    /**
     * Returns the settings that the model's maker recommends.
     *
     * @return {@code metaprompt.yaml}, if the folder has one
     */
    public Optional<Path> recommendations() {
        return Optional.of(path.resolve("metaprompt.yaml")).filter(Files::isRegularFile);
    }

    /**
     * Computes the digest of the weights.
     *
     * @return SHA-256 in lower-case hexadecimal digits
     */
    public String sha256() {
        try (InputStream in = Files.newInputStream(weights())) {
            MessageDigest digest = Sha256.begin();
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return Sha256.hex(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads {@code preprocessor_config.json}; without one CLIP's constants hold.
     *
     * @param config the model's sizes
     * @return size, crop, mean and deviation
     * @throws InvalidInputException if the file asks for something other than CLIP's kind of preprocessing
     */
    Preprocessing preprocessing(ClipConfig config) {
        Path file = path.resolve("preprocessor_config.json");
        Preprocessing clip = Preprocessing.CLIP_224;
        int size = config.imageSize();
        if (!Files.isRegularFile(file)) {
            return new Preprocessing(size, size, clip.mean(), clip.std());
        }
        JsonObject json = parse(file);
        int crop = side(file, json, "crop_size", "height", size);
        if (crop != size) {
            throw new InvalidInputException(
                    file + ": crop_size is " + crop + "; config.json's image_size is " + size + ". Make them equal.");
        }
        int resample = side(file, json, "resample", "", BICUBIC);
        if (resample != BICUBIC) {
            throw new InvalidInputException(file + ": resample is " + resample + "; only 3 (bicubic) is supported.");
        }
        int resize = side(file, json, "size", "shortest_edge", size);
        float[] mean = floats(file, json, "image_mean", clip.mean());
        float[] std = floats(file, json, "image_std", clip.std());
        try {
            return new Preprocessing(resize, crop, mean, std);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    file + ": size, image_mean or image_std is out of range: " + e.getMessage() + ADVICE, e);
        }
    }

    private static JsonObject parse(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(file + " is not a JSON object" + ADVICE, e);
        }
    }

    // A side is written as 224 or as {"shortest_edge": 224} or {"height": 224, "width": 224}.
    private static int side(Path file, JsonObject json, String key, String part, int defaultValue) {
        JsonElement element = json.get(key);
        JsonElement side = element;
        if (element != null && element.isJsonObject()) {
            JsonObject object = element.getAsJsonObject();
            side = object.has(part) ? object.get(part) : object.get("height");
        }
        if (side == null) {
            return defaultValue;
        }
        try {
            return side.getAsJsonPrimitive().getAsBigDecimal().intValueExact();
        } catch (ArithmeticException | NumberFormatException | IllegalStateException e) {
            throw new InvalidInputException(
                    file + ": " + key + " is " + element + "; a whole number is allowed" + ADVICE, e);
        }
    }

    private static float[] floats(Path file, JsonObject json, String key, float[] defaultValue) {
        JsonElement element = json.get(key);
        if (element == null) {
            return defaultValue;
        }
        try {
            float[] values = new float[CHANNELS];
            for (int i = 0; i < CHANNELS; i++) {
                values[i] = element.getAsJsonArray().get(i).getAsFloat();
            }
            return values;
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    file + ": " + key + " is " + element + "; a list of 3 numbers is allowed" + ADVICE, e);
        }
    }
}
