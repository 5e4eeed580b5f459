package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plugin in a consumer's own POM, run by the Mavens that people have. */
class MavensIT {
    @TempDir
    private Path folder;

    static Stream<Path> mavens() {
        return Stream.of(System.getProperty("it.mavens").split(",")).map(Path::of);
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void boundGoalsRunOfflineInAPathWithSpacesAndLettersOfOtherLanguages(Path maven) throws Exception {
        assertTrue(Files.isDirectory(maven), maven + " was not unpacked");
        MavenBuild build =
                MavenBuild.project("bound", folder.resolve("Über uns \u4e2d")).by(maven);
        MavenBuild.Result result = build.run("verify", "-o");
        assertEquals(0, result.exitCode(), result.text());
        Path run = Runs.of(build).only();
        assertEquals("finished", Runs.status(run));
        assertEquals(6, Runs.config(run).get("way").getAsInt());
    }
}
