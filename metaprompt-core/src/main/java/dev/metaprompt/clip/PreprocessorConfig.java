package dev.metaprompt.clip;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads how images are prepared; what is not CLIP's way is refused by name. */
final class PreprocessorConfig {
    private static final int BICUBIC = 3;
    private static final int CHANNELS = 3;
    /** Sides in transformers' image processor of CLIP, where a file leaves them out. */
    private static final int USUAL_SIDE = 224;

    private static final double RESCALE = 1 / 255.0;
    private static final double RESCALE_ROOM = 1e-9;
    private static final String NESTED = "image_processor";
    private static final String OPEN_CLIP = "preprocess_cfg";
    private static final String SIZE = "size";
    private static final String CROP = "crop_size";
    private static final String SHORTEST = "shortest_edge";
    private static final List<String> STEPS =
            List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb");
    private static final String ANOTHER_WAY = ". Use a model whose images are prepared as CLIP's.";

    private static final Set<String> OFF = Set.of("false");
    private static final Set<String> CLIP_TYPES = Set.of(
            "\"CLIPImageProcessor\"",
            "\"CLIPImageProcessorFast\"",
            "\"CLIPImageProcessorPil\"",
            "\"CLIPFeatureExtractor\"");
    private static final KnownKeys TRANSFORMERS = new KnownKeys(
            Stream.concat(
                            STEPS.stream(),
                            Stream.of(SIZE, CROP, "resample", "rescale_factor", "image_mean", "image_std"))
                    .collect(Collectors.toSet()),
            // What comes back and how it is computed; no pixel's value.
            Set.of(
                    "processor_class",
                    "_processor_class",
                    "_valid_processor_keys",
                    "data_format",
                    "input_data_format",
                    "device",
                    "return_tensors",
                    "disable_grouping",
                    "image_seq_length",
                    "model_input_names",
                    "use_fast",
                    "transformers_version"),
            Map.of(
                    "image_processor_type", CLIP_TYPES,
                    "feature_extractor_type", CLIP_TYPES,
                    "default_to_square", OFF,
                    "use_square_size", OFF,
                    "do_pad", OFF));
    private static final KnownKeys PROCESSOR = new KnownKeys(
            Set.of(NESTED),
            Set.of("chat_template", "transformers_version", "_commit_hash"),
            Map.of("processor_class", Set.of("\"CLIPProcessor\"", "\"CLIPProcessorFast\"")));
    private static final KnownKeys OPEN_CLIPS = new KnownKeys(
            Set.of(SIZE, "mean", "std", "interpolation", "resize_mode", "mode"),
            // Of borders, which the shortest side's way has not.
            Set.of("fill_color"),
            Map.of());

    private final String name;
    private final String where;
    private final JsonObject json;
    private final int imageSize;

    private PreprocessorConfig(Path file, String place, JsonObject json, int imageSize) {
        this.name = file.getFileName() + place;
        this.where = file + place;
        this.json = json;
        this.imageSize = imageSize;
    }

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
     * @return the preprocessing, and what was assumed of it
     * @throws InvalidInputException if it is no such file, or asks for another way than CLIP's
     */
    static Prepared read(Path file, int imageSize) {
        return new PreprocessorConfig(file, "", Json.object(file), imageSize).transformers();
    }

    /**
     * Reads {@code preprocessor_config.json} as versions did that took the model's size for a missing {@code size},
     * whatever else the file says.
     *
     * @param file the file
     * @param imageSize the model's
     * @return the preprocessing
     * @throws InvalidInputException as {@link #read}
     */
    static Preprocessing readBefore(Path file, int imageSize) {
        Preprocessing now = read(file, imageSize).preprocessing();
        return Json.object(file).has(SIZE) ? now : new Preprocessing(imageSize, now.crop(), now.mean(), now.std());
    }

