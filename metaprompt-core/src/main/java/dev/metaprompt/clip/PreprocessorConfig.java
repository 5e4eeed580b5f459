package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads how images are prepared; what is not CLIP's way is refused by name. */
final class PreprocessorConfig {
    private static final long LARGEST = 1 << 20;
    private static final int BICUBIC = 3;
    private static final int CHANNELS = 3;
    private static final double RESCALE = 1 / 255.0;
    private static final double RESCALE_ROOM = 1e-9;
    private static final List<String> STEPS =
            List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb");
    private static final String ADVICE = ". Fetch the model folder again.";

    private PreprocessorConfig() {}

    /** CLIP's own constants at the model's size. */
    static Preprocessing standard(int imageSize) {
        Preprocessing clip = Preprocessing.CLIP_224;
        return new Preprocessing(imageSize, imageSize, clip.mean(), clip.std());
    }

    /**
     * Reads {@code preprocessor_config.json}.
     *
     * @param file the file
     * @param imageSize the model's
     * @return the preprocessing
     * @throws InvalidInputException if it is no such file, or asks for another way than CLIP's
     */
    static Preprocessing read(Path file, int imageSize) {
        JsonObject json = parse(file);
        for (String step : STEPS) {
            require(file, json, step, new JsonPrimitive(true));
        }
        JsonElement factor = json.get("rescale_factor");
        if (factor != null && !(Math.abs(number(file, "rescale_factor", factor) - RESCALE) <= RESCALE_ROOM)) {
            throw new InvalidInputException(file + ": rescale_factor is " + Quoted.of(factor)
                    + "; only 1/255 is supported. Use a model that has it.");
        }
        int crop = crop(file, side(file, json, "crop_size", "height", imageSize), imageSize);
        int resample = side(file, json, "resample", "", BICUBIC);
        if (resample != BICUBIC) {
            throw new InvalidInputException(file + ": resample is " + resample + "; only 3 (bicubic) is supported.");
        }
        refuseSquashing(file, json.get("size"));
        int resize = side(file, json, "size", "shortest_edge", imageSize);
        return preprocessing(file, json, "image_mean", "image_std", resize, crop);
    }

    /**
     * Reads {@code preprocess_cfg} of {@code open_clip_config.json}.
     *
     * @param file the file
     * @param imageSize the model's
     * @return the preprocessing
     * @throws InvalidInputException if it asks for another way than CLIP's
     */
    static Preprocessing readOpenClip(Path file, int imageSize) {
        JsonElement element = parse(file).get("preprocess_cfg");
        JsonObject json = element != null && element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
        require(file, json, "interpolation", new JsonPrimitive("bicubic"));
        require(file, json, "resize_mode", new JsonPrimitive("shortest"));
        require(file, json, "mode", new JsonPrimitive("RGB"));
        JsonElement size = json.get("size");
        if (size != null && size.isJsonArray() && size.getAsJsonArray().size() > 0) {
            // [height, width], or [channels, height, width]
            int last = size.getAsJsonArray().size() - 1;
            JsonElement height = size.getAsJsonArray().get(Math.max(0, last - 1));
            json.add("size", size.getAsJsonArray().get(last));
            if (!height.equals(json.get("size"))) {
                throw new InvalidInputException(
                        file + ": size is " + Quoted.of(size) + "; a square is allowed" + ADVICE);
            }
        }
        int crop = crop(file, side(file, json, "size", "", imageSize), imageSize);
        return preprocessing(file, json, "mean", "std", crop, crop);
    }

    private static void require(Path file, JsonObject json, String key, JsonPrimitive only) {
        JsonElement value = json.get(key);
        if (value != null && !value.isJsonNull() && !value.equals(only)) {
            throw new InvalidInputException(file + ": " + key + " is " + Quoted.of(value.toString()) + "; only " + only
                    + " is supported. Use a model whose images are prepared as CLIP's.");
        }
    }

    private static int crop(Path file, int crop, int imageSize) {
        if (crop != imageSize) {
            throw new InvalidInputException(file + ": crop_size is " + crop + "; the model's image_size is " + imageSize
                    + ". Make them equal.");
        }
        return crop;
    }

    // transformers takes a height and a width without a shortest edge for the very sides of the result.
    private static void refuseSquashing(Path file, JsonElement size) {
        if (size != null && size.isJsonObject() && !size.getAsJsonObject().has("shortest_edge")) {
            throw new InvalidInputException(file + ": size is " + Quoted.of(size)
                    + ", which takes no heed of an image's proportions; only shortest_edge is supported."
                    + " Use a model whose images are prepared as CLIP's.");
        }
    }

    private static Preprocessing preprocessing(
            Path file, JsonObject json, String meanKey, String stdKey, int resize, int crop) {
        Preprocessing clip = Preprocessing.CLIP_224;
        float[] mean = floats(file, json, meanKey, clip.mean());
        float[] std = floats(file, json, stdKey, clip.std());
        try {
            return new Preprocessing(resize, crop, mean, std);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    file + ": size, " + meanKey + " or " + stdKey + " is out of range: " + Quoted.reason(e) + ADVICE,
                    e);
        }
    }

    private static JsonObject parse(Path file) {
        try {
            return JsonParser.parseString(UserText.read(file, LARGEST)).getAsJsonObject();
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
                    file + ": " + key + " is " + Quoted.of(element) + "; a whole number is allowed" + ADVICE, e);
        }
    }

    private static double number(Path file, String key, JsonElement element) {
        try {
            return element.getAsDouble();
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    file + ": " + key + " is " + Quoted.of(element) + "; a number is allowed" + ADVICE, e);
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
                    file + ": " + key + " is " + Quoted.of(element) + "; a list of 3 numbers is allowed" + ADVICE, e);
        }
    }
}
