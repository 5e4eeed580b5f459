package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.tensor.ShardedTensors;
import dev.metaprompt.tensor.TensorFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The index of weights in several files, two of which lie beside it and one outside. */
class ShardIndexFuzzTest extends FuzzTest {
    private static final String VALID =
            "{\"metadata\":{\"total_size\":16},\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}";
    private static final List<String> FILES = List.of(
            "one.safetensors",
            "two.safetensors",
            "../outside.safetensors",
            "three.safetensors",
            "one.safetensors/",
            "./one.safetensors",
            "..",
            ".",
            "sub",
            "/etc/passwd",
            "C:one.safetensors",
            "one.safetensors\\u0000",
            "model.safetensors.index.json",
            "x.safetensors");

    @Override
    String fileName() {
        return "model.safetensors.index.json";
    }

    @Override
    List<String> names() {
        // A shard that is damaged is named itself.
        return List.of(fileName(), "x.safetensors");
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                VALID.getBytes(StandardCharsets.UTF_8),
                "{\"weight_map\":{\"b\":\"two.safetensors\"}}".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String text = random.nextInt(2) == 0 ? invented(random) : new JsonTrees(random).damaged(VALID);
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String invented(RandomStream random) {
        StringBuilder text = new StringBuilder("{\"weight_map\":{\"a\":\"one.safetensors\"");
        boolean many = random.nextInt(50) == 0;
        int places = many ? 3000 : random.nextInt(4);
        for (int i = 0; i < places; i++) {
            String file = random.nextInt(20) == 0 ? "y".repeat(1 << random.nextInt(13)) : pick(random);
            text.append(",\"").append(many ? String.valueOf(i) : "abc".substring(random.nextInt(3)));
            text.append("\":\"").append(many ? String.valueOf(i) : file).append('"');
        }
        return text.append("}}").toString();
    }

    private static String pick(RandomStream random) {
        return FILES.get(Math.min(random.nextInt(FILES.size()), random.nextInt(FILES.size())));
    }

    @Override
    void prepare(Path root) throws Exception {
        Files.createDirectories(root.resolve("sub"));
        Files.write(root.resolve("one.safetensors"), shard("a"));
        Files.write(root.resolve("two.safetensors"), shard("b"));
        Files.write(root.resolve("x.safetensors"), new byte[7]);
        Files.write(root.resolveSibling("outside.safetensors"), shard("a"));
    }

    private static byte[] shard(String tensor) {
        return SafetensorsFuzzTest.file(
                "{\"" + tensor + "\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    }

    @Override
    void read(Path file) {
        for (Path shard : ShardedTensors.files(file)) {
            if (!shard.normalize().getParent().equals(file.getParent())) {
                throw new AssertionError("a shard outside the folder: " + shard);
            }
        }
        try (TensorFile tensors = TensorFile.open(file)) {
            for (String name : tensors.names()) {
                tensors.shape(name);
                tensors.readFloats(name);
            }
        }
    }
}
