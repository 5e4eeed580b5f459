package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Inside;
import java.nio.file.Path;

/** Where an experiment's runs are. */
final class ExperimentFolder {
    private static final String SHARED = "file:";

    private ExperimentFolder() {}

    /** The folder of that name in the shared folder of {@code experiment.store}, or in the runs folder. */
    static Path of(Configuration config, String name) {
        return Inside.require(root(config), name, "the experiment");
    }

    /** The shared folder of {@code experiment.store}, or the runs folder. */
    static Path root(Configuration config) {
        return config.optional("experiment.store")
                .filter(store -> store.startsWith(SHARED))
                .map(store -> config.baseDirectory().resolve(store.substring(SHARED.length())))
                .orElseGet(() -> Settings.runs(config))
                .toAbsolutePath()
                .normalize();
    }
}
