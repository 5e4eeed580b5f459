package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** What two runs of the same configuration have in common, byte for byte. */
final class TrainedFiles {
    static final List<String> REPEATABLE =
            List.of("metrics.jsonl", "episodes.jsonl", "initial.safetensors", "learned.safetensors", "predictions.csv");

    private TrainedFiles() {}

    static void assertSame(RunDirectory one, RunDirectory two, List<String> files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(one.file(file)), Files.readAllBytes(two.file(file)), file);
        }
    }
}
