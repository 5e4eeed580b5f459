package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.Configurations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model's {@code open_clip_config.json}: its sizes, and how images are prepared. */
class OpenClipConfigFuzzTest extends FuzzTest {
    private List<byte[]> seeds;

    @Override
    String fileName() {
        return "open_clip_config.json";
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    List<byte[]> seeds() throws IOException {
        if (seeds == null) {
            seeds = List.of(
                    GoldenZip.file("open_clip/open_clip_config.json"),
                    GoldenZip.file("open_clip_exact/open_clip_config.json"));
        }
        return seeds;
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String valid = new String(seeds.get(random.nextInt(seeds.size())), StandardCharsets.UTF_8);
        return Optional.of(new JsonTrees(random).damaged(valid).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void prepare(Path root) throws Exception {
        Files.createDirectories(root);
        Configurations.markOpenClip(root);
    }

    @Override
    void read(Path file) {
        Configurations.readOpenClip(file.getParent());
    }
}
