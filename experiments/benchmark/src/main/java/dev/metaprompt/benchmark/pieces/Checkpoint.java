package dev.metaprompt.benchmark.pieces;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import java.nio.file.Path;

/** Opens the checkpoint that a benchmark's parameter names. */
final class Checkpoint {
    private Checkpoint() {}

    static ModelFolder find(String model) {
        Path here = Path.of("").toAbsolutePath();
        return Models.find(model, here, Path.of(System.getProperty("java.io.tmpdir"), "metaprompt-benchmark"));
    }

    static ClipModel open(String model) {
        ModelFolder folder = find(model);
        return ClipModel.openLazily(folder, folder.path(), Device.cpu(), DataType.FLOAT32);
    }
}
