package dev.metaprompt.fuzz;

import dev.metaprompt.Golden;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.Configurations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model's {@code preprocessor_config.json}. */
class PreprocessorConfigFuzzTest extends FuzzTest {
    private static final String SHORT =
            "{\"size\":36,\"crop_size\":36,\"resample\":3,\"rescale_factor\":0.00392156862745098,"
                    + "\"image_mean\":[0.5,0.25,0.125],\"image_std\":[1,2,3]}";

    @Override
    String fileName() {
        return "preprocessor_config.json";
    }

    @Override
    double weight() {
        return 0.5;
    }

    /** Puts an image processor's settings where the file has them. */
    String around(String processor) {
        return processor;
    }

    private String golden() {
        try {
            return around(Files.readString(Golden.path("clip-exact/preprocessor_config.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    List<byte[]> seeds() {
        return List.of(golden().getBytes(StandardCharsets.UTF_8), around(SHORT).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String text = new JsonTrees(random).damaged(random.nextInt(2) == 0 ? golden() : around(SHORT));
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) {
        Configurations.readPreprocessor(file.getParent());
    }
}
