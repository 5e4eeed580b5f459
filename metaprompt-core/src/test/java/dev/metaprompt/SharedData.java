package dev.metaprompt;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Larger test data beside the checkout, where it is present; tests that need it are shown as skipped elsewhere. */
public final class SharedData {
    private SharedData() {}

    /**
     * Returns a file or folder of the shared data, or skips the calling test.
     *
     * @param name path below the data folder
     * @return the path
     */
    public static Path require(String name) {
        Path path = Path.of("..", "..", "shared", "data")
                .resolve(name)
                .toAbsolutePath()
                .normalize();
        Assumptions.assumeTrue(Files.exists(path), () -> path + " is not present");
        return path;
    }
}
