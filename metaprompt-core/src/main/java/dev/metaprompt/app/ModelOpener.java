package dev.metaprompt.app;

import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.config.Configuration;

/** Opens the model that the configuration names. */
final class ModelOpener {
    private ModelOpener() {}

    static ClipModel open(Configuration config, Compute compute) {
        ModelFolder folder = Models.find(config.text("model"), config.baseDirectory(), Settings.cache(config));
        return ClipModel.open(
                folder, config.path("tokenizer").orElse(folder.path()), compute.device(), compute.imagePrecision());
    }
}
