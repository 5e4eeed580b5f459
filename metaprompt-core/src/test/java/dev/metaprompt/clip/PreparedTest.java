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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file of a folder says how images are prepared, and what it may say. */
class PreparedTest {
    private static final int SIZE = 36;
    private static final String HALF =
            "{\"size\": 40, \"crop_size\": 36, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5]}";
    private static final String QUARTER =
            "{\"size\": 40, \"crop_size\": 36, \"image_mean\": [0.25, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5]}";
    private static final String OPEN_CLIP =
            "{\"preprocess_cfg\": {\"mean\": [0.75, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}}";

    @TempDir
    Path folder;

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private Prepared read(boolean openClip) {
        return Prepared.of(folder, openClip, SIZE);
    }

    private void assertMean(double first, boolean openClip) {
        Prepared prepared = read(openClip);
        assertEquals(first, prepared.preprocessing().mean()[0]);
        assertEquals(List.of(), prepared.assumptions());
    }

    @Test
    void whatNoFileSaysIsAssumedAndSaid() {
        Prepared prepared = read(false);
        assertEquals(SIZE, prepared.preprocessing().resize());
        assertArrayEquals(
                Preprocessing.CLIP_224.mean(), prepared.preprocessing().mean());
        assertEquals(
                List.of("no file of the model says how images are prepared: assumed is OpenAI's way (shorter side to 36"
                        + " pixels, bicubic, mean 0.4815 0.4578 0.4082, deviation 0.2686 0.2613 0.2758)"),
                prepared.assumptions());
    }

    @Test
    void filesOfBothVersionsOfTransformersAreReadAndMustAgree() throws IOException {
        write("processor_config.json", "{\"processor_class\": \"CLIPProcessor\", \"image_processor\": " + HALF + "}");
        assertMean(0.5, false);
        write("preprocessor_config.json", HALF);
        assertMean(0.5, false);
        write("preprocessor_config.json", QUARTER);
        assertRefused("processor_config.json", "preprocessor_config.json", "[0.25, 0.5, 0.5]", "[0.5, 0.5, 0.5]");
        write("processor_config.json", "{\"processor_class\": \"CLIPProcessor\"}");
        assertMean(0.25, false);
        Files.delete(folder.resolve("preprocessor_config.json"));
        assertEquals(1, read(false).assumptions().size());
    }

