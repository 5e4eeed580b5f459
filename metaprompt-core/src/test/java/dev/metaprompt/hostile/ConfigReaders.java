package dev.metaprompt.hostile;

import dev.metaprompt.app.AppReaders;
import dev.metaprompt.config.ClaimsFile;
import dev.metaprompt.config.ConfigFile;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.MatrixFile;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Claims;
import dev.metaprompt.experiment.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configuration files, matrices and claims. */
final class ConfigReaders {
    // YAML takes JSON too.
    private static final String MATRIX = """
            {"title": "All", "vars": {"rate": "0.004"}, "settings": {"train": {"learningRate": "${rate}"}},
             "axes": {"variant": {"ours": {}, "best": {"method": "coop"}}, "way": ["5", "10"], "seed": "1..3"},
             "exclude": [{"variant": "best", "way": ["10"]}],
             "compare": {"reference": {"variant": "ours"}, "over": ["seed"]}}
            """;
    private static final String CLAIMS = """
            {"claims": [{"id": "a", "sentence": "b", "source": "c", "experiment": "test", "first": {"seed": "1"},
             "second": {"seed": "2"}, "figure": "base", "secondFigure": "new", "expect": "less", "margin": "1"}]}
            """;
    private static final String[] YAML = {
        "\"§\": 1",
        "\"§\": 1\n\"§\": 2",
        "train.epochs: \"§\"",
        "train: {\"§\": 1}",
        "train.epochs: [\"§\", \"b\"]",
        "dataset: [[\"§\"]]",
        "? [\"§\"]\n: 1",
        "train.epochs: \"§\"\ntrain: {epochs: \"§\"}",
        "run: \"§\"",
        "prompt.init: \"§\"",
        "dataset.classes.base: [\"§\", \"§\"]",
        "dataset.classes.base: [a]\ndataset.classes.new: [\"§\"]",
        "dataset.classes.base: [\"§\"]\ndataset.classes.new: [\"§\"]",
        "method: \"§\"",
        "preset: \"§\"",
        "model: \"§\"",
        "dataset: \"§\"",
        "seed: §",
        "train.learningRate: §",
        "temporal.address: \"§\"",
        "tracking.uri: \"§\"",
        "augment: \"§\"",
        "feature.precision: \"§\"",
        "image.colorOrder: \"§\"",
        "model.activation: \"§\"",
        "dataset.draw: \"§\"",
        "dataset.split: \"§\"",
        "cache: \"§\""
    };
    private static final String[] DAMAGED = {
        "a: *§", "a: !§ b", "a: !!§ b", "&§ a", "%§", "\"\\§\"", "a: \"\\x§\"", "a: |§\n b", "a: `§", "<<: §", "§: §: §"
    };
    private static final String[] PROPERTIES = {
        "§ = 1",
        "§ = 1\n§ = 2",
        "train.epochs = §",
        "train.epochs = 1\ntrain.epochs = §",
        "a = \\u§",
        "run = §",
        "include = §",
        "seed = §",
        "method = §",
        "dataset.classes.base = a\ndataset.classes.new = §"
    };
    private static final String[] PLACES = {
        "dataset: \"§\"",
        "dataset: \"/§\"",
        "dataset: dtd\ndataset.root: \"§\"\noffline: true",
        "dataset: data\ndataset.split: \"§\"",
        "dataset: data\ndataset.split: \"random:§\"",
        "dataset: data\ndataset.draw: \"file:§\"",
        "dataset: data\ndataset.draw: \"§\"",
        "dataset: data\ndataset.classSplit: \"§\"",
        "dataset: data\ndataset.classes.base: [\"§\"]",
        "dataset: data\ndataset.classes.base: [a]\ndataset.classes.new: [\"§\"]",
        "dataset: data\nmodel: \"§\"\noffline: true",
        "dataset: data\nmodel: \"/§\"\noffline: true",
        "dataset: data\nprompt.template: \"§\"",
        "dataset: data\nprompt.init: \"§\"",
        "dataset: data\ntokenizer: \"§\"",
        "texts: \"§\"",
        "images: \"§\"",
        "runs: \"§\"",
        "out: \"§\"",
        "pack: \"§\""
    };

    private ConfigReaders() {}

    static void addTo(Readers readers) {
        readers.add(
                "configuration in YAML",
                "input.yaml",
                () -> Readers.both(Contents.quoted(YAML), Contents.raw(DAMAGED)),
                ConfigReaders::resolve);
        readers.add(
                "configuration in properties",
                "input.properties",
                () -> Contents.raw(PROPERTIES),
                ConfigReaders::resolve);
        readers.add(
                "a model's recommendation",
                "metaprompt.yaml",
                () -> Contents.quoted(YAML),
                file -> Configuration.builder(file.getParent())
                        .recommendation(model -> ConfigFile.read(file, "metaprompt.yaml"))
                        .resolve());
        readers.add(
                "places of a configuration",
                "input.yaml",
                root -> Readers.images(root.resolve("data")),
                () -> Contents.quoted(PLACES),
                AppReaders::places);
        readers.add(
                "matrix",
                "m.yaml",
                () -> Readers.both(Contents.json(MATRIX), Contents.raw(DAMAGED), Contents.quoted("include: \"§\"")),
                ConfigReaders::matrix);
        readers.add(
                "included part of a matrix",
                "part.yaml",
                root -> Files.writeString(root.resolve("m.yaml"), "include: part.yaml\naxes: {way: [5]}"),
                () -> Readers.both(Contents.json(MATRIX), Contents.raw(DAMAGED), Contents.quoted("include: \"§\"")),
                file -> matrix(file.resolveSibling("m.yaml")));
        readers.add(
                "claims",
                "claims.yaml",
                () -> Readers.both(Contents.json(CLAIMS), Contents.raw(DAMAGED)),
                file -> Claims.check(
                        ClaimsFile.read(file, "claims.yaml"), Cells.plan(Cells.cell(1), Cells.cell(2), Cells.cell(2))));
    }

    private static void resolve(Path file) {
        Configuration.builder(file.getParent())
                .commandLine("config", file.getFileName().toString(), "-Dmetaprompt.config")
                .resolve();
    }

    private static void matrix(Path file) {
        Matrix matrix = MatrixFile.read(file, "m.yaml");
        if (matrix.size() <= 1000) {
            matrix.points();
        }
    }
}
