package dev.metaprompt.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.ModelReading;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Baselines and runs whose test images have the same names and hold other pixels, or hold nobody knows what. */
class BaselineContentTest {
    private static final String ONE = "1a".repeat(32);
    private static final String OTHER = "2b".repeat(32);

    @TempDir
    private Path folder;

    private Path runs;
    private BaselineFile baseline;

    @BeforeEach
    void folders() {
        runs = folder.resolve("runs");
        baseline = new BaselineFile(folder.resolve("baseline.json"), "baseline.json");
    }

    private RunDirectory run(Path into, long seed, String testContent) {
        RunDirectory run = new SampleRuns(into).finished(seed, 70, 60);
        if (!testContent.isEmpty()) {
            // Each seed draws other training images, so that only the test images' digest is shared.
            run.writeRecord(run.readRecord().withContent(new RunRecord.Content("" + seed, testContent)));
        }
        return run;
    }

    private void baselineOf(String... contents) {
        Path made = folder.resolve("made");
        for (int i = 0; i < contents.length; i++) {
            run(made, i + 1, contents[i]);
        }
        baseline.write(Baseline.of(GateRuns.read(made, "*", Mixed.REFUSE).groups()));
    }

    private GateResult judged() {
        return new Gate(SampleRuns.options(OptionalDouble.empty(), 1))
                .judge(GateRuns.read(runs, "*", Mixed.REFUSE), Optional.of(baseline));
    }

    @Test
    void aBaselineOfTheFolderWithoutItsSubfoldersIsRefusedAndSaysWhy() throws IOException {
        baselineOf("", "");
        RunDirectory run = new SampleRuns(runs).finished(1, 70, 60);
        RunRecord record = run.readRecord();
        String before = record.dataset().sha256();
        String json = Files.readString(run.file("run.json"))
                .replace(
                        "\"sha256\": \"" + before + "\"",
                        "\"sha256\": \"ee55\",\n    \"olderSha256\": \"" + before + "\"");
        Files.writeString(run.file("run.json"), json);
        assertEquals(Optional.of(before), run.readRecord().dataset().olderSha256());
        GateResult result = judged();
        assertFalse(result.passed());
        String text = text(result);
        assertTrue(text.contains("split (SHA-256) is ee55 here and " + before + " there"), text);
        assertTrue(text.contains("left out WebP files and images in subfolders of class folders"), text);
    }

    private static String text(GateResult result) {
        return String.join("\n", result.lines());
    }

    @Test
    void theSameImagesAreComparedOverSeeds() throws IOException {
        baselineOf(ONE, ONE);
        run(runs, 1, ONE);
        run(runs, 2, ONE);
        GateResult result = judged();
        assertTrue(result.passed(), text(result));
        assertEquals(1, result.configurations());
        assertFalse(text(result).contains("taken on trust"), text(result));
        assertTrue(Files.readString(folder.resolve("baseline.json")).contains("\"testContentSha256\": \"" + ONE));
        assertEquals(
                Baseline.of(
                        GateRuns.read(folder.resolve("made"), "*", Mixed.REFUSE).groups()),
                baseline.read(Set.of()));
    }

    @Test
    void otherPixelsUnderTheSameNamesAreRefusedByName() {
        baselineOf(ONE);
        run(runs, 1, OTHER);
        GateResult result = judged();
        assertFalse(result.passed());
        assertTrue(
                text(result)
                        .contains("content of test images (SHA-256) is " + OTHER.substring(0, 12) + "… here and "
                                + ONE.substring(0, 12) + "… there"),
                text(result));
    }

    @Test
    void anOlderBaselineIsComparedByWhatItHasAndSaysSo() {
        baselineOf("", "");
        run(runs, 1, ONE);
        run(runs, 2, ONE);
        GateResult result = judged();
        assertTrue(result.passed(), text(result));
        assertTrue(text(result).contains("wrote the baseline baseline.json"), text(result));
        assertTrue(text(result).contains("taken on trust"), text(result));
    }

    @Test
    void olderRunsAreComparedByWhatTheyHaveAndSaySo() {
        baselineOf(ONE);
        run(runs, 1, "");
        GateResult result = judged();
        assertTrue(result.passed(), text(result));
        assertTrue(text(result).contains("trained the runs; that they are the same is taken on trust"), text(result));
    }

    @Test
    void seedsOfTwoKindsOfImagesAreNotTakenTogetherAndAreNamedApart() {
        baselineOf(ONE, ONE, ONE);
        run(runs, 1, ONE);
        run(runs, 2, ONE);
        run(runs, 3, OTHER);
        GateResult result = judged();
        assertEquals(2, result.configurations());
        assertFalse(result.passed());
        assertEquals(1, result.failed().size());
        assertTrue(text(result).contains("images " + OTHER.substring(0, 8)), text(result));
    }

    @Test
    void aRunOfNobodyKnowsWhatIsNotGuessedBetweenTwoKinds() {
        run(runs, 1, ONE);
        run(runs, 2, OTHER);
        run(runs, 3, "");
        List<Integer> sizes = GateRuns.read(runs, "*", Mixed.REFUSE).groups().stream()
                .map(group -> group.bySeed().size())
                .toList();
        assertEquals(List.of(1, 1, 1), sizes);
        Path both = folder.resolve("both");
        run(both, 1, ONE);
        run(both, 1, OTHER);
        baseline.write(Baseline.of(GateRuns.read(both, "*", Mixed.REFUSE).groups()));
        GateResult result = judged();
        assertTrue(text(result).contains("content of test images (SHA-256) is unknown here"), text(result));
    }

    @Test
    void aBaselineOfOlderRunsSaysNothingOfContent() throws IOException {
        baselineOf("");
        assertFalse(Files.readString(folder.resolve("baseline.json")).contains("testContentSha256"));
    }

    private void read(Path into, long seed, String reading) {
        RunDirectory run = run(into, seed, ONE);
        if (!reading.isEmpty()) {
            Records.read(run, reading);
        }
    }

    private GateResult judged(String before, String now) {
        read(folder.resolve("made"), 1, before);
        baseline.write(Baseline.of(
                GateRuns.read(folder.resolve("made"), "*", Mixed.REFUSE).groups()));
        read(runs, 1, now);
        return judged();
    }

    @Test
    void aBaselineOfAnotherReadingOfTheModelIsRefusedByName() {
        GateResult result = judged(ONE, OTHER);
        assertFalse(result.passed());
        assertTrue(
                text(result)
                        .contains("what is read from the model's configuration and preprocessing files (SHA-256) is "
                                + OTHER.substring(0, 12) + " here and " + ONE.substring(0, 12) + " there"),
                text(result));
    }

    @Test
    void aBaselineOfAVersionThatReadTheModelOtherwiseIsRefused() throws IOException {
        GateResult result = judged("", ModelReading.ANEW + ONE);
        assertFalse(result.passed());
        assertTrue(text(result).contains(ONE.substring(0, 12) + " here and unknown there"), text(result));
        assertFalse(Files.readString(folder.resolve("baseline.json")).contains("reading"));
    }

    @Test
    void anOlderBaselineOfFilesThatAreReadAsThenIsComparedWith() {
        GateResult result = judged("", ONE);
        assertTrue(result.passed(), text(result));
    }

    @Test
    void aReadingIsKeptInTheBaseline() throws IOException {
        GateResult result = judged(ModelReading.ANEW + ONE, ModelReading.ANEW + ONE);
        assertTrue(result.passed(), text(result));
        assertTrue(Files.readString(folder.resolve("baseline.json"))
                .contains("\"reading\": \"" + ModelReading.ANEW + ONE + "\""));
    }
}
