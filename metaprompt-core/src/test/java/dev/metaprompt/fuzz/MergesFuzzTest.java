package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** CLIP's {@code merges.txt} beside a sound vocabulary; native code reads what is made of both. */
class MergesFuzzTest extends FuzzTest {
    private static final List<String> LINES = List.of(
            "a",
            "a b c",
            " a",
            "a ",
            "a  b",
            "\t",
            "\u0000 a",
            "#version: 9",
            "</w> </w>",
            "a </w>",
            "\u00e9 a",
            "o f",
            "\uFEFF",
            "<|endoftext|> a",
            "p h",
            "{} []");

    @Override
    String fileName() {
        return "merges.txt";
    }

    @Override
    double weight() {
        return 0.3;
    }

    @Override
    List<byte[]> seeds() {
        return List.of(VocabularyFuzzTest.merges().getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        StringBuilder text = new StringBuilder("#version: 0.2\n");
        int lines = random.nextInt(20);
        for (int i = 0; i < lines; i++) {
            List<String> from = random.nextInt(8) == 0 ? LINES : VocabularyFuzzTest.MERGES;
            text.append(from.get(random.nextInt(from.size()))).append(random.nextInt(20) == 0 ? "\r\n" : "\n");
        }
        return Optional.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void prepare(Path root) throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("vocab.json"), VocabularyFuzzTest.vocabulary());
    }

    @Override
    void read(Path file) {
        VocabularyFuzzTest.readFolder(file.getParent());
    }
}
