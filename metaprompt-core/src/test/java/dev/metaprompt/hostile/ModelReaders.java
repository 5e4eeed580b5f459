package dev.metaprompt.hostile;

import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.app.SmallPack;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.Configurations;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.tensor.PickleWriter;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.tensor.TensorFile;
import dev.metaprompt.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Tokenizers, configurations, weights and features. */
final class ModelReaders {
    private static final String OPEN_CLIP = """
            {"model_cfg": {"embed_dim": 512, "quick_gelu": true,
              "vision_cfg": {"image_size": 36, "layers": 2, "width": 128, "patch_size": 12, "mlp_ratio": 4.0},
              "text_cfg": {"context_length": 77, "vocab_size": 500, "width": 64, "heads": 2, "layers": 2,
                "pool_type": "tok", "proj_type": "linear"}},
             "preprocess_cfg": {"mean": [0.4, 0.4, 0.4], "std": [0.2, 0.2, 0.2], "interpolation": "bicubic",
              "resize_mode": "shortest", "mode": "RGB", "size": [36, 36]}}
            """;
    private static final String PREPROCESSOR = """
            {"do_resize": true, "do_center_crop": true, "rescale_factor": 0.00392156862745098,
             "crop_size": {"height": 36, "width": 36}, "resample": 3, "size": {"shortest_edge": 36},
             "image_mean": [0.4, 0.4, 0.4], "image_std": [0.2, 0.2, 0.2]}
            """;
    private static final String HEADER = """
            {"__metadata__": {"a": "b"}, "x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
             "y": {"dtype": "I32", "shape": [1, 1], "data_offsets": [8, 12]}}
            """;
    private static final String INDEX =
            "{\"metadata\": {\"total_size\": 8}, \"weight_map\": {\"x\": \"one.safetensors\"}}";
    private static final String ONE = "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";
    private static final String DIGEST = "\"content.sha256\":\"";
    private static final int DIGITS = 64;

    private ModelReaders() {}

    static byte[] embedded(String name) throws IOException {
        try (InputStream in = Tokenizer.class.getResourceAsStream("/dev/metaprompt/nano-clip/" + name)) {
            return in.readAllBytes();
        }
    }

    private static String text(String name) throws IOException {
        return new String(embedded(name), StandardCharsets.UTF_8);
    }

    static void addTo(Readers readers) {
        addTexts(readers);
        addConfigurations(readers);
        addTensors(readers);
    }

    private static void addTexts(Readers readers) {
        readers.add(
                "tokenizer",
                "tokenizer.json",
                () -> Contents.json(text("tokenizer.json")),
                file -> tokenize(file.getParent()));
        readers.add("tokenizer that is named", "named.json", () -> List.of(), ModelReaders::tokenize);
        readers.add(
                "vocabulary",
                "vocab.json",
                root -> Files.writeString(root.resolve("merges.txt"), "#version: 0.2\na b</w>\n"),
                () -> Contents.json("{\"a\": 0, \"b</w>\": 1, \"<|startoftext|>\": 2, \"<|endoftext|>\": 3}"),
                file -> tokenize(file.getParent()));
        readers.add(
                "merges",
                "merges.txt",
                root -> Files.writeString(
                        root.resolve("vocab.json"),
                        "{\"a\": 0, \"b</w>\": 1, \"<|startoftext|>\": 2, \"<|endoftext|>\": 3}"),
                () -> Contents.raw("a §", "§ §", "#version: §\na §\n"),
                file -> tokenize(file.getParent()));
        readers.add(
                "added tokens",
                "added_tokens.json",
                root -> {
                    Files.writeString(
                            root.resolve("vocab.json"),
                            "{\"a\": 0, \"b</w>\": 1, \"<|startoftext|>\": 2, \"<|endoftext|>\": 3}");
                    Files.writeString(root.resolve("merges.txt"), "#version: 0.2\na b</w>\n");
                },
                () -> Readers.both(
                        Contents.json("{\"<|endoftext|>\": 3}"), Contents.quoted("{\"§\": 7}", "{\"a\": \"§\"}")),
                file -> tokenize(file.getParent()));
    }

    private static void tokenize(Path place) {
        try (Tokenizer tokenizer = Tokenizer.open(place, 77)) {
            tokenizer.encode("a photo of a banded texture");
        }
    }

    private static void addConfigurations(Readers readers) {
        readers.add(
                "configuration of transformers",
                "config.json",
                () -> Readers.both(
                        Contents.json(text("config.json")),
                        Contents.quoted("{\"text_config\": {\"layer_norm_eps\": \"§\", \"hidden_act\": \"§\"}}")),
                ClipConfig::read);
        readers.add(
                "configuration of open_clip",
                "open_clip_config.json",
                Configurations::markOpenClip,
                () -> Contents.json(OPEN_CLIP),
                file -> Configurations.readOpenClip(file.getParent()));
        readers.add(
                "preprocessor",
                "preprocessor_config.json",
                () -> Contents.json(PREPROCESSOR),
                file -> Configurations.readPreprocessor(file.getParent()));
        readers.add(
                "processor",
                "processor_config.json",
                () -> Readers.both(
                        Contents.json("{\"image_processor\": " + PREPROCESSOR + "}"),
                        Contents.quoted("{\"processor_class\": \"§\"}", "{\"§\": 1}")),
                file -> Configurations.readPreprocessor(file.getParent()));
    }

