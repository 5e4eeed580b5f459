package dev.metaprompt.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class GateTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    @TempDir
    private Path folder;

    private Path runs;
    private BaselineFile baseline;

    @BeforeEach
    void folders() {
        runs = folder.resolve("runs");
        baseline = new BaselineFile(folder.resolve("ci/baseline.json"), "ci/baseline.json");
    }

    private SampleRuns sample() {
        return new SampleRuns(runs);
    }

    private void writeBaseline() {
        baseline.write(Baseline.of(GateRuns.read(runs, "*", Mixed.REFUSE).groups()));
    }

    private GateResult floors(GateOptions options) {
        return new Gate(options).judge(GateRuns.read(runs, "*", Mixed.REFUSE), Optional.empty());
    }

    private GateResult compared(double tolerance) {
        return compared(tolerance, "*");
    }

    private GateResult compared(double tolerance, String patterns) {
        return new Gate(SampleRuns.options(NONE, tolerance))
                .judge(GateRuns.read(runs, patterns, Mixed.REFUSE), Optional.of(baseline));
    }

    private static String text(GateResult result) {
        return String.join("\n", result.lines());
    }

    private static void assertSays(GateResult result, String... parts) {
        for (String part : parts) {
            assertTrue(text(result).contains(part), part + " in\n" + text(result));
        }
    }

    private void newRuns(double base, double ofNew) {
        for (long seed = 1; seed <= 3; seed++) {
            sample().finished(seed, base, ofNew);
        }
    }

    @Test
    void theMeanOverSeedsIsHeldAgainstTheFloors() {
        newRuns(70, 60);
        GateResult passed = floors(new GateOptions(OptionalDouble.of(60), OptionalDouble.of(50), NONE, 1, 0.95));
        assertTrue(passed.passed(), text(passed));
        assertSays(passed, " floor           60.00  50.00      –", "ok");
        GateResult failed = floors(new GateOptions(OptionalDouble.of(90), NONE, OptionalDouble.of(30), 1, 0.95));
        assertEquals(List.of("5-way 2-shot"), failed.failed());
        assertSays(
                failed, "FAILED 5-way 2-shot: base ", " is below check.minBase 90.00. n = 3 seeds, 200 images, 95 %");
        assertFalse(text(failed).contains("minHarmonicMean"), text(failed));
    }

    @Test
    void aFloorIsNotRoundedAway() {
        double base = sample().images(3)
                .finished(1, 50, 60)
                .readRecord()
                .results()
                .orElseThrow()
                .base();
        double floor = base + 1e-9;
        GateResult result = floors(new GateOptions(OptionalDouble.of(floor), NONE, NONE, 1, 0.95));
        assertFalse(result.passed());
        assertSays(result, "base " + base + " is below check.minBase " + floor);
    }

    @Test
    void theSameRunsPassAgainstTheirOwnBaselineWithNoChange() {
        newRuns(70, 60);
        writeBaseline();
        GateResult result = compared(0);
        assertTrue(result.passed(), text(result));
        assertSays(result, "0.00 ±0.00", "≥ 0.00", "ok");
    }

    @Test
    void aShownDropFailsWithTheTableAndItsReason() {
        newRuns(75, 65);
        writeBaseline();
        newRuns(65, 55);
        GateResult result = compared(1);
        assertEquals(List.of("5-way 2-shot"), result.failed());
        List<String> lines = result.lines();
        assertTrue(lines.get(0).matches(" +base +new +H +baseline H +change +allowed"), lines.get(0));
        assertTrue(
                lines.get(1)
                        .matches(
                                " 5-way 2-shot +\\d+\\.\\d\\d  \\d+\\.\\d\\d  \\d+\\.\\d\\d +\\d+\\.\\d\\d +−\\d+\\.\\d\\d"
                                        + " ±\\d+\\.\\d\\d +≥ −1\\.00 +FAILED"),
                lines.get(1));
        assertSays(
                result,
                "FAILED 5-way 2-shot: H fell by ",
                "by at least ",
                "95 % one-sided confidence; check.tolerance allows 1.00",
                "n = 3 seeds (1, 2, 3), 200 base and 200 new images",
                "would have been seen with probability 0.8; with 5 seeds ",
                ", with 10 seeds ");
    }

    @Test
    void aDropWithinTheToleranceOrARisePasses() {
        newRuns(75, 65);
        writeBaseline();
        newRuns(74, 64);
        assertTrue(compared(5).passed(), text(compared(5)));
        newRuns(85, 75);
        assertTrue(compared(0).passed(), text(compared(0)));
        assertSays(compared(0), "+");
    }

    @Test
    void theVerdictIsTheSameOnEveryRepeat() {
        newRuns(75, 65);
        writeBaseline();
        newRuns(72, 62);
        assertEquals(text(compared(1)), text(compared(1)));
    }

    @Test
    void oneSeedIsComparedByImagesAndSaysWhatThatLacks() {
        sample().finished(1, 75, 65);
        writeBaseline();
        sample().finished(1, 60, 50);
        GateResult result = compared(1);
        assertFalse(result.passed());
        assertSays(result, "n = 1 seed (1)", "one seed: the interval is that of other test images only");
    }

    @Test
    void onlyCommonSeedsAreComparedAndTheOthersNamed() {
        newRuns(75, 65);
        writeBaseline();
        sample().finished(4, 30, 30);
        GateResult result = compared(1);
        assertTrue(result.passed(), text(result));
        assertSays(result, "compared over seeds 1, 2, 3; the baseline lacks 4");
    }

    @Test
    void seedsThatDoNotPairAreRefused() {
        sample().finished(1, 75, 65);
        writeBaseline();
        GateResult result = new Gate(SampleRuns.options(NONE, 1))
                .judge(GateRuns.read(second(2, 75), "*", Mixed.REFUSE), Optional.of(baseline));
        assertFalse(result.passed());
        assertSays(result, "has seeds 2, the baseline " + baseline.name() + " seeds 1", "-Dseed");
    }

    private Path second(long seed, double base) {
        Path other = folder.resolve("other");
        new SampleRuns(other).finished(seed, base, 65);
        return other;
    }

    @Test
    void withoutNewClassesBaseIsCompared() {
        sample().baseOnly().finished(1, 75, 0);
        writeBaseline();
        sample().baseOnly().finished(1, 60, 0);
        GateResult result = compared(1);
        assertSays(result, "baseline base", "base fell by", "200 base images", "–");
        GateResult floor = floors(new GateOptions(NONE, OptionalDouble.of(1), NONE, 1, 0.95));
        assertSays(floor, "check.minNew is 1.00, but the dataset has no new classes");
    }

    @Test
    void anotherConfigurationIsRefusedByName() {
        newRuns(75, 65);
        writeBaseline();
        GateResult result = new Gate(SampleRuns.options(NONE, 1))
                .judge(GateRuns.read(otherRate(), "*", Mixed.REFUSE), Optional.of(baseline));
        assertFalse(result.passed());
        assertSays(result, "train.learningRate is 0.01 here and 0.002 there", "there are no finished runs of it");
        assertEquals(2, result.failed().size(), "the baseline's own configuration lacks runs");
    }

    private Path otherRate() {
        Path other = folder.resolve("other");
        new SampleRuns(other).with("train.learningRate", 0.01).finished(1, 75, 65);
        return other;
    }

    @Test
    void otherTestImagesAreRefused() {
        sample().finished(1, 75, 65);
        writeBaseline();
        sample().imagePrefix("x/").finished(1, 75, 65);
        assertSays(compared(1), "the test images are not those of the baseline");
    }

    @Test
    void aBaselinesConfigurationWithoutRunsFailsUnlessRunsWereChosen() {
        sample().finished(1, 75, 65);
        sample().way(10).finished(1, 75, 65);
        writeBaseline();
        for (RunDirectory run : RunDirectory.list(runs)) {
            if (run.id().contains("10way")) {
                run.writeRecord(run.readRecord().failed(run.readRecord().started(), "x"));
            }
        }
        GateResult all = compared(1);
        assertEquals(List.of("10-way 2-shot"), all.failed());
        assertSays(all, "there are no finished runs of it", "left out: ", " is failed");
        assertTrue(compared(1, "*-5way*").passed());
    }

    @Test
    void noRunsAreAFailureThatNamesTheFolder() {
        InvalidInputException none =
                assertThrows(InvalidInputException.class, () -> GateRuns.read(runs, "*", Mixed.REFUSE));
        assertTrue(none.getMessage().contains(runs.toString()), none.getMessage());
        String id = sample().running(1).id();
        InvalidInputException unfinished =
                assertThrows(InvalidInputException.class, () -> GateRuns.read(runs, "*", Mixed.REFUSE));
        assertTrue(unfinished.getMessage().contains(id + " is running"), unfinished.getMessage());
        sample().finished(1, 70, 60);
        InvalidInputException other =
                assertThrows(InvalidInputException.class, () -> GateRuns.read(runs, "coop*, x", Mixed.REFUSE));
        assertTrue(other.getMessage().contains("coop*, x (check.runs)"), other.getMessage());
    }

    @Test
    void aChangedPredictionFileIsRefused() throws Exception {
        RunDirectory run = sample().finished(1, 70, 60);
        Path file = run.file(RunDirectory.PREDICTIONS);
        String text = Files.readString(file);
        Files.writeString(
                file,
                text.substring(
                        0,
                        text.length()
                                - text.lines().reduce((a, b) -> b).orElseThrow().length()
                                - 1));
        GateOptions floor = SampleRuns.options(OptionalDouble.of(1), 1);
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> floors(floor));
        assertTrue(e.getMessage().contains("of 199 new images"), e.getMessage());
    }

    @Test
    void theBaselineFileIsStableAndRefusesWhatWasEdited() throws Exception {
        newRuns(75, 65);
        writeBaseline();
        Path file = folder.resolve(baseline.name());
        String text = Files.readString(file);
        writeBaseline();
        assertEquals(text, Files.readString(file));
        assertTrue(text.length() < 3000, "small: " + text.length());
        assertFalse(text.contains(folder.toString()), "no machine's paths");
        Files.writeString(file, text.replaceFirst("\"base\": [0-9.]+", "\"base\": 99.5"));
        InvalidInputException edited = assertThrows(InvalidInputException.class, () -> compared(1));
        assertTrue(edited.getMessage().contains("edited by hand"), edited.getMessage());
        Files.writeString(file, text.replace("\"schema\": 1", "\"schema\": 2"));
        assertTrue(assertThrows(InvalidInputException.class, () -> compared(1))
                .getMessage()
                .contains("schema 2 instead of 1"));
        Files.delete(file);
        assertTrue(assertThrows(InvalidInputException.class, () -> compared(1))
                .getMessage()
                .contains("no such file"));
    }

    @Test
    void programsReadTheSameVerdict() throws Exception {
        newRuns(75, 65);
        writeBaseline();
        newRuns(65, 55);
        Path json = folder.resolve("check.json");
        Path junit = folder.resolve("TEST.xml");
        compared(1).write(json, junit);
        JsonObject read = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertFalse(read.get("passed").getAsBoolean());
        JsonObject row = read.getAsJsonArray("configurations").get(0).getAsJsonObject();
        JsonObject comparison = row.getAsJsonObject("comparison");
        double h = row.getAsJsonObject("harmonicMean").get("mean").getAsDouble();
        assertEquals(
                h - comparison.get("baseline").getAsDouble(),
                comparison.get("change").getAsDouble(),
                1e-9);
        assertEquals(
                -comparison.get("change").getAsDouble()
                        - comparison.get("halfWidth").getAsDouble(),
                comparison.get("lowerBoundOfDrop").getAsDouble(),
                1e-9);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(junit.toFile())
                .getDocumentElement();
        assertEquals("1", suite.getAttribute("failures"));
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertTrue(failure.getAttribute("message").startsWith("H fell by"), failure.getAttribute("message"));
    }

    @Test
    void xmlHoldsAnyText() throws Exception {
        String nasty = "<a b=\"c\">&\u0000\u001b]]>é";
        String xml = "<x y=\"" + JunitXml.escaped(nasty) + "\">" + JunitXml.escaped(nasty) + "</x>";
        Element element = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        String expected = "<a b=\"c\">&??]]>é";
        assertEquals(expected, element.getTextContent());
        assertEquals(expected, element.getAttribute("y"));
    }

    @Test
    void labelsSayWhatDiffersAndNoMore() {
        sample().finished(1, 70, 60);
        sample().method("coop").finished(1, 70, 60);
        sample().with("preset", "literal").finished(1, 70, 60);
        GateResult result = floors(SampleRuns.options(OptionalDouble.of(99), 1));
        assertEquals(
                List.of(
                        "coop 5-way 2-shot",
                        "metaprompt 5-way 2-shot preset=literal",
                        "metaprompt 5-way 2-shot preset=unset"),
                result.failed().stream().sorted().toList());
    }
}
