package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.ClipConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model's {@code config.json}. */
class ClipConfigFuzzTest extends FuzzTest {
    @Override
    String fileName() {
        return "config.json";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        return List.of(TokenizerFuzzTest.embedded("config.json"));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        try {
            String valid = new String(TokenizerFuzzTest.embedded("config.json"), StandardCharsets.UTF_8);
            return Optional.of(new JsonTrees(random).damaged(valid).getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    void read(Path file) {
        ClipConfig.read(file);
    }
}
