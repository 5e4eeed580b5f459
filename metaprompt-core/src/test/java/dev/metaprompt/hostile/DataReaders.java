package dev.metaprompt.hostile;

import dev.metaprompt.Progress;
import dev.metaprompt.app.AppReaders;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.ShotDraws;
import dev.metaprompt.data.SplitChoice;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.text.SoftPrompt;
import dev.metaprompt.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Splits, lists, class names and draws. */
final class DataReaders {
    private static final String SPLIT = """
            {"train": [["a/1.jpg", 0, "a"], ["b/1.jpg", 1, "b"], ["a/2.jpg", 0, "a"]], "val": [["a/3.jpg", 0, "a"]],
             "test": [["b/2.jpg", 1, "b"], ["b/3.jpg", 1, "b"]]}
            """;
    private static final String DRAW = "{\"a\": [\"a/1.jpg\"], \"b\": [\"b/1.jpg\"]}";

    private DataReaders() {}

    static void addTo(Readers readers) {
        readers.add(
                "split file",
                "split_zhou_Input.json",
                root -> Readers.images(root.resolve("images")),
                () -> Readers.both(
                        Contents.json(SPLIT),
                        Contents.quoted(
                                "{\"train\": [[\"§\", 0, \"§\"], [\"§\", 0, \"§\"]], \"test\": []}",
                                "{\"train\": [[\"§\", 0, \"§\"], [\"a/1.jpg\", 1, \"§\"]], \"test\": []}",
                                "{\"train\": [[\"a/1.jpg\", 0, \"x§\"], [\"a/2.jpg\", 0, \"§\"]], \"test\": []}",
                                "{\"train\": [[\"a/1.jpg\", 0, \"a\"], [\"a/§\", 0, \"a\"]], \"test\": [[\"b/1.jpg\", 1, \"b\"]]}")),
                file -> Datasets.open(file.getParent(), Optional.empty()));
        readers.add(
                "split file that is named",
                "named.json",
                root -> Readers.images(root.resolve("images")),
                () -> Contents.json(SPLIT),
                file -> Datasets.open(file.getParent(), Optional.of(file)));
        readers.add(
                "class names of a split file",
                "split_zhou_Input.json",
                root -> Readers.images(root.resolve("images")),
                () -> Contents.json(SPLIT),
                DataReaders::classNames);
        readers.add(
                "names of class folders",
                "classnames.txt",
                Readers::images,
                () -> Contents.raw("a §\na §\nb b", "a §\nc §", "a\t§\na\t§\n", "§ a\nb b", "a x\n§ §\n", "§\nb\nc"),
                file -> Datasets.open(file.getParent(), Optional.empty()));
        readers.add(
                "names of class folders themselves",
                "names.txt",
                () -> Contents.raw("a\n§", "train/a\ntest/§", "train/§\ntrain/a\ntest/a", "train/a\ntest/a\n§"),
                DataReaders::folders);
        readers.add(
                "labels of DTD",
                "labels/test1.txt",
                DataReaders::dtd,
                () -> Contents.raw("§/1.jpg", "a/§", "a/3.jpg\na/§\n", "§/§\n§/§", "a/3.jpg\n§"),
                file -> Datasets.open(file.getParent().getParent(), new SplitChoice.Official(1), Progress.SILENT));
        readers.add(
                "variants of FGVC-Aircraft",
                "variants.txt",
                DataReaders::aircraft,
                () -> Contents.raw("§\n§", "a\nb\n§\n§", "a\n§"),
                file -> Datasets.open(file.getParent(), new SplitChoice.Own(), Progress.SILENT));
        readers.add(
                "images of FGVC-Aircraft's variants",
                "images_variant_test.txt",
                DataReaders::aircraft,
                () -> Contents.raw("§ a", "3 §", "§ b\n§ b", "§"),
                file -> Datasets.open(file.getParent(), new SplitChoice.Own(), Progress.SILENT));
        readers.add(
                "draw file",
                "data/draw.txt",
                root -> Readers.images(root.resolve("data")),
                () -> Readers.both(
                        Contents.json(DRAW),
                        Contents.json("{\"dataset\": {\"shots\": " + DRAW + "}}"),
                        Contents.raw("a/1.jpg\n§", "a/§\n")),
                DataReaders::draw);
        readers.add("digest of a draw file", "draw.txt", () -> List.of(), file -> AppReaders.drawDigest(file));
        readers.add("image", "input.png", () -> List.of(), ImageFiles::read);
    }

    /** Makes class folders of the names that a file lists, as far as a folder can be called so. */
    private static void folders(Path file) throws Exception {
        Path root = Files.createTempDirectory(file.getParent(), "data");
        if (!Files.isRegularFile(file)) {
            return;
        }
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
            String name = line.replace("\r", "").replace("\0", "");
            Path folder =
                    root.resolve(name.substring(0, Math.min(name.length(), 250)).replaceFirst("^/+", ""));
            Files.write(Files.createDirectories(folder).resolve("1.jpg"), new byte[] {1});
        }
        Datasets.open(root, new SplitChoice.Own(), Progress.SILENT);
    }

    private static void draw(Path file) {
        Dataset dataset = Datasets.open(file.getParent(), new SplitChoice.Random(1), Progress.SILENT);
        var draw = ShotDraws.of("file:" + file.getFileName(), file.getParent(), dataset, 1, 1);
        draw.train(dataset.classes(), 1);
    }

    private static void classNames(Path file) throws Exception {
        Dataset dataset = Datasets.open(file.getParent(), Optional.empty());
        Path tokenizer = file.resolveSibling("tokenizer.json");
        Files.write(tokenizer, ModelReaders.embedded("tokenizer.json"));
        try (Tokenizer tokens = Tokenizer.open(tokenizer, 20)) {
            SoftPrompt prompt = SoftPrompt.of(tokens, 4, "random");
            dataset.classes().forEach(name -> prompt.tokens(tokens, name));
        }
        ShotDraws.of("seed", file.getParent(), dataset, 2, 1).train(dataset.classes(), 2);
    }

    private static void dtd(Path root) throws Exception {
        Readers.images(root.resolve("images"));
        Files.writeString(root.resolve("labels/train1.txt"), "a/1.jpg\nb/1.jpg\n");
        Files.writeString(root.resolve("labels/val1.txt"), "a/2.jpg\nb/2.jpg\n");
    }

    private static void aircraft(Path root) throws Exception {
        Path images = Files.createDirectories(root.resolve("images"));
        for (int i = 1; i < 4; i++) {
            Files.write(images.resolve(i + ".jpg"), new byte[] {1});
        }
        Files.writeString(root.resolve("variants.txt"), "a\nb\n");
        Files.writeString(root.resolve("images_variant_train.txt"), "1 a\n");
        Files.writeString(root.resolve("images_variant_val.txt"), "2 b\n");
        Files.writeString(root.resolve("images_variant_test.txt"), "3 b\n");
    }
}
