package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.junit.jupiter.params.provider.ValueSource;

class ClipConfigTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("config.json");
    }

    @Test
    void everySizeIsRead() {
        ClipConfig config = ClipConfig.read(Golden.path("clip-exact/config.json"));
        assertEquals(new ClipConfig.Tower(30, 3, 5, 72, ClipConfig.Activation.GELU, 1e-4f), config.text());
        assertEquals(new ClipConfig.Tower(24, 3, 2, 80, ClipConfig.Activation.GELU, 1e-4f), config.vision());
        assertEquals(20, config.projection());
        assertEquals(16, config.context());
        assertEquals(7, config.endToken());
        assertEquals(36, config.imageSize());
        assertEquals(12, config.patch());
        assertEquals(10, config.imagePositions());
    }

    @Test
    void absentValuesAreThoseOfTransformers() throws IOException {
        Files.writeString(file, "{\"text_config\": {}, \"vision_config\": {}}");
        ClipConfig.Activation quick = ClipConfig.Activation.QUICK_GELU;
        assertEquals(
                new ClipConfig(
                        new ClipConfig.Tower(512, 12, 8, 2048, quick, 1e-5f),
                        new ClipConfig.Tower(768, 12, 12, 3072, quick, 1e-5f),
                        512,
                        49408,
                        77,
                        49407,
                        224,
                        32),
                ClipConfig.read(file));
    }

    @Test
    void aMissingFileIsRefused() {
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> ClipConfig.read(file)), file.toString(), "is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{", "{\"text_config\"", "not json"})
    void whatIsNoJsonObjectIsRefused(String content) throws IOException {
        Files.writeString(file, content);
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> ClipConfig.read(file)),
                file.toString(),
                "is not a JSON object");
    }

    /** Each line: what stands in place of what, what the message must hold beside the file. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"text_config\":           | \"text\":                         | has no text_config",
                "\"vision_config\": {       | \"vision_config\": 7, \"x\": {   | has no vision_config",
                "\"hidden_act\": \"gelu\"   | \"hidden_act\": \"relu\"         | hidden_act is \"relu\"",
                "\"hidden_act\": \"gelu\"   | \"hidden_act\": null             | hidden_act",
                "\"hidden_act\": \"gelu\"   | \"hidden_act\": {\"name\": 1}    | hidden_act",
                "\"layer_norm_eps\": 0.0001 | \"layer_norm_eps\": \"small\"    | layer_norm_eps",
                "\"layer_norm_eps\": 0.0001 | \"layer_norm_eps\": -1           | layer_norm_eps",
                "\"layer_norm_eps\": 0.0001 | \"layer_norm_eps\": null         | layer_norm_eps",
                "\"num_attention_heads\": 5 | \"num_attention_heads\": 4       | not a multiple of num_attention_heads 4",
                "\"num_attention_heads\": 5 | \"num_attention_heads\": 0       | num_attention_heads is 0",
                "\"num_attention_heads\": 5 | \"num_attention_heads\": 2.5     | num_attention_heads is 2.5",
                "\"num_hidden_layers\": 3   | \"num_hidden_layers\": -3        | num_hidden_layers is -3",
                "\"num_hidden_layers\": 3   | \"num_hidden_layers\": \"many\"  | num_hidden_layers is \"many\"",
                "\"num_hidden_layers\": 3   | \"num_hidden_layers\": null      | num_hidden_layers is null",
                "\"num_hidden_layers\": 3   | \"num_hidden_layers\": []        | num_hidden_layers is []",
                "\"num_hidden_layers\": 3   | \"num_hidden_layers\": 5000000000 | num_hidden_layers is 5000000000",
                "\"patch_size\": 12         | \"patch_size\": 11               | not a multiple of patch_size 11",
                "\"projection_dim\": 20     | \"projection_dim\": 0            | projection_dim is 0",
                "\"eos_token_id\": 7        | \"eos_token_id\": [7]            | eos_token_id",
            })
    void aSizeThatCannotBeIsRefused(String before, String after, String part) throws IOException {
        String good = Files.readString(Golden.path("clip-exact/config.json"));
        String bad = good.replace(before, after);
        assertNotEquals(good, bad, "the change changes nothing");
        Files.writeString(file, bad);
        Golden.assertOneLine(
                assertThrows(InvalidInputException.class, () -> ClipConfig.read(file)), file.toString(), part);
    }
}
