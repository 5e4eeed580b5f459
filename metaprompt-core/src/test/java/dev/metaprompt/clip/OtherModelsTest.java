package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints and configurations of models that are near to CLIP, and would give wrong features in silence. */
class OtherModelsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void unpack() {
        file = Checkpoints.unpack(folder).resolve("open_clip/open_clip_model.safetensors");
    }

    @ParameterizedTest
    @CsvSource({
        "visual.layer1.0.conv1.weight, a ResNet",
        "logit_bias, SigLIP",
        "vision_model.head.probe, SigLIP",
        "visual.trunk.patch_embed.proj.weight, timm",
        "text_decoder.ln_final.weight, CoCa",
        "visual.transformer.resblocks.0.ls_1.gamma, holds a tensor visual.transformer.resblocks.0.ls_1.gamma",
        "visual.transformer.resblocks.2.ln_1.weight, resblocks.2.ln_1.weight",
        "classifier.weight, classifier.weight",
    })
    void aTensorThatClipHasNotIsRefusedByName(String name, String part) {
        rewrite(tensors -> tensors.put(name, tensors.get("ln_final.bias")));
        assertRefused(folder.resolve("open_clip"), file.toString(), part);
    }

    @Test
    void buffersThatPublishedFilesHoldAreLeftAlone() {
        rewrite(tensors -> {
            for (String name : new String[] {"attn_mask", "input_resolution", "context_length", "vocab_size"}) {
                tensors.put(name, tensors.get("logit_scale"));
            }
        });
        assertDoesNotThrow(() -> open(folder.resolve("open_clip")).close());
    }

    @Test
    void aTensorOfTheImageTowerDoesNotMatterToTheTextTower() {
        rewrite(tensors -> tensors.put("visual.extra", tensors.get("ln_final.bias")));
        ModelFolder model = new ModelFolder("m", folder.resolve("open_clip"));
        assertDoesNotThrow(() -> ClipModel.openLazily(model, model.path(), Device.cpu(), DataType.FLOAT32)
                .close());
    }

    @Test
    void namesOfNoKnownModelAreRefused() {
        rewrite(tensors -> {
            NDArray any = tensors.get("ln_final.bias");
            tensors.clear();
            tensors.put("encoder.weight", any);
        });
        assertRefused(folder.resolve("open_clip"), file.toString(), "encoder.weight");
    }

    @Test
    void sizesThatShapesDoNotTellAreAskedFor() {
        rewrite(tensors -> tensors.compute(
                "visual.positional_embedding",
                (name, tensor) -> tensor.getManager().zeros(new Shape(7, 64))));
        assertShapesRefused("7 positions");
        rewrite(tensors -> tensors.compute(
                "visual.conv1.weight", (name, tensor) -> tensor.getManager().zeros(new Shape(60, 3, 8, 8))));
        assertShapesRefused("width 60");
        rewrite(tensors -> tensors.compute(
                "visual.conv1.weight", (name, tensor) -> tensor.getManager().zeros(new Shape(64, 3))));
        assertShapesRefused("4 dimensions");
        rewrite(tensors -> tensors.remove("positional_embedding"));
        assertShapesRefused("no tensor positional_embedding");
    }

    private void assertShapesRefused(String part) {
        try (TensorFile open = TensorFile.open(file)) {
            InvalidInputException error = assertThrows(
                    InvalidInputException.class,
                    () -> ShapeConfig.of(open, WeightNames.of(open), Optional.of(ClipConfig.Activation.GELU)));
            Golden.assertOneLine(error, file.toString(), part);
        }
        Checkpoints.unpack(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"quick_gelu\": true      | \"quick_gelu\": 1                          | quick_gelu",
                "\"quick_gelu\": true      | \"multimodal_cfg\": {\"a\": 1}             | multimodal_cfg",
                "\"quick_gelu\": true      | \"init_logit_bias\": -10                   | init_logit_bias",
                "\"layers\": 2             | \"layers\": [3, 4, 6, 3]                   | layers",
                "\"layers\": 2             | \"timm_model_name\": \"vit\"               | timm_model_name",
                "\"layers\": 2             | \"ls_init_value\": 1e-5                    | ls_init_value",
                "\"layers\": 2             | \"pool_type\": \"avg\"                     | pool_type",
                "\"layers\": 2             | \"no_ln_pre\": true                        | no_ln_pre",
                "\"heads\": 1              | \"hf_model_name\": \"roberta-base\"        | hf_model_name",
                "\"heads\": 1              | \"heads\": 3                               | heads",
                "\"heads\": 1              | \"heads\": 1, \"proj_bias\": true          | proj_bias",
                "\"mlp_ratio\": 0.5        | \"mlp_ratio\": -1                          | mlp_ratio",
                "\"mlp_ratio\": 0.5        | \"mlp_ratio\": \"4\"                       | mlp_ratio",
                "\"width\": 64             | \"width\": 128                             | 128",
                "\"embed_dim\": 16         | \"embed_dim\": 1.5                         | embed_dim",
                "\"model_cfg\"             | \"other\"                                  | model_cfg",
                "\"bicubic\"               | \"bilinear\"                               | interpolation",
                "\"shortest\"              | \"squash\"                                 | resize_mode",
                "\"resize_mode\"           | \"size\": [16, 24], \"resize_mode\"        | size",
                "\"resize_mode\"           | \"size\": 24, \"resize_mode\"              | 24",
                "\"mean\"                  | \"mean\": 1, \"fill_color\"                  | mean",
            })
    void aConfigurationOfAnotherModelIsRefusedByName(String old, String changed, String part) throws IOException {
        Path config = folder.resolve("open_clip/open_clip_config.json");
        String content = Files.readString(config);
        Files.writeString(config, content.replace(old, changed));
        InvalidInputException error =
                assertThrows(InvalidInputException.class, () -> open(folder.resolve("open_clip")));
        Golden.assertOneLine(error, folder.resolve("open_clip").toString(), part);
    }

    @Test
    void neutralKeysAreNoTrouble() throws IOException {
        Path config = folder.resolve("open_clip/open_clip_config.json");
        String more = "\"embed_dim\": 16, \"custom_text\": false, \"multimodal_cfg\": null,";
        String content = Files.readString(config)
                .replace("\"embed_dim\": 16,", more)
                .replace("\"layers\": 2", "\"layers\": 2, \"patch_dropout\": 0.5, \"ls_init_value\": null")
                .replace("\"resize_mode\"", "\"size\": [3, 16, 16], \"mode\": \"RGB\", \"resize_mode\"");
        Files.writeString(config, content);
        try (ClipModel model = open(folder.resolve("open_clip"))) {
            assertEquals(16, model.preprocessing().crop());
        }
    }

    private void assertRefused(Path path, String... parts) {
        Golden.assertOneLine(assertThrows(InvalidInputException.class, () -> open(path)), parts);
    }

    private static ClipModel open(Path path) {
        return ClipModel.open(new ModelFolder("m", path), path, Device.cpu(), DataType.FLOAT32);
    }

    private interface Change {
        void apply(Map<String, NDArray> tensors);
    }

    private void rewrite(Change change) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            try (Safetensors original = Safetensors.open(file)) {
                original.names().forEach(name -> tensors.put(name, original.read(name, manager)));
            }
            change.apply(tensors);
            Safetensors.write(file, tensors, Map.of());
        }
    }
}