    /**
     * Reads {@code image_processor} of {@code processor_config.json}, into which transformers 5 writes it.
     *
     * @param file the file
     * @param imageSize the model's
     * @return the preprocessing; empty if the file says nothing of images, as before transformers 5
     * @throws InvalidInputException if it is no such file, or asks for another way than CLIP's
     */
    static Optional<Prepared> readNested(Path file, int imageSize) {
        JsonObject root = Json.object(file);
        PROCESSOR.require(file.toString(), root);
        return child(file, root, NESTED)
                .map(json -> new PreprocessorConfig(file, ": " + NESTED, json, imageSize).transformers());
    }

    /**
     * Reads {@code preprocess_cfg} of {@code open_clip_config.json}.
     *
     * @param file the file
     * @param imageSize the model's
     * @return the preprocessing; empty if the file says nothing of images
     * @throws InvalidInputException if it asks for another way than CLIP's
     */
    static Optional<Prepared> readOpenClip(Path file, int imageSize) {
        return child(file, Json.object(file), OPEN_CLIP)
                .map(json -> new PreprocessorConfig(file, ": " + OPEN_CLIP, json, imageSize).openClip());
    }

    private static Optional<JsonObject> child(Path file, JsonObject root, String key) {
        JsonElement element = root.get(key);
        if (element == null || element.isJsonNull()) {
            return Optional.empty();
        }
        if (!element.isJsonObject()) {
            throw new InvalidInputException(
                    file + ": " + key + " is " + Quoted.of(element) + "; an object is allowed" + Json.ADVICE);
        }
        return Optional.of(element.getAsJsonObject());
    }

    private Prepared transformers() {
        TRANSFORMERS.require(where, json);
        STEPS.forEach(this::requireStep);
        requireRescaling();
        requireBicubic();
        int crop = requireModels(CROP, Json.side(json, CROP, imageSize, where));
        return new Prepared(preprocessing("image_mean", "image_std", shortestSide(), crop), assumptions());
    }

    private Prepared openClip() {
        OPEN_CLIPS.require(where, json);
        require("interpolation", new JsonPrimitive("bicubic"));
        require("resize_mode", new JsonPrimitive("shortest"));
        require("mode", new JsonPrimitive("RGB"));
        int crop = requireModels(SIZE, openClipSize());
        return new Prepared(preprocessing("mean", "std", crop, crop), List.of());
    }

    /** A side, [side], [height, width], or [channels, height, width] as timm has it. */
    private int openClipSize() {
        if (json.get(SIZE) instanceof JsonArray size && (size.size() == 1 || size.size() == 3)) {
            if (size.size() == 3 && !size.get(0).equals(new JsonPrimitive(CHANNELS))) {
                throw new InvalidInputException(
                        where + ": size is " + Quoted.of(size) + "; images of 3 channels are allowed" + ANOTHER_WAY);
            }
            JsonArray sides = new JsonArray();
            sides.add(size.get(Math.max(0, size.size() - 2)));
            sides.add(size.get(size.size() - 1));
            JsonObject both = new JsonObject();
            both.add(SIZE, sides);
            return Json.side(both, SIZE, imageSize, where);
        }
        return Json.side(json, SIZE, imageSize, where);
    }

    /** A null switches a step off in transformers, where a key that is absent leaves it on. */
    private void requireStep(String key) {
        JsonPrimitive on = new JsonPrimitive(true);
        JsonElement value = json.get(key);
        if (value != null && !value.equals(on)) {
            throw other(key, value, on);
        }
    }

    /** A null stands for the default in open_clip. */
    private void require(String key, JsonPrimitive only) {
        JsonElement value = json.get(key);
        if (value != null && !value.isJsonNull() && !value.equals(only)) {
            throw other(key, value, only);
        }
    }

    private InvalidInputException other(String key, JsonElement value, JsonPrimitive only) {
        return new InvalidInputException(where + ": " + key + " is " + Quoted.of(value.toString()) + "; only " + only
                + " is supported" + ANOTHER_WAY);
    }

