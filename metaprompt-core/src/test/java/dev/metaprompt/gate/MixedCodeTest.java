package dev.metaprompt.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of different code are never taken together without a word. */
class MixedCodeTest {
    private static final String OLD = "a".repeat(40);
    private static final String BAD = "b".repeat(40);

    @TempDir
    private Path folder;

    private SampleRuns runs;
    private BaselineFile baseline;

    /** Five seeds of one code, which are the baseline. */
    @BeforeEach
    void fiveSeedsAndTheirBaseline() {
        runs = new SampleRuns(folder.resolve("runs")).code("0.1.0", OLD);
        for (long seed = 1; seed <= 5; seed++) {
            runs.finished(seed, 70, 60);
        }
        baseline = new BaselineFile(folder.resolve("baseline.json"), "baseline.json");
        baseline.write(Baseline.of(read(Mixed.REFUSE).groups()));
    }

    private GateRuns read(Mixed rule) {
        return GateRuns.read(folder.resolve("runs"), "*", rule);
    }

    private GateResult check(Mixed rule) {
        return new Gate(SampleRuns.options(OptionalDouble.empty(), 1)).judge(read(rule), Optional.of(baseline));
    }

    private static String text(GateResult result) {
        return String.join("\n", result.lines());
    }

    private static void assertSays(GateResult result, String... parts) {
        for (String part : parts) {
            assertTrue(text(result).contains(part), part + " in\n" + text(result));
        }
    }

    @Test
    void oneSeedOfBadCodeDoesNotHideAmongFourOfGoodCode() {
        assertTrue(check(Mixed.REFUSE).passed());
        runs.code("0.1.0", BAD).finished(3, 61, 51);
        GateResult refused = check(Mixed.REFUSE);
        assertFalse(refused.passed());
        assertSays(
                refused,
                "H fell by ",
                "n = 1 seed (3)",
                "the newest runs of its seeds are of different code: 0.1.0, commit aaaaaaaaaaaa (seeds 1, 2, 4, 5);"
                        + " 0.1.0, commit bbbbbbbbbbbb (seed 3)",
                "-Dmetaprompt.check.mixed=newest");
        GateResult newest = check(Mixed.NEWEST);
        assertFalse(newest.passed(), "alone it is seen");
        assertSays(newest, "judged are the runs of 0.1.0, commit bbbbbbbbbbbb alone (seed 3)");
        // What used to pass without a word.
        GateResult joined = check(Mixed.JOIN);
        assertTrue(joined.passed(), text(joined));
        assertSays(
                joined, "joins runs of different code: 0.1.0, commit aaaaaaaaaaaa (seeds 1, 2, 4, 5); 0.1.0, commit b");
    }

    @Test
    void alsoAGoodRunOfOtherCodeIsRefused() {
        runs.code("0.2.0", OLD).finished(3, 70, 60);
        GateResult result = check(Mixed.REFUSE);
        assertEquals(1, result.failed().size());
        assertSays(result, "0.2.0, commit aaaaaaaaaaaa (seed 3)");
        assertTrue(check(Mixed.NEWEST).passed(), text(check(Mixed.NEWEST)));
    }

    @Test
    void uncommittedChangesAreOtherCode() {
        runs.code("0.1.0", OLD + "-dirty").finished(3, 70, 60);
        assertFalse(check(Mixed.REFUSE).passed());
        assertSays(check(Mixed.REFUSE), "commit aaaaaaaaaaaa-dirty (seed 3)");
        for (long seed = 1; seed <= 5; seed++) {
            runs.finished(seed, 70, 60);
        }
        assertTrue(check(Mixed.REFUSE).passed());
        assertSays(
                check(Mixed.REFUSE), "where changes are not committed, nothing tells whether all seeds saw the same");
    }

    @Test
    void seedsThatAreAllTrainedAnewReplaceTheOldOnes() throws Exception {
        runs.code("0.1.0", BAD);
        for (long seed = 1; seed <= 5; seed++) {
            runs.finished(seed, 70, 60);
        }
        GateResult result = check(Mixed.REFUSE);
        assertTrue(result.passed(), text(result));
        assertSays(result, "computed by 0.1.0, commit bbbbbbbbbbbb; the baseline by 0.1.0, commit aaaaaaaaaaaa.");
        Path json = folder.resolve("check.json");
        Path junit = folder.resolve("TEST.xml");
        result.write(json, junit);
        JsonObject row = JsonParser.parseString(Files.readString(json))
                .getAsJsonObject()
                .getAsJsonArray("configurations")
                .get(0)
                .getAsJsonObject();
        assertEquals(
                "[{\"project\":\"0.1.0\",\"gitCommit\":\"" + BAD + "\",\"seeds\":[1,2,3,4,5]}]",
                row.get("code").toString());
        assertEquals(
                "[{\"project\":\"0.1.0\",\"gitCommit\":\"" + OLD + "\",\"seeds\":[1,2,3,4,5]}]",
                row.getAsJsonObject("comparison").get("baselineCode").toString());
        assertTrue(Files.readString(junit).contains("computed by 0.1.0, commit bbbbbbbbbbbb"));
    }

    @Test
    void ofTheNewestCodeAllRunsAreTakenTogether() {
        runs.code("0.1.0", BAD).finished(1, 30, 30);
        runs.finished(2, 30, 30);
        runs.code("0.1.0", OLD).finished(1, 70, 60);
        GateResult result = check(Mixed.NEWEST);
        assertTrue(result.passed(), text(result));
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                List.copyOf(read(Mixed.NEWEST).groups().get(0).bySeed().keySet()));
        assertFalse(check(Mixed.REFUSE).passed());
    }

    @Test
    void recordsThatDoNotTellAreEqualToEachOther() {
        SampleRuns unknown = new SampleRuns(folder.resolve("old")).code("unknown", null);
        for (long seed = 1; seed <= 3; seed++) {
            unknown.finished(seed, 70, 60);
        }
        GateRuns read = GateRuns.read(folder.resolve("old"), "*", Mixed.REFUSE);
        assertTrue(read.mixed().isEmpty());
        GateResult result = new Gate(SampleRuns.options(OptionalDouble.empty(), 1)).judge(read, Optional.of(baseline));
        assertTrue(result.passed(), text(result));
        assertSays(result, "computed by unknown; the baseline by 0.1.0, commit aaaaaaaaaaaa.");
    }

    @Test
    void aBaselineThatTellsNoCodeIsReadAndOneThatJoinsSaysSo() throws Exception {
        Path file = folder.resolve("baseline.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll(" *\"(project|gitCommit)\": \"[^\"]*\",\n", ""));
        assertSays(check(Mixed.REFUSE), "the baseline by unknown.");
        Files.writeString(file, text.replaceFirst(OLD, BAD));
        GateResult result = check(Mixed.REFUSE);
        assertTrue(result.passed(), text(result));
        assertSays(result, "the baseline joins runs of different code: 0.1.0, commit bbbbbbbbbbbb (seed 1);");
    }
}
