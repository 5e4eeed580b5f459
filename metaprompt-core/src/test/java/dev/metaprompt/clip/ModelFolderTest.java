package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
    private static final int SIZE = 36;

    @TempDir
    Path path;

    private ModelFolder folder;
    private ClipConfig config;

    @BeforeEach
    void open() {
        folder = new ModelFolder("test", path);
        config = ClipConfig.read(Golden.path("clip-exact/config.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"size\": 36, \"crop_size\": 36, \"resample\": 3}",
                "{\"size\": {\"shortest_edge\": 36}, \"crop_size\": {\"height\": 36, \"width\": 36}}",
            })
    void everyWayToWriteASizeIsRead(String content) throws IOException {
        write(content);
        Preprocessing read = folder.prepared(config).preprocessing();
        assertEquals(SIZE, read.resize());
        assertEquals(SIZE, read.crop());
        assertArrayEquals(Preprocessing.CLIP_224.mean(), read.mean());
        assertArrayEquals(Preprocessing.CLIP_224.std(), read.std());
    }

    @Test
    void withoutTheFileTheModelsSizeAndClipsConstantsHold() {
        assertEquals(SIZE, folder.prepared(config).preprocessing().resize());
        assertArrayEquals(
                Preprocessing.CLIP_224.mean(),
                folder.prepared(config).preprocessing().mean());
    }

    @Test
    void theModelsOwnConstantsAreRead() throws IOException {
        write("{\"size\": 40, \"image_mean\": [0.1, 0.2, 0.3], \"image_std\": [1, 2, 3]}");
        Preprocessing read = folder.prepared(config).preprocessing();
        assertEquals(40, read.resize());
        assertArrayEquals(new float[] {0.1f, 0.2f, 0.3f}, read.mean());
        assertArrayEquals(new float[] {1, 2, 3}, read.std());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                     | not a JSON object",
                "{                                      | not a JSON object",
                "{\"crop_size\": 224}                   | crop_size",
                "{\"crop_size\": \"large\"}             | crop_size",
                "{\"crop_size\": [36]}                  | crop_size",
                "{\"crop_size\": null}                  | crop_size",
                "{\"resample\": 2}                      | resample",
                "{\"resample\": \"bicubic\"}            | resample",
                "{\"size\": {\"height\": 36, \"width\": 36}} | proportions",
                "{\"do_resize\": false}                 | do_resize",
                "{\"do_center_crop\": false}            | do_center_crop",
                "{\"do_rescale\": false}                | do_rescale",
                "{\"do_normalize\": 0}                  | do_normalize",
                "{\"do_convert_rgb\": false}            | do_convert_rgb",
                "{\"rescale_factor\": 0.5}              | rescale_factor",
                "{\"rescale_factor\": []}               | rescale_factor",
                "{\"size\": 20}                         | size",
                "{\"size\": 36.5}                       | size",
                "{\"size\": {\"shortest_edge\": \"x\"}} | size",
                "{\"image_mean\": [0.5, 0.5]}           | image_mean",
                "{\"image_mean\": 0.5}                  | image_mean",
                "{\"image_mean\": [\"a\", 1, 1]}        | image_mean",
                "{\"image_std\": [1, 1, 0]}             | image_std",
                "{\"image_std\": [1, 1, -1]}            | image_std",
            })
    void aPreprocessingThatCannotBeIsRefused(String content, String part) throws IOException {
        write(content);
        Golden.assertOneLine(
                assertThrows(
                        InvalidInputException.class,
                        () -> folder.prepared(config).preprocessing()),
                path.resolve("preprocessor_config.json").toString(),
                part);
    }

    private void write(String content) throws IOException {
        Files.writeString(path.resolve("preprocessor_config.json"), content);
    }
}
