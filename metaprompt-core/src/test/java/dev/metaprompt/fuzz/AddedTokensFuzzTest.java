package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code added_tokens.json} beside CLIP's vocabulary and merges. */
class AddedTokensFuzzTest extends FuzzTest {
    private static final String VALID = "{\"<|startoftext|>\": 62, \"<|endoftext|>\": 63}";

    @Override
    String fileName() {
        return "added_tokens.json";
    }

    @Override
    double weight() {
        return 0.1;
    }

    @Override
    void prepare(Path root) throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve("vocab.json"), VocabularyFuzzTest.vocabulary());
        Files.writeString(root.resolve("merges.txt"), VocabularyFuzzTest.merges());
    }

    @Override
    List<byte[]> seeds() {
        return List.of(VALID.getBytes(StandardCharsets.UTF_8), "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        return Optional.of(new JsonTrees(random).damaged(VALID).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) {
        VocabularyFuzzTest.readFolder(file.getParent());
    }
}
