package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys of {@code config.json}: read, known to change nothing, or refused by name. See {@link ConfigsTest} for the rest.
 */
class ModelKeysTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("config.json");
    }

    /** Each line: the place, the key, its value, and what the message holds beside file and key. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ".             | model_type          | \"siglip\"                            | \"clip\"",
                ".             | model_type          | \"chinese_clip\"                      | \"clip\"",
                ".             | model_type          | [\"clip\"]                            | \"clip\"",
                ".             | architectures       | [\"CLIPForImageClassification\"]      | CLIPModel",
                ".             | architectures       | [\"CLIPModel\", \"SiglipModel\"]      | CLIPModel",
                ".             | quantization_config | {\"quant_method\": \"bitsandbytes\"}  | not known",
                ".             | auto_map            | {\"AutoModel\": \"modeling.My\"}      | not known",
                ".             | hidden_act          | \"gelu\"                              | not known",
                ".             | is_encoder_decoder  | true                                  | false",
                ".             | rope_parameters     | {\"rope_theta\": 1}                   | not known",
                ".             | text_config         | [7]                                   | no text_config",
                ".             | text_config_dict    | 7                                     | no text_config_dict",
                "text_config   | rope_theta          | 10000.0                               | not known",
                "text_config   | model_type          | \"xlm-roberta\"                       | clip_text_model",
                "text_config   | model_type          | \"clip_vision_model\"                 | clip_text_model",
                "text_config   | is_decoder          | true                                  | false",
                "text_config   | add_cross_attention | true                                  | false",
                "text_config   | use_attention_mask  | false                                 | not known",
                "text_config   | image_size          | 36                                    | not known",
                "text_config   | eos_token_id        | null                                  | whole number",
                "text_config   | eos_token_id        | [7, 41]                               | whole number",
                "text_config   | eos_token_id        | 0                                     | whole number",
                "text_config   | pruned_heads        | {\"0\": [1]}                          | not known",
                "vision_config | num_channels        | 1                                     | 3",
                "vision_config | model_type          | \"siglip_vision_model\"               | clip_vision_model",
                "vision_config | pooling_type        | \"mean\"                              | not known",
                "vision_config | vocab_size          | 42                                    | not known",
                "vision_config | image_size          | [36, 48]                              | differ",
                "vision_config | image_size          | [48, 36]                              | differ",
                "vision_config | image_size          | [36, 36, 3]                           | whole number",
                "vision_config | image_size          | [36]                                  | whole number",
                "vision_config | image_size          | [36, \"36.5\"]                        | whole number",
                "vision_config | patch_size          | [12, 6]                               | differ",
                "vision_config | patch_size          | [6, 12]                               | differ",
                "vision_config | patch_size          | {\"height\": 12, \"width\": 6}        | differ",
                "vision_config | patch_size          | {\"height\": 12}                      | whole number",
            })
    void aKeyThatMakesAnotherModelIsRefusedByName(String place, String key, String value, String part)
            throws IOException {
        JsonObject json = golden();
        JsonObject at = place.equals(".") ? json : json.getAsJsonObject(place);
        at.add(key, JsonParser.parseString(value));
        assertRefused(json, key, part);
    }

    /** What a dictionary overrules must be known too, and so must what overrules it. */
    @ParameterizedTest
    @CsvSource({
        "text_config_dict, rope_theta",
        "vision_config_dict, pooling_type",
        "text_config, rope_theta",
        "vision_config, pooling_type"
    })
    void bothOfTwoConfigurationsOfATowerAreLookedThrough(String place, String key) throws IOException {
        JsonObject json = golden();
        json.add("text_config_dict", json.get("text_config").deepCopy());
        json.add("vision_config_dict", json.get("vision_config").deepCopy());
        Files.writeString(file, json.toString());
        assertEquals(ClipConfig.read(Golden.path("clip-exact/config.json")), ClipConfig.read(file));
        json.getAsJsonObject(place).addProperty(key, 3);
        assertRefused(json, key, place, "not known");
    }

    @Test
    void whatOverrulesHasDefaultsWhereItIsSilent() throws IOException {
        JsonObject json = golden();
        json.add("vision_config_dict", new JsonObject());
        Files.writeString(file, json.toString());
        ClipConfig.Tower usual = new ClipConfig.Tower(768, 12, 12, 3072, ClipConfig.Activation.QUICK_GELU, 1e-5f);
        assertEquals(usual, ClipConfig.read(file).vision());
        assertEquals(224, ClipConfig.read(file).imageSize());
    }

    /** transformers' text tower alone looks for an end. */
    @Test
    void theEndTokenOfTheImageTowerIsNoMatter() throws IOException {
        JsonObject json = golden();
        json.getAsJsonObject("vision_config").addProperty("eos_token_id", 2);
        Files.writeString(file, json.toString());
        assertEquals(ClipConfig.read(Golden.path("clip-exact/config.json")), ClipConfig.read(file));
    }

    @Test
    void geluHasTwoNames() throws IOException {
        Files.writeString(file, golden().toString().replace("\"gelu\"", "\"gelu_python\""));
        assertTrue(Files.readString(file).contains("gelu_python"));
        assertEquals(ClipConfig.read(Golden.path("clip-exact/config.json")), ClipConfig.read(file));
    }

    @Test
    void anAdapterBesideTheWeightsIsRefusedByName() throws IOException {
        Path model = Golden.path("clip-quick");
        for (String name : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, new ModelFolder("m", folder)::described),
                folder.resolve("adapter_config.json").toString(),
                "Merge");
        Files.delete(folder.resolve("adapter_config.json"));
        new ModelFolder("m", folder).described();
    }

    @Test
    void sidesMayBePairs() throws IOException {
        JsonObject json = golden();
        JsonObject vision = json.getAsJsonObject("vision_config");
        vision.add("image_size", JsonParser.parseString("[36, 36]"));
        vision.add("patch_size", JsonParser.parseString("{\"height\": 12, \"width\": 12}"));
        Files.writeString(file, json.toString());
        assertEquals(ClipConfig.read(Golden.path("clip-exact/config.json")), ClipConfig.read(file));
    }

    @Test
    void emptyValuesOfAnyKeySayNothing() throws IOException {
        JsonObject json = golden();
        for (String value : new String[] {"null", "{}", "[]"}) {
            JsonElement nothing = JsonParser.parseString(value);
            json.add("auto_map", nothing);
            json.getAsJsonObject("text_config").add("pruned_heads", nothing);
            json.getAsJsonObject("vision_config").add("of_the_future", nothing);
            Files.writeString(file, json.toString());
            assertEquals(ClipConfig.read(Golden.path("clip-exact/config.json")), ClipConfig.read(file));
        }
    }

    private static JsonObject golden() {
        return Golden.json(Golden.path("clip-exact/config.json"));
    }

    private void assertRefused(JsonObject json, String... parts) throws IOException {
        Files.writeString(file, json.toString());
        InvalidInputException error = assertThrows(InvalidInputException.class, () -> ClipConfig.read(file));
        Golden.assertOneLine(error, file.toString());
        Golden.assertOneLine(error, parts);
    }
}
