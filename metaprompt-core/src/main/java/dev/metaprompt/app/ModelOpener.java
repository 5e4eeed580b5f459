package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;

/** Opens the model that the configuration names. */
final class ModelOpener {
    private ModelOpener() {}

    /** Opens it; the image tower is loaded when the first image is encoded. What it assumes of the model is told. */
    static ClipModel open(Configuration config, Compute compute, Progress progress) {
        ModelFolder folder = ModelFinder.find(config, progress);
        ClipModel model = ClipModel.openLazily(
                folder,
                config.path("tokenizer").orElse(folder.path()),
                compute.devices(),
                compute.imagePrecision(),
                ColorOrders.of(config));
        try {
            model.assumptions()
                    .forEach(line -> progress.phase("warning: model " + Quoted.of(folder.name()) + ": " + line));
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