    @Test
    void eachKindOfModelHasItsOwnFileAndTakesTheOthersWhereItsOwnIsSilent() throws IOException {
        write("open_clip_config.json", OPEN_CLIP);
        assertMean(0.75, true);
        assertMean(0.75, false);
        write("preprocessor_config.json", HALF);
        assertEquals(0.75f, read(true).preprocessing().mean()[0]);
        assertEquals(0.5f, read(false).preprocessing().mean()[0]);
        assertEquals(
                List.of(
                        "images are prepared as open_clip_config.json says; transformers' file beside it says otherwise"),
                read(true).assumptions());
        assertEquals(
                List.of(
                        "images are prepared as transformers' file says; open_clip_config.json beside it says otherwise"),
                read(false).assumptions());
        write("preprocessor_config.json", "{\"do_resize\": false}");
        assertEquals(1, read(true).assumptions().size());
        write(
                "preprocessor_config.json",
                "{\"size\": 36, \"image_mean\": [0.75, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], \"crop_size\": 36}");
        assertMean(0.75, true);
        assertMean(0.75, false);
        write("preprocessor_config.json", HALF);
        write("open_clip_config.json", "{\"model_cfg\": {}}");
        assertMean(0.5, true);
        Files.delete(folder.resolve("preprocessor_config.json"));
        assertEquals(1, read(true).assumptions().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preprocess_config.json",
                "image_processor_config.json",
                "image_processor.json",
                "video_preprocessor_config.json",
                "Preprocessing.yaml",
                "preprocessor_config.yml",
                "feature_extractor_config.json",
                "image_transform.json",
                "transforms.yaml",
                "normalization.json",
                "preprocessor_config_old.json",
            })
    void aFileThatMaySayItAndIsNotUnderstoodIsRefusedByName(String name) throws IOException {
        write(name, "{}");
        assertRefused(folder.resolve(name).toString(), "not understood", "preprocessor_config.json");
        write("preprocessor_config.json", HALF);
        assertRefused(folder.resolve(name).toString(), "not understood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"feature_extractor", "image_processor"})
    void aFolderOfThePartIsRefusedByName(String name) throws IOException {
        Files.createDirectories(folder.resolve(name));
        assertRefused(folder.resolve(name).toString(), "not understood");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config_sentence_transformers.json",
                "generation_config.json",
                "special_tokens_map.json",
                "preprocess.py",
                "processor.bin",
                "metaprompt.yaml",
            })
    void filesOfOtherUsesAreLeftAlone(String name) throws IOException {
        write(name, "{}");
        write("preprocessor_config.json", HALF);
        Files.createDirectories(folder.resolve("preprocessed"));
        assertMean(0.5, false);
    }

    /** Transformers' own 224 holds where a file leaves the size out, and crops from that. */
    @Test
    void aSizeLeftOutIsTransformersOrSaidToBeTheModels() throws IOException {
        write("preprocessor_config.json", "{\"crop_size\": 36}");
        assertEquals(224, read(false).preprocessing().resize());
        assertEquals(List.of(), read(false).assumptions());
        write("preprocessor_config.json", "{\"size\": 40}");
        assertEquals(40, read(false).preprocessing().resize());
        assertEquals(
                List.of(
                        "preprocessor_config.json does not say crop_size: the model's image size of 36 pixels is assumed"),
                read(false).assumptions());
        write("preprocessor_config.json", "{}");
        assertEquals(36, read(false).preprocessing().resize());
        assertEquals(
                List.of(
                        "preprocessor_config.json does not say size and crop_size: the model's image size of 36 pixels is"
                                + " assumed"),
                read(false).assumptions());
        assertEquals(List.of(), Prepared.of(folder, false, 224).assumptions());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"image_processor_type\": \"CLIPImageProcessorFast\"",
                "\"feature_extractor_type\": \"CLIPFeatureExtractor\"",
                "\"processor_class\": \"CLIPProcessor\"",
                "\"do_pad\": false",
                "\"do_pad\": null",
                "\"default_to_square\": false",
                "\"_valid_processor_keys\": [\"images\", \"do_resize\"]",
                "\"data_format\": \"channels_first\"",
                "\"input_data_format\": null",
                "\"crop_size\": {\"height\": 36, \"width\": 36}",
                "\"crop_size\": [36, 36]",
                "\"size\": {\"shortest_edge\": 40, \"longest_edge\": null}",
            })
    void keysThatChangeNoPixelAreKnown(String more) throws IOException {
        write("preprocessor_config.json", HALF.replace("}", ", " + more + "}"));
        assertMean(0.5, false);
        assertEquals(40, read(false).preprocessing().resize());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"image_processor_type\": \"SiglipImageProcessor\"        | CLIPImageProcessor",
                "\"image_processor_type\": \"ViTImageProcessor\"           | CLIPImageProcessor",
                "\"feature_extractor_type\": \"ViTFeatureExtractor\"       | CLIPFeatureExtractor",
                "\"do_resize\": null                                      | only true is supported",
                "\"do_center_crop\": null                                 | only true is supported",
                "\"do_rescale\": null                                     | only true is supported",
                "\"do_normalize\": null                                   | only true is supported",
                "\"do_convert_rgb\": null                                 | only true is supported",
                "\"do_pad\": true                                          | false",
                "\"default_to_square\": true                               | false",
                "\"use_square_size\": true                                 | false",
                "\"crop_pct\": 0.875                                       | not known",
                "\"do_flip_channel_order\": true                           | not known",
                "\"auto_map\": {\"AutoImageProcessor\": \"my.Processor\"}  | not known",
                "\"patch_size\": 16                                        | not known",
                "\"size\": {\"shortest_edge\": 40, \"longest_edge\": 60}   | longest_edge",
                "\"size\": {\"longest_edge\": 40}                          | proportions",
                "\"size\": {\"shortest_edge\": 40, \"height\": 40}         | height",
                "\"size\": [40, 40]                                        | proportions",
                "\"size\": {\"max_height\": 40, \"max_width\": 40}         | proportions",
                "\"crop_size\": {\"height\": 36, \"width\": 48}            | differ",
                "\"crop_size\": {\"height\": 48, \"width\": 36}            | differ",
                "\"crop_size\": [36, 48]                                   | differ",
                "\"crop_size\": {\"shortest_edge\": 36}                    | crop_size",
                "\"crop_size\": {\"height\": 36}                           | crop_size",
                "\"crop_size\": {\"height\": 36, \"width\": 36, \"x\": 1}  | crop_size",
                "\"image_mean\": [0.5, 0.5, 0.5, 0.5]                      | 3 numbers",
                "\"image_std\": [0.5, 0.5, 0.5, 1]                         | 3 numbers",
                "\"image_mean\": [\"0.5\", 0.5, 0.5]                       | 3 numbers",
                "\"image_mean\": [[0.5], 0.5, 0.5]                         | 3 numbers",
                "\"resample\": {\"height\": 3}                             | resample",
                "\"rescale_factor\": [0.00392156862745098]                 | rescale_factor",
            })
    void whatChangesPixelsIsRefusedByNameInBothFiles(String more, String part) throws IOException {
        String content = HALF.replace("}", ", " + more + "}");
        write("preprocessor_config.json", content);
        assertRefused("preprocessor_config.json", part);
        Files.delete(folder.resolve("preprocessor_config.json"));
        write("processor_config.json", "{\"image_processor\": " + content + "}");
        assertRefused("processor_config.json: image_processor", part);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"image_processor\": 7                            | image_processor",
                "\"image_mean\": [0.5, 0.5, 0.5]                   | image_mean",
                "\"processor_class\": \"CLIPSegProcessor\"         | CLIPProcessor",
                "\"video_processor\": {\"size\": 7}                | video_processor",
                "\"feature_extractor\": {\"size\": 7}              | feature_extractor",
                "\"auto_map\": {\"AutoProcessor\": \"my.Own\"}     | auto_map",
            })
    void aProcessorOfOtherPartsIsRefusedByName(String content, String part) throws IOException {
        write("processor_config.json", "{" + content + "}");
        assertRefused("processor_config.json", part);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"size\": [36, 48]             | differ",
                "\"size\": [3, 36, 48]          | differ",
                "\"size\": [3, 48, 36]          | differ",
                "\"size\": [1, 36, 36]          | channels",
                "\"size\": [48, 36, 36]         | channels",
                "\"size\": [3, 3, 36, 36]       | size",
                "\"size\": [48]                 | 48",
                "\"mean\": [0.5, 0.5, 0.5, 0.5] | mean",
                "\"fill\": 3                    | fill",
                "\"resize_mode\": \"longest\"   | resize_mode",
            })
    void whatChangesPixelsOfOpenClipIsRefusedByName(String content, String part) throws IOException {
        write("open_clip_config.json", "{\"preprocess_cfg\": {" + content + "}}");
        assertRefused("open_clip_config.json: preprocess_cfg", part);
    }

    /** As open_clip has it: what is null is as if it were absent. */
    @ParameterizedTest
    @ValueSource(strings = {"interpolation", "resize_mode"})
    void whatIsNullInOpenClipsFileIsItsDefault(String key) throws IOException {
        write("open_clip_config.json", "{\"preprocess_cfg\": {\"" + key + "\": null, \"mean\": [0.75, 0.5, 0.5]}}");
        assertEquals(0.75f, read(true).preprocessing().mean()[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"36", "[36]", "[36, 36]", "[3, 36, 36]", "{\"height\": 36, \"width\": 36}"})
    void everyWayInWhichOpenClipWritesASizeIsRead(String size) throws IOException {
        write("open_clip_config.json", "{\"preprocess_cfg\": {\"size\": " + size + ", \"fill_color\": 3}}");
        assertEquals(SIZE, read(true).preprocessing().crop());
    }

    private void assertRefused(String... parts) {
        Golden.assertOneLine(assertThrows(InvalidInputException.class, () -> read(false)), parts);
    }
}
