package dev.metaprompt.clip;

import dev.metaprompt.Golden;
import dev.metaprompt.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The configurations of a model folder without its weights. */
public final class Configurations {
    private Configurations() {}

    /**
     * Reads {@code preprocessor_config.json} or {@code processor_config.json} of a folder, for a model of 36 pixels.
     */
    public static void readPreprocessor(Path folder) {
        new ModelFolder("m", folder).prepared(ClipConfig.read(Golden.path("clip-exact/config.json")));
    }

    /** Marks a folder as one of open_clip, which by its weights' name reads its configuration first. */
    public static void markOpenClip(Path folder) throws IOException {
        Files.createFile(folder.resolve("open_clip_model.safetensors"));
    }

    /** Reads {@code open_clip_config.json} of a folder so marked: the sizes, and how images are prepared. */
    public static void readOpenClip(Path folder) {
        ModelFolder model = new ModelFolder("m", folder);
        model.prepared(model.config(null, null));
    }

    /** Recognises a weight file by the names of its tensors, and reads the model's sizes. */
    public static void readWeights(Path file) {
        try (TensorFile tensors = TensorFile.open(file)) {
            ShapeConfig.of(tensors, WeightNames.of(tensors), Optional.of(ClipConfig.Activation.GELU));
        }
    }
}
