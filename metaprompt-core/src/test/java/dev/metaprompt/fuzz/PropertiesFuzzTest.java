package dev.metaprompt.fuzz;

import dev.metaprompt.config.Configuration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Configuration files in the format of properties. */
class PropertiesFuzzTest extends FuzzTest {
    @Override
    String fileName() {
        return "input.properties";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                "way = 5\nshot: 2\n# comment\ntrain.epochs 10\nprompt.init = a photo \\\n  of a\n"
                        .getBytes(StandardCharsets.UTF_8),
                "method=coop\ndataset.shots=\\u0038\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    void read(Path file) {
        Configuration.builder(file.getParent())
                .commandLine("config", fileName(), "-Dmetaprompt.config")
                .resolve();
    }
}
