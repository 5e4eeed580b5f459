package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.textures.TextureBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the data set that the configuration names, and splits its classes. */
final class DatasetFinder {
    private static final String TEXTURES = "textures";

    private DatasetFinder() {}

    static Dataset open(Configuration config, Path cache, Progress progress) {
        String name = config.text("dataset");
        if (name.equals(TEXTURES)) {
            Path folder = TextureBenchmark.prepare(cache, config.longInteger("dataset.seed"), progress);
            return Datasets.open(folder, config.path("dataset.split")).named(TEXTURES);
        }
        Path folder = config.path("dataset").orElseThrow();
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(config.describe("dataset") + ": there is no folder " + folder + ". Use "
                    + TEXTURES + " or a folder with images and a split file.");
        }
        return Datasets.open(folder, config.path("dataset.split"));
    }

    static ClassSplit classSplit(Configuration config, Dataset dataset) {
        List<String> base = config.names("dataset.classes.base");
        if (!base.isEmpty()) {
            return ClassSplit.explicit(dataset, base, config.names("dataset.classes.new"));
        }
        return ClassSplit.of(dataset, config.text("dataset.classSplit"));
    }
}
