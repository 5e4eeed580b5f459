package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.KnownDataset;
import dev.metaprompt.data.KnownDatasets;
import dev.metaprompt.data.ShotDraw;
import dev.metaprompt.data.ShotDraws;
import dev.metaprompt.data.SplitChoice;
import dev.metaprompt.data.textures.TextureBenchmark;
import dev.metaprompt.fetch.Download;
import dev.metaprompt.fetch.DtdArchive;
import dev.metaprompt.fetch.Patience;
import dev.metaprompt.io.Quoted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the data set that the configuration names, and splits its classes. */
final class DatasetFinder {
    private static final String TEXTURES = "textures";
    private static final String DTD = "dtd";

    private DatasetFinder() {}

    static Dataset open(Configuration config, Path cache, Progress progress) {
        String name = config.text("dataset");
        SplitChoice split = SplitChoice.parse(config.optional("dataset.split"), config.baseDirectory());
        if (name.equals(TEXTURES)) {
            Path folder = TextureBenchmark.prepare(cache, config.longInteger("dataset.seed"), progress);
            return Datasets.open(folder, split, progress).named(TEXTURES);
        }
        Optional<KnownDataset> known = KnownDatasets.find(name);
        Optional<Path> root = config.path("dataset.root");
        if (known.isPresent() && root.isPresent()) {
            return Datasets.open(known.get(), below(config, root.get(), known.get()), split, progress);
        }
        Path folder = config.path("dataset").orElseThrow();
        if (!Files.isDirectory(folder) && name.equals(DTD)) {
            Path fetched = new DtdArchive(new Download(Patience.USUAL))
                    .prepare(cache, DtdArchive.SOURCE, config.flag("offline"), progress);
            return Datasets.open(known.orElseThrow(), fetched, split, progress);
        }
        if (!Files.isDirectory(folder)) {
            throw missing(config, known, folder);
        }
        return Datasets.open(folder, split, progress);
    }

    private static Path below(Configuration config, Path root, KnownDataset known) {
        Path folder = root.resolve(known.folder());
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(config.describe("dataset") + " and " + config.describe("dataset.root")
                    + ": there is no folder " + Quoted.path(folder)
                    + ". Put the data set there as CoOp's DATASETS.md says, or"
                    + " name its folder with -Ddataset=<folder>.");
        }
        return folder;
    }

    private static InvalidInputException missing(Configuration config, Optional<KnownDataset> known, Path folder) {
        if (known.isPresent()) {
            return new InvalidInputException(
                    config.describe("dataset") + " but neither is dataset.root set nor is there"
                            + " a folder " + Quoted.path(folder) + ". Name the folder that holds "
                            + known.get().folder() + "/ with -Dmetaprompt.dataset.root=<folder>.");
        }
        return new InvalidInputException(
                config.describe("dataset") + ": there is no folder " + Quoted.path(folder) + ". Use "
                        + TEXTURES + ", " + String.join(", ", keys())
                        + ", a folder with images and a split file, or one with class folders.");
    }

    private static List<String> keys() {
        return KnownDatasets.all().stream().map(KnownDataset::key).toList();
    }

    /** The draw that {@code dataset.draw} names, of {@code dataset.shots} images a class. */
    static ShotDraw draw(Configuration config, Dataset dataset) {
        return ShotDraws.of(
                config.text("dataset.draw"),
                config.baseDirectory(),
                dataset,
                config.integer("dataset.shots"),
                config.seed());
    }

    static ClassSplit classSplit(Configuration config, Dataset dataset) {
        List<String> base = config.names("dataset.classes.base");
        if (!base.isEmpty()) {
            return ClassSplit.explicit(dataset, base, config.names("dataset.classes.new"));
        }
        return ClassSplit.of(dataset, config.text("dataset.classSplit"));
    }
}
