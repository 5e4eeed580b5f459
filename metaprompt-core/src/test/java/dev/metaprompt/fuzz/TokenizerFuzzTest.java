package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.text.Tokenizer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code tokenizer.json}, which native code reads. */
class TokenizerFuzzTest extends FuzzTest {
    @Override
    String fileName() {
        return "tokenizer.json";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        return List.of(embedded("tokenizer.json"));
    }

    /** A file of the embedded model. */
    static byte[] embedded(String name) throws Exception {
        try (InputStream in = Tokenizer.class.getResourceAsStream("/dev/metaprompt/nano-clip/" + name)) {
            return in.readAllBytes();
        }
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        try {
            String valid = new String(embedded(fileName()), StandardCharsets.UTF_8);
            return Optional.of(new JsonTrees(random).damaged(valid).getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    double weight() {
        return 0.1;
    }

    @Override
    void read(Path file) {
        try (Tokenizer tokenizer = Tokenizer.open(file, 77)) {
            tokenizer.encode("a photo of a banded texture");
        }
    }
}
