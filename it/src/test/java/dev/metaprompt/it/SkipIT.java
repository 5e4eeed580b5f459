package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where and how often a goal runs, seen by the line that says it is skipped; and the generated help. */
class SkipIT {
    @TempDir
    private Path folder;

    @Test
    void bothSkipsNameTheirProperty() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Result result = build.run("metaprompt:train", "metaprompt:evaluate", "-Dmetaprompt.skip");
        assertEquals(0, result.exitCode(), result.text());
        assertEquals(2, result.count("Skipped: metaprompt.skip is set."), result.text());
        result = build.run("metaprompt:train", "-Dmetaprompt.train.skip=true");
        assertEquals(1, result.count("Skipped: metaprompt.train.skip is set."), result.text());
        assertFalse(Files.exists(folder.resolve("target")));
    }

    @Test
    void aGoalTypedAtTheRootOfAReactorRunsOnce() throws Exception {
        MavenBuild build = MavenBuild.project("multi", folder);
        MavenBuild.Result result = build.run("metaprompt:train", "-Dmetaprompt.skip");
        assertEquals(1, result.count("Skipped: "), result.text());
        result = build.run("-pl", "two", "metaprompt:train", "-Dmetaprompt.skip");
        assertEquals(1, result.count("Skipped: "), result.text());
        result = build.run("-pl", "one,two", "metaprompt:train", "-Dmetaprompt.skip");
        assertEquals(1, result.count("Skipped: "), result.text());
    }

    @Test
    void aBoundGoalRunsInItsModuleAlsoInParallelBuilds() throws Exception {
        MavenBuild.Result result = MavenBuild.project("multi", folder).run("-T2", "compile", "-Dmetaprompt.skip");
        assertEquals(0, result.exitCode(), result.text());
        assertEquals(2, result.count("Skipped: "), result.text());
        assertEquals(1, result.count("train (train-one) @ one"), result.text());
        assertEquals(1, result.count("train (train-two) @ two"), result.text());
        assertEquals(0, result.count("not marked @threadSafe"), result.text());
    }

    @Test
    void aGoalWorksWithoutPomByItsFullName() throws Exception {
        MavenBuild.Result result = MavenBuild.without(folder).run(MavenBuild.PLUGIN + ":train", "-Dmetaprompt.skip");
        assertEquals(0, result.exitCode(), result.text());
        assertEquals(1, result.count("Skipped: "), result.text());
    }

    @Test
    void helpShowsEveryGoalAndItsParameters() throws Exception {
        MavenBuild.Result result = MavenBuild.project("plain", folder).run("metaprompt:help", "-Ddetail");
        for (String goal : new String[] {
            "train", "evaluate", "prepare", "encode", "pretrain", "replay", "report", "check", "sync", "help"
        }) {
            assertTrue(result.lines().contains("metaprompt:" + goal), goal + " in\n" + result.text());
        }
        assertTrue(result.count("User property: metaprompt.way") > 0, result.text());
    }
}