    private void requireRescaling() {
        JsonElement factor = json.get("rescale_factor");
        if (factor != null && !(Math.abs(number("rescale_factor", factor) - RESCALE) <= RESCALE_ROOM)) {
            throw new InvalidInputException(where + ": rescale_factor is " + Quoted.of(factor)
                    + "; only 1/255 is supported. Use a model that has it.");
        }
    }

    private void requireBicubic() {
        int resample = Json.integer(json, "resample", BICUBIC, where);
        if (resample != BICUBIC) {
            throw new InvalidInputException(
                    where + ": resample is " + resample + "; only 3 (bicubic) is supported" + ANOTHER_WAY);
        }
    }

    private int requireModels(String key, int crop) {
        if (crop != imageSize) {
            throw new InvalidInputException(where + ": " + key + " is " + crop + "; the model's image_size is "
                    + imageSize + ". Make them equal.");
        }
        return crop;
    }

    /** To how many pixels the shorter side is resized: {@code 224} or {@code {"shortest_edge": 224}}. */
    private int shortestSide() {
        JsonElement size = json.get(SIZE);
        if (size == null) {
            // A file that says the crop alone leaves the rest to transformers; one that says neither, to the model.
            return json.has(CROP) ? USUAL_SIDE : imageSize;
        }
        if (size instanceof JsonArray || size instanceof JsonObject sides && !sides.has(SHORTEST)) {
            throw new InvalidInputException(where + ": size is " + Quoted.of(size)
                    + ", which takes no heed of an image's proportions; only shortest_edge is supported"
                    + ANOTHER_WAY);
        }
        if (size instanceof JsonObject sides) {
            new KnownKeys(Set.of(SHORTEST), Set.of(), Map.of()).require(where + ": size", sides);
            return Json.integer(sides, SHORTEST, imageSize, where + ": size");
        }
        return Json.integer(json, SIZE, imageSize, where);
    }

    // What the file leaves out and the model's size stands for, though transformers would take 224.
    private List<String> assumptions() {
        List<String> missing =
                Stream.of(SIZE, CROP).filter(key -> !json.has(key)).toList();
        boolean guessed = imageSize != USUAL_SIDE && missing.contains(CROP);
        return guessed
                ? List.of(name + " does not say " + String.join(" and ", missing) + ": the model's image size of "
                        + imageSize + " pixels is assumed")
                : List.of();
    }

    private Preprocessing preprocessing(String meanKey, String stdKey, int resize, int crop) {
        Preprocessing clip = Preprocessing.CLIP_224;
        float[] mean = floats(meanKey, clip.mean());
        float[] std = floats(stdKey, clip.std());
        try {
            return new Preprocessing(resize, crop, mean, std);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    where + ": size, " + meanKey + " or " + stdKey + " is out of range: " + Quoted.reason(e)
                            + Json.ADVICE,
                    e);
        }
    }

    private double number(String key, JsonElement element) {
        if (element instanceof JsonPrimitive number && number.isNumber()) {
            return number.getAsDouble();
        }
        throw new InvalidInputException(
                where + ": " + key + " is " + Quoted.of(element) + "; a number is allowed" + Json.ADVICE);
    }

    private float[] floats(String key, float[] defaultValue) {
        JsonElement element = json.get(key);
        if (element == null) {
            return defaultValue;
        }
        if (!(element instanceof JsonArray list)
                || list.size() != CHANNELS
                || !list.asList().stream()
                        .allMatch(value -> value instanceof JsonPrimitive number && number.isNumber())) {
            throw new InvalidInputException(where + ": " + key + " is " + Quoted.of(element)
                    + "; a list of 3 numbers is allowed" + Json.ADVICE);
        }
        float[] values = new float[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            values[i] = list.get(i).getAsFloat();
        }
        return values;
    }
}
