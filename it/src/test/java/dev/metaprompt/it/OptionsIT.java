package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options from the command line and the POM, right and wrong. */
class OptionsIT {
    @TempDir
    private Path folder;

    private void assertRefused(MavenBuild.Result result, String... parts) {
        assertNotEquals(0, result.exitCode(), result.text());
        for (String part : parts) {
            assertTrue(result.error().contains(part), part + " in\n" + result.error());
        }
        assertEquals(1, result.count("MojoFailureException"), result.text());
        assertFalse(Files.exists(folder.resolve("runs")), "nothing is to be computed");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestName() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        assertRefused(
                build.run("metaprompt:train", "-Dmetaprompt.loss.klWieght=0.1"), "loss.klWieght", "loss.klWeight");
    }

    @Test
    void anUnknownElementOfThePomIsRefusedToo() throws Exception {
        MavenBuild build = MavenBuild.project("bound", folder);
        Path pom = folder.resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replace("<way>6</way>", "<wayy>6</wayy>"));
        assertRefused(build.run("compile"), "wayy", "way", "pom.xml");
    }

    @Test
    void aValueOutOfRangeIsRefusedWithWhereItCameFrom() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        assertRefused(build.run("metaprompt:train", "-Dway=1"), "way", "1", "-Dway");
        assertRefused(build.run("metaprompt:train", "-Dmetaprompt.train.epochs=many"), "train.epochs", "many");
    }

    @Test
    void bareAndPrefixedPropertiesMayNotContradict() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        assertRefused(build.run("metaprompt:train", "-Dway=5", "-Dmetaprompt.way=6"), "-Dway", "-Dmetaprompt.way");
    }

    @Test
    void aGpuWithoutLibraryIsRefusedWithWhatToDo() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder).with("PYTORCH_LIBRARY_PATH", "");
        assertRefused(build.run("metaprompt:train", "-Dmetaprompt.device=gpu"), "PYTORCH_LIBRARY_PATH");
    }

    @Test
    void aPathOfAnotherSystemIsNamedAsItWasWritten() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        assertRefused(
                build.run("metaprompt:train", "-Ddataset=C:\\data\\dtd"), "dataset", "C:\\data\\dtd", "no folder");
        Path config = Files.writeString(folder.resolve("mine.yaml"), "dataset: D:\\data\\dtd\n");
        assertRefused(
                build.run("metaprompt:train", "-Dmetaprompt.config=" + config),
                "D:\\data\\dtd",
                "mine.yaml",
                "no folder");
    }

    @Test
    void boundGoalsTakeThePomsOptionsAndTheCommandLineBeatsThem() throws Exception {
        MavenBuild build = MavenBuild.project("bound", folder);
        MavenBuild.Result result = build.run("test", "-Dway=7");
        assertEquals(0, result.exitCode(), result.text());
        JsonObject config = Runs.config(Runs.of(build).only());
        assertEquals(7, config.get("way").getAsInt());
        assertEquals(3, config.get("shot").getAsInt());
        assertEquals(4, config.get("seed").getAsInt());
        assertEquals(0.1, config.get("loss.klWeight").getAsDouble());
        JsonObject origins = Runs.record(Runs.of(build).only()).getAsJsonObject("origins");
        assertTrue(origins.get("way").getAsString().contains("-Dway"), origins.toString());
        assertTrue(origins.get("seed").getAsString().contains("pom.xml"), origins.toString());
    }
}
