package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.ModelReading;
import dev.metaprompt.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model's folder says beside its weights, as one digest, and where earlier versions read it otherwise. */
class ReadingTest {
    private static final String OLDER = "preprocessor_config.json";
    private static final String NEWER = "processor_config.json";
    private static final String USUAL = "{\"size\": 32, \"crop_size\": 32}";
    private static final String HALF = "{\"size\": 32, \"crop_size\": 32, \"image_mean\": [0.5, 0.5, 0.5]}";

    @TempDir
    Path folder;

    private String plain;

    @BeforeEach
    void copy() throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", OLDER)) {
            Files.copy(Golden.path("clip-quick/" + name), folder.resolve(name));
        }
        plain = reading();
    }

    private String reading() {
        return new ModelFolder("m", folder).described().reading();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void nested(String processor) throws IOException {
        write(NEWER, "{\"processor_class\": \"CLIPProcessor\", \"image_processor\": " + processor + "}");
    }

    private void config(Consumer<JsonObject> change) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(Golden.path("clip-quick/config.json")))
                .getAsJsonObject();
        change.accept(json);
        write("config.json", json.toString());
    }

    private void assertAnew(boolean anew, boolean other) {
        String reading = reading();
        assertTrue(ModelReading.isReading(reading), reading);
        assertEquals(anew, ModelReading.isAnew(reading), reading);
        assertEquals(other, !ModelReading.digest(reading).equals(plain), reading);
    }

    /** Records keep it: the words below must not change. */
    @Test
    void itIsADigestOfTowersAndPreprocessing() {
        String layers = " hidden=%d activation=quickgelu epsilon=0x1.4f8b58p-17";
        String words = "text width=24 layers=2 heads=4" + String.format(layers, 96)
                + " vocabulary=42 context=24 end=largest; image width=32 layers=2 heads=4" + String.format(layers, 128)
                + " side=32 patch=8; projection=16; resize=32 crop=32"
                + " mean=0x1.ed0274p-2,0x1.d4d0bcp-2,0x1.a201fep-2 deviation=0x1.1313ap-2,0x1.0b92e8p-2,0x1.1a655p-2";
        assertEquals(Sha256.hex(words.getBytes(StandardCharsets.UTF_8)), plain);
        try (ClipModel model =
                ClipModel.openLazily(new ModelFolder("m", folder), folder, Device.cpu(), DataType.FLOAT32)) {
            assertEquals(plain, model.reading());
        }
    }

    @Test
    void whatComputesTheSameIsTheSame() throws IOException {
        write(OLDER, USUAL);
        assertAnew(false, false);
        nested(USUAL);
        assertAnew(false, false);
        Files.delete(folder.resolve(OLDER));
        assertAnew(false, false);
        Files.delete(folder.resolve(NEWER));
        assertAnew(false, false);
        // the largest id, by its number or as old configurations say it
        config(json -> json.getAsJsonObject("text_config").addProperty("eos_token_id", 2));
        assertAnew(false, false);
        config(json -> json.add("text_config_dict", json.get("text_config").deepCopy()));
        assertAnew(false, false);
    }

    @Test
    void anotherPreprocessingFileOfTheSameKindIsReadAsBefore() throws IOException {
        write(OLDER, HALF);
        assertAnew(false, true);
        write(OLDER, "{\"size\": 33, \"crop_size\": 32}");
        assertAnew(false, true);
        write(OLDER, "{\"size\": 32, \"crop_size\": 32, \"image_std\": [0.5, 0.5, 0.5]}");
        assertAnew(false, true);
    }

    @Test
    void everyValueOfATowerCounts() throws IOException {
        for (String tower : List.of("text_config", "vision_config")) {
            config(json -> json.getAsJsonObject(tower).addProperty("hidden_act", "gelu"));
            assertAnew(false, true);
            config(json -> json.getAsJsonObject(tower).addProperty("layer_norm_eps", 2e-5));
            assertAnew(false, true);
            config(json -> json.getAsJsonObject(tower).addProperty("num_attention_heads", 2));
            assertAnew(false, true);
        }
        config(json -> json.getAsJsonObject("text_config").addProperty("eos_token_id", 40));
        assertAnew(false, true);
    }

    /** Earlier versions knew no such file, and took CLIP's constants. */
    @Test
    void theFileOfTransformers5AloneIsReadAnew() throws IOException {
        Files.delete(folder.resolve(OLDER));
        nested(HALF);
        assertAnew(true, true);
        String anew = reading();
        nested("{\"size\": 40, \"crop_size\": 32}");
        assertAnew(true, true);
        assertNotEquals(anew, reading());
        nested(HALF);
        write(OLDER, HALF);
        assertAnew(false, true);
        assertEquals(ModelReading.digest(anew), reading());
    }

    /** Earlier versions read text_config and vision_config alone. */
    @Test
    void aTowerThatADictReplacesIsReadAnew() throws IOException {
        for (String tower : List.of("text_config", "vision_config")) {
            config(json -> {
                JsonObject dict = json.getAsJsonObject(tower).deepCopy();
                dict.addProperty("hidden_act", "gelu");
                json.add(tower + "_dict", dict);
            });
            assertAnew(true, true);
        }
        config(json -> {
            json.add("text_config_dict", json.get("text_config").deepCopy());
            json.remove("text_config");
        });
        assertAnew(true, false);
    }

    /** Earlier versions resized to the model's size what transformers resizes to 224 pixels. */
    @Test
    void aFileWithoutASizeIsReadAnew() throws IOException {
        write(OLDER, "{\"crop_size\": 32}");
        assertAnew(true, true);
        write(OLDER, "{}");
        assertAnew(false, false);
    }

    /** Earlier versions took transformers' preprocessing for a model of open_clip, too. */
    @Test
    void aModelOfOpenClipWithTwoPreprocessingsIsReadAnew() throws IOException {
        Path model = Checkpoints.unpack(folder.resolve("checkpoints")).resolve("open_clip");
        ModelFolder openClip = new ModelFolder("m", model);
        String alone = openClip.described().reading();
        assertFalse(ModelReading.isAnew(alone), alone);
        Path file = model.resolve("open_clip_config.json");
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        JsonObject preprocessing = new JsonObject();
        preprocessing.add("mean", JsonParser.parseString("[0.5, 0.5, 0.5]"));
        json.add("preprocess_cfg", preprocessing);
        Files.writeString(file, json.toString());
        String half = openClip.described().reading();
        assertFalse(ModelReading.isAnew(half), half);
        assertNotEquals(alone, half);
        Files.writeString(model.resolve(OLDER), "{}");
        assertEquals(ModelReading.ANEW + half, openClip.described().reading());
        Files.writeString(model.resolve(OLDER), "{\"image_mean\": [0.5, 0.5, 0.5]}");
        assertEquals(half, openClip.described().reading());
    }

    /** Its activation is a key, by which runs and cells differ already. */
    @Test
    void aBareFileIsReadAsBefore() {
        Path file = Checkpoints.unpack(folder.resolve("checkpoints")).resolve("openai-fp16.pt");
        String quick = new ModelFolder("m", file)
                .withActivation(Optional.of("quickgelu"))
                .described()
                .reading();
        String exact = new ModelFolder("m", file)
                .withActivation(Optional.of("gelu"))
                .described()
                .reading();
        assertFalse(ModelReading.isAnew(quick) || ModelReading.isAnew(exact));
        assertNotEquals(quick, exact);
    }
}
