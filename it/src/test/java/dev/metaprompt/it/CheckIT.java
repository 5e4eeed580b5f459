package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate in a consumer's own POM, bound to its phase. */
class CheckIT {
    private static final String HEADER = "\\[INFO\\] +base +new +H";
    private static final String ROW = "\\[INFO\\]  5-way 2-shot +\\d+\\.\\d\\d +\\d+\\.\\d\\d +\\d+\\.\\d\\d";
    private static final String BASELINE = "-Dmetaprompt.check.baseline=ci/baseline.json";

    @TempDir
    private Path folder;

    private static long matching(MavenBuild.Result result, String pattern) {
        return result.lines().stream().filter(line -> line.matches(pattern)).count();
    }

    private static void assertExit(int expected, MavenBuild.Result result) {
        assertEquals(expected, result.exitCode(), result.text());
    }

    private JsonObject verdict() throws Exception {
        return JsonParser.parseString(Files.readString(folder.resolve("runs/check/check.json")))
                .getAsJsonObject();
    }

    @Test
    void verifyIsGreenAndARaisedFloorFailsItWithTheTable() throws Exception {
        MavenBuild build = MavenBuild.project("gate", folder);
        MavenBuild.Result green = build.run("verify");
        assertExit(0, green);
        assertEquals(1, matching(green, HEADER), green.text());
        assertEquals(1, matching(green, ROW + " +ok"), green.text());
        assertTrue(verdict().get("passed").getAsBoolean());
        double base = Runs.record(Runs.of(build).only())
                .getAsJsonObject("results")
                .get("base")
                .getAsDouble();

        MavenBuild.Result red =
                build.run("verify", "-Dmetaprompt.train.skip", "-Dmetaprompt.check.minBase=" + (base + 0.01));
        assertExit(1, red);
        assertEquals(1, matching(red, ROW + " +FAILED"), red.text());
        assertEquals(1, matching(red, ".*FAILED 5-way 2-shot: base .* is below check.minBase .*"), red.text());
        assertTrue(red.error().contains("1 of 1 configuration failed the gate"), red.error());
        assertEquals(1, red.count("MojoFailureException"), red.text());
        assertFalse(verdict().get("passed").getAsBoolean());
        assertTrue(Files.readString(folder.resolve("runs/check/TEST-metaprompt-check.xml"))
                .contains("failures=\"1\""));
    }

    @Test
    void whatUpdateWroteIsWhatTheNextCheckComparesWith() throws Exception {
        MavenBuild build = MavenBuild.project("gate", folder);
        assertExit(0, build.run("compile"));
        MavenBuild.Result absent = build.run("metaprompt:check", BASELINE);
        assertExit(1, absent);
        assertTrue(absent.error().contains("-Dmetaprompt.check.update"), absent.error());

        assertExit(0, build.run("metaprompt:check", BASELINE, "-Dmetaprompt.check.update"));
        MavenBuild.Result quiet = build.run("metaprompt:check", BASELINE, "-q");
        assertExit(0, quiet);
        List<String> lines = quiet.lines().stream().filter(l -> !l.isBlank()).toList();
        assertTrue(lines.get(0).matches(" +base +new +H +baseline H +change +allowed"), quiet.text());
        assertEquals(1, matching(quiet, " 5-way 2-shot .* 0\\.00 ±0\\.00 +≥ −1\\.00 +ok"), quiet.text());
        assertEquals(0, quiet.count("[INFO]"), quiet.text());

        Path run = Runs.of(build).only();
        Path record = run.resolve("run.json");
        Files.writeString(record, Files.readString(record).replace("\"train.epochs\": 2", "\"train.epochs\": 3"));
        MavenBuild.Result other = build.run("metaprompt:check", BASELINE);
        assertExit(1, other);
        assertEquals(1, matching(other, ".*train\\.epochs is 3 here and 2 there.*"), other.text());
    }

    @Test
    void nothingToCheckIsAFailure() throws Exception {
        MavenBuild build = MavenBuild.project("gate", folder);
        MavenBuild.Result result = build.run("verify", "-Dmetaprompt.train.skip");
        assertExit(1, result);
        assertTrue(result.error().contains(folder.resolve("runs").toString()), result.error());
        MavenBuild.Result skipped = build.run("verify", "-Dmetaprompt.train.skip", "-Dmetaprompt.check.skip");
        assertExit(0, skipped);
    }
}