    private static void addTensors(Readers readers) {
        readers.add(
                "safetensors", "input.safetensors", () -> Contents.safetensors(HEADER, 12), ModelReaders::safetensors);
        readers.add("tensors", "input.bin", () -> Contents.safetensors(HEADER, 12), ModelReaders::tensors);
        readers.add(
                "names of weights",
                "model.safetensors",
                () -> Contents.safetensors(ONE, 8),
                file -> Configurations.readWeights(file));
        readers.add(
                "index of shards",
                "model.safetensors.index.json",
                root -> Files.write(root.resolve("one.safetensors"), Contents.safetensors(Contents.bytes(ONE), 8)),
                () -> Readers.both(
                        Contents.json(INDEX),
                        Contents.quoted(
                                "{\"weight_map\": {\"§\": \"one.safetensors\"}}",
                                "{\"weight_map\": {\"x\": \"a§.safetensors\"}}")),
                ModelReaders::tensors);
        readers.add("checkpoint of PyTorch", "input.pt", ModelReaders::checkpoints, ModelReaders::tensors);
        readers.add("feature pack", "input.pack", ModelReaders::packs, ModelReaders::pack);
    }

    private static void safetensors(Path file) {
        try (Safetensors tensors = Safetensors.open(file)) {
            tensors.metadata();
            for (String name : tensors.names()) {
                tensors.shape(name);
                tensors.readFloats(name);
            }
        }
    }

    private static void tensors(Path file) {
        try (TensorFile tensors = TensorFile.open(file)) {
            for (String name : tensors.names()) {
                tensors.shape(name);
                tensors.readFloats(name);
            }
        }
    }

    private static List<byte[]> checkpoints() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String text : Hostile.TEXTS) {
            String line = text.replace('\n', ' ');
            all.add(archive("a", pickle(text, "0"), "data/0"));
            all.add(archive("a", pickle("x", text), "data/0"));
            all.add(archive("a", pickle("x", "k".repeat(60)), "data/0"));
            all.add(archive("a", new PickleWriter().global(line, line).stop(), "data/0"));
            all.add(archive("a", new PickleWriter().global("torch", line).stop(), "data/0"));
            all.add(archive(
                    "a", new PickleWriter().global("__torch__." + line, line).stop(), "data/0"));
            all.add(archive("a", new PickleWriter().text(text).stop(), "data/0"));
            all.add(archive("a", Contents.bytes(text), "data/0"));
            all.add(archive(text, pickle("x", "0"), "data/0"));
            all.add(archive("a", pickle("x", "0"), text));
            all.add(archive("a", pickle("x", "0"), "data/0", "byteorder", text));
        }
        return all;
    }

    private static byte[] pickle(String name, String storage) {
        return new PickleWriter()
                .op('}')
                .text(name)
                .tensor(storage, 6, 0, new long[] {3, 2}, new long[] {2, 1})
                .op('s')
                .stop();
    }

    /** An archive of a folder, a pickle, a storage, and further entries with their contents. */
    private static byte[] archive(String root, byte[] pickle, String storage, String... more) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            PickleWriter.stored(zip, root + "/data.pkl", pickle);
            PickleWriter.stored(zip, root + "/" + storage, new byte[24]);
            for (int i = 0; i < more.length; i += 2) {
                PickleWriter.stored(zip, root + "/" + more[i], Contents.bytes(more[i + 1]));
            }
            zip.putNextEntry(new ZipEntry(root + "/compressed"));
            zip.write(1);
        }
        return out.toByteArray();
    }

    /** Packs with something else in their header, and a digest that is right. */
    private static List<byte[]> packs() throws IOException {
        Path folder = Files.createTempDirectory("pack");
        byte[] valid = Files.readAllBytes(SmallPack.write(folder));
        int length = (int) ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(valid, Long.BYTES, length, StandardCharsets.UTF_8);
        List<byte[]> all = new ArrayList<>();
        for (String json : Contents.jsonTexts(header)) {
            all.add(pack(json, valid, length));
        }
        var tree = com.google.gson.JsonParser.parseString(header).getAsJsonObject();
        var facts = tree.getAsJsonObject("__metadata__");
        for (String dataset : Contents.jsonTexts(facts.get("dataset").getAsString())) {
            facts.addProperty("dataset", dataset);
            all.add(pack(tree.toString(), valid, length));
        }
        var other = com.google.gson.JsonParser.parseString(header).getAsJsonObject();
        for (String order : Hostile.TEXTS) {
            other.getAsJsonObject("__metadata__").addProperty("image.colorOrder", order);
            all.add(pack(other.toString(), valid, length));
        }
        return all;
    }

    private static byte[] pack(String header, byte[] valid, int length) {
        byte[] json = Contents.bytes(header);
        int data = valid.length - Long.BYTES - length;
        byte[] all = Contents.safetensors(json, data);
        System.arraycopy(valid, Long.BYTES + length, all, Long.BYTES + json.length, data);
        int at = new String(all, StandardCharsets.ISO_8859_1).indexOf(DIGEST) + DIGEST.length();
        if (at >= DIGEST.length() && at + DIGITS <= all.length) {
            Arrays.fill(all, at, at + DIGITS, (byte) '0');
            byte[] digest = Sha256.hex(all).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(digest, 0, all, at, DIGITS);
        }
        return all;
    }

    private static void pack(Path file) {
        FeaturePack pack = FeaturePack.open(file).at(Optional.empty());
        pack.requireViews(Augmentation.parse("views:" + SmallPack.VIEWS));
        Dataset dataset = pack.dataset();
        try (var manager = ai.djl.ndarray.NDManager.newBaseManager()) {
            List<String> paths =
                    dataset.train().stream().map(image -> image.path()).toList();
            pack.get(manager, paths, new int[paths.size()], Progress.SILENT);
        }
    }
}
