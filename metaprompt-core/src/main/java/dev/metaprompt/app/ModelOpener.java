package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.config.Configuration;

/** Opens the model that the configuration names. */
final class ModelOpener {
    private ModelOpener() {}

    /** Opens it; the image tower is loaded when the first image is encoded. */
    static ClipModel open(Configuration config, Compute compute, Progress progress) {
        ModelFolder folder = ModelFinder.find(config, progress);
        return ClipModel.openLazily(
                folder, config.path("tokenizer").orElse(folder.path()), compute.devices(), compute.imagePrecision());
    }
}
