package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.gate.SampleRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    @TempDir
    private Path base;

    private TestContext check(String... options) throws Exception {
        TestContext context = new TestContext(base, options);
        new CheckCommand().run(context);
        return context;
    }

    private String refusal(String... options) {
        return assertThrows(InvalidInputException.class, () -> check(options)).getMessage();
    }

    private void run(double accuracy) {
        new SampleRuns(base.resolve("runs")).finished(1, accuracy, accuracy);
    }

    @Test
    void withoutDemandsItSaysWhatToSet() {
        String message = refusal();
        assertTrue(message.contains("check.minBase") && message.contains("check.update"), message);
        assertTrue(refusal("check.update", "true").contains("check.baseline"));
        assertTrue(refusal("check.baseline", "mlflow:x").contains("check.baseline is mlflow:x"));
    }

    @Test
    void theTableIsPrintedBeforeTheFailureAndTheFilesStand() throws Exception {
        run(60);
        TestContext context = new TestContext(base, "check.minBase", "90");
        String message = assertThrows(InvalidInputException.class, () -> new CheckCommand().run(context))
                .getMessage();
        assertTrue(message.contains("1 of 1 configuration failed the gate (5-way 2-shot)"), message);
        assertEquals(1, message.lines().count());
        assertTrue(context.results.get(2).contains("FAILED"), context.results.toString());
        Path folder = base.resolve("runs").resolve("check");
        assertTrue(Files.exists(folder.resolve("TEST-metaprompt-check.xml")));
        assertTrue(Files.readString(folder.resolve("check.json")).contains("\"passed\": false"));
        assertTrue(check("check.minBase", "10").results.get(2).endsWith("ok"));
    }

    @Test
    void updateWritesTheBaselineThatTheNextCheckReads() throws Exception {
        run(80);
        String[] options = {"check.baseline", "ci/baseline.json", "check.update", "true"};
        assertTrue(refusal("check.baseline", "ci/baseline.json").contains("no such file"));
        TestContext update = check(options);
        assertTrue(update.results.stream().anyMatch(l -> l.contains("written; commit it")), update.results.toString());
        check("check.baseline", "ci/baseline.json");
        run(50);
        assertTrue(refusal("check.baseline", "ci/baseline.json").contains("-Dmetaprompt.check.update"));
        check(options);
        check("check.baseline", "ci/baseline.json");
    }

    @Test
    void updateDoesNotAcceptWhatAFloorRefuses() {
        run(60);
        String message = refusal("check.baseline", "b.json", "check.update", "true", "check.minNew", "90");
        assertTrue(message.contains("was not written"), message);
        assertFalse(Files.exists(base.resolve("b.json")));
    }

    @Test
    void anEarlierVerdictDoesNotOutliveACheckThatHasNone() throws Exception {
        run(80);
        check("check.minBase", "10");
        refusal("check.minBase", "10", "check.runs", "nothing");
        assertFalse(Files.exists(base.resolve("runs/check/check.json")));
    }

    private static final String[] UPDATE_FIVE = {
        "check.baseline", "b.json", "check.update", "true", "check.runs", "*-5way*"
    };

    private Path twoConfigurations() throws Exception {
        run(80);
        new SampleRuns(base.resolve("runs")).finished(2, 80, 80);
        new SampleRuns(base.resolve("runs")).way(10).finished(1, 70, 70);
        check("check.baseline", "b.json", "check.update", "true");
        return base.resolve("b.json");
    }

    @Test
    void anUpdateOfChosenRunsKeepsTheOtherConfigurations() throws Exception {
        Path file = twoConfigurations();
        String before = Files.readString(file);
        run(75);
        TestContext update = check(UPDATE_FIVE);
        assertTrue(
                update.results.contains("kept in it as it was: what check.runs did not choose, 1 configuration"),
                update.results.toString());
        String after = Files.readString(file);
        assertNotEquals(before, after);
        String ten = before.substring(before.indexOf("\"way\": 10"));
        assertTrue(after.endsWith(ten), after);
        assertTrue(check("check.baseline", "b.json").results.toString().contains("10-way 2-shot"));
    }

    @Test
    void anUpdateNamesTheSeedsThatAreNoLongerInIt() throws Exception {
        twoConfigurations();
        TestContext update = check("check.baseline", "b.json", "check.update", "true", "check.runs", "*-5way*-s2");
        assertTrue(update.results.toString().contains("have no chosen run, 1"), update.results.toString());
    }

    @Test
    void whatCannotBeKeptIsNotWrittenOver() throws Exception {
        Path file = twoConfigurations();
        Files.writeString(file, "{\"schema\": 1, \"configurations\": [\"" + "secret".repeat(100) + "\"]}");
        byte[] before = Files.readAllBytes(file);
        String message = refusal(UPDATE_FIVE);
        assertTrue(message.contains("is no baseline of this version"), message);
        assertFalse(message.contains("secret".repeat(14)), "a message quotes at most 80 characters: " + message);
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void runsOfDifferentCodeAreRefusedUnlessToldOtherwise() throws Exception {
        SampleRuns runs = new SampleRuns(base.resolve("runs")).code("0.1.0", "a");
        runs.finished(1, 80, 80);
        runs.code("0.1.0", "b").finished(2, 80, 80);
        String message = refusal("check.minBase", "10");
        assertTrue(message.contains("1 of 1 configuration failed"), message);
        assertFalse(check("check.minBase", "10", "check.mixed", "join").results.isEmpty());
        assertFalse(
                check("check.minBase", "10", "check.mixed", "newest").results.isEmpty());
        assertTrue(refusal("check.minBase", "10", "check.mixed", "yes").contains("check.mixed"));
        String update = refusal("check.baseline", "b.json", "check.update", "true");
        assertTrue(update.contains("was not written"), update);
        assertFalse(Files.exists(base.resolve("b.json")));
    }
}
