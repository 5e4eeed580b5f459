package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentSummaryTest {
    /** Two methods on three generator seeds, two training seeds each. */
    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String method : List.of("ours", "theirs")) {
            for (int data = 1; data <= 3; data++) {
                for (int seed = 1; seed <= 2; seed++) {
                    Map<String, String> coordinates = new LinkedHashMap<>();
                    coordinates.put("method", method);
                    coordinates.put("dataset.seed", String.valueOf(data));
                    coordinates.put("seed", String.valueOf(seed));
                    int number = cells.size();
                    cells.add(new Cell(
                            number, String.format("%064x", number), "cell" + number, "cpu", coordinates, List.of()));
                }
            }
        }
        return cells;
    }

    private static Plan plan(List<Cell> cells, String... over) {
        return new Plan(
                "test",
                "A | test",
                "0".repeat(64),
                List.of(),
                new Comparison(Map.of("method", "theirs"), List.of(over)),
                cells);
    }

    /** Ours is four points above, with some noise by seed; data differ by ten. */
    private static Optional<Results> figures(Cell cell) {
        double value = 50
                + 10 * Integer.parseInt(cell.coordinates().get("dataset.seed"))
                + Integer.parseInt(cell.coordinates().get("seed")) * (cell.number() % 3) * 0.1
                + (cell.coordinates().get("method").equals("ours") ? 4 : 0);
        return Optional.of(Records.results(value, value, value));
    }

    @Test
    void runsOnOneGeneratedDataSetAreOneUnit() {
        ExperimentSummary summary =
                ExperimentSummary.of(plan(cells(), "dataset.seed", "seed"), ExperimentSummaryTest::figures, Map.of());
        assertEquals(2, summary.groups().size());
        ExperimentSummary.Group ours = summary.groups().get(0);
        assertEquals("method=ours", ours.label());
        assertEquals(6, ours.finished());
        assertEquals(3, ours.figures().get(Figure.HARMONIC_MEAN).count());
        assertEquals("method=theirs", summary.reference());
        assertTrue(summary.groups().get(1).differences().isEmpty());
        assertEquals(3, ours.differences().get(Figure.BASE).difference().count());
        assertEquals(4, ours.differences().get(Figure.BASE).difference().mean(), 0.2);
        // Pairing removes what data differ by.
        assertTrue(ours.differences().get(Figure.BASE).difference().halfWidth().getAsDouble() < 1);
        assertTrue(ours.figures().get(Figure.BASE).halfWidth().getAsDouble() > 10);
    }

    @Test
    void theOrderOfCellsDoesNotMatterToFigures() {
        List<Cell> shuffled = new ArrayList<>(cells());
        Collections.shuffle(shuffled, new Random(1));
        Map<String, String> expected = csvByGroup(cells());
        assertEquals(expected, csvByGroup(shuffled));
    }

    private static Map<String, String> csvByGroup(List<Cell> cells) {
        Map<String, String> lines = new TreeMap<>();
        SummaryFiles.csv(ExperimentSummary.of(
                        plan(cells, "dataset.seed", "seed"), ExperimentSummaryTest::figures, Map.of()))
                .lines()
                .forEach(line -> lines.put(line.substring(0, line.indexOf(',', line.indexOf(',') + 1)), line));
        return lines;
    }

    @Test
    void aCellWithoutFiguresIsNamedAndItsPairLeftOut(@TempDir Path folder) throws Exception {
        List<Cell> cells = cells();
        Function<Cell, Optional<Results>> results = cell -> cell.number() == 0 ? Optional.empty() : figures(cell);
        ExperimentSummary summary = ExperimentSummary.of(
                plan(cells, "dataset.seed", "seed"), results, Map.of(cells.get(0), "the loss became NaN"));
        assertEquals(Map.of(cells.get(0), "the loss became NaN"), summary.missing());
        assertEquals(5, summary.groups().get(0).finished());
        SummaryFiles.write(folder, summary);
        String markdown = Files.readString(folder.resolve(SummaryFiles.MARKDOWN));
        assertTrue(markdown.contains("| method=ours | 5/6 | 3\\~ |"), markdown);
        assertTrue(markdown.contains("- method=ours dataset.seed=1 seed=1: the loss became NaN"), markdown);
        assertTrue(Files.readString(folder.resolve(SummaryFiles.JSON)).contains("\"reason\": \"the loss became NaN\""));
        assertFalse(Files.readString(folder.resolve(SummaryFiles.JSON)).contains("NaN,"));
    }

    /** Unit 1 of ours has one of its two runs, and 4 points less than both together would give. */
    @Test
    void aSummaryOverMissingCellsSaysSoOnItsFirstLineAndMarksUnevenUnits(@TempDir Path folder) throws Exception {
        List<Cell> cells = cells();
        Plan plan = plan(cells, "dataset.seed", "seed");
        Function<Cell, Optional<Results>> results = cell -> cell.number() == 0 ? Optional.empty() : figures(cell);
        ExperimentSummary summary = ExperimentSummary.of(plan, results, Map.of());
        SummaryFiles.write(folder, summary);
        String line = "Incomplete: 1 of 12 cells has no figures";
        assertTrue(SummaryFiles.text(summary).get(0).startsWith(line));
        assertTrue(
                Files.readString(folder.resolve(SummaryFiles.MARKDOWN)).startsWith(line + "; what follows is of the"));
        assertTrue(Files.readString(folder.resolve(SummaryFiles.JSON)).startsWith("{\n  \"incomplete\": \"" + line));
        assertTrue(Files.readString(folder.resolve(SummaryFiles.CSV)).startsWith("# " + line));
        String markdown = Files.readString(folder.resolve(SummaryFiles.MARKDOWN));
        assertTrue(markdown.contains("| method=ours | 5/6 | 3\\~ |"), markdown);
        assertTrue(markdown.contains("| method=theirs | 6 | 3 |"), markdown);
        assertTrue(markdown.contains("\\~ Some of these units are means of fewer runs"), markdown);
        assertTrue(
                Files.readString(folder.resolve(SummaryFiles.JSON)).contains("\"unevenUnits\": [\n        \"1\"\n"),
                Files.readString(folder.resolve(SummaryFiles.JSON)));

        List<Claim> claims = List.of(claim("ours", "theirs", Claim.Relation.GREATER, 0));
        List<Verdict> verdicts = Claims.judge(claims, plan, results);
        assertEquals(Verdict.Kind.HOLDS, verdicts.get(0).kind());
        VerdictFiles.write(folder, verdicts);
        String judged = Files.readString(folder.resolve(VerdictFiles.MARKDOWN));
        assertTrue(judged.startsWith("Incomplete: 1 of 1 claims was judged without some of its cells"), judged);
        assertTrue(judged.contains("| holds, without 1 of 12 cells, 1 of 3 units uneven |"), judged);
        String json = Files.readString(folder.resolve(VerdictFiles.JSON));
        assertTrue(json.contains("\"method=ours dataset.seed=1 seed=1\""), json);
    }

    /** Ours has all its runs; of the pairs of unit 3, one lacks theirs. */
    @Test
    void aDifferenceOverMissingPairsIsMarkedOnTheSideThatIsWhole() {
        Function<Cell, Optional<Results>> results = cell -> cell.number() == 11 ? Optional.empty() : figures(cell);
        ExperimentSummary summary = ExperimentSummary.of(plan(cells(), "dataset.seed", "seed"), results, Map.of());
        ExperimentSummary.Group ours = summary.groups().get(0);
        assertTrue(ours.uneven().isEmpty());
        assertEquals(List.of("3"), List.copyOf(ours.unevenPairs()));
        assertEquals(List.of("3"), List.copyOf(summary.groups().get(1).uneven()));
        List<String> row = SummaryFiles.rows(summary).get(0);
        assertEquals("3", row.get(2));
        assertTrue(row.get(8).endsWith("~"), row.toString());
        String csv = SummaryFiles.csv(summary);
        assertTrue(csv.lines().skip(1).findFirst().orElseThrow().endsWith(",unevenUnits,unevenPairs,otherCode"), csv);
        assertTrue(csv.lines().skip(2).findFirst().orElseThrow().endsWith(",0,1,0"), csv);
    }

    @Test
    void aCompleteSummarySaysNothingOfWhatIsMissing(@TempDir Path folder) throws Exception {
        Plan plan = plan(cells(), "dataset.seed", "seed");
        ExperimentSummary summary = ExperimentSummary.of(plan, ExperimentSummaryTest::figures, Map.of());
        SummaryFiles.write(folder, summary);
        List<Claim> claims = List.of(claim("ours", "theirs", Claim.Relation.GREATER, 0));
        VerdictFiles.write(folder, Claims.judge(claims, plan, ExperimentSummaryTest::figures));
        for (String file : List.of(
                SummaryFiles.MARKDOWN, SummaryFiles.JSON, SummaryFiles.CSV, VerdictFiles.MARKDOWN, VerdictFiles.JSON)) {
            String text = Files.readString(folder.resolve(file));
            assertFalse(text.contains("ncomplete"), text);
            assertFalse(text.contains("*") || text.contains("~"), text);
            assertFalse(text.contains("without"), text);
        }
    }

    @Test
    void withoutAnyFigureThereIsStillASummary() {
        ExperimentSummary summary =
                ExperimentSummary.of(plan(cells(), "dataset.seed", "seed"), cell -> Optional.empty(), Map.of());
        assertEquals(12, summary.missing().size());
        // What is missing, the header, and two groups.
        assertEquals(4, SummaryFiles.text(summary).size());
    }

    private static Claim claim(String first, String second, Claim.Relation relation, double margin) {
        return new Claim(
                "c",
                "A sentence.",
                "a source",
                "test",
                Map.of("method", first),
                Map.of("method", second),
                Figure.HARMONIC_MEAN,
                Figure.HARMONIC_MEAN,
                relation,
                margin,
                "claims.yaml line 1");
    }

    private static Verdict.Kind judged(Claim claim) {
        return Claims.judge(List.of(claim), plan(cells(), "dataset.seed", "seed"), ExperimentSummaryTest::figures)
                .get(0)
                .kind();
    }

    @Test
    void claimsAreJudgedByTheIntervalOfTheDifference() {
        assertEquals(Verdict.Kind.HOLDS, judged(claim("ours", "theirs", Claim.Relation.GREATER, 0)));
        assertEquals(Verdict.Kind.HOLDS, judged(claim("ours", "theirs", Claim.Relation.GREATER, 2)));
        assertEquals(Verdict.Kind.UNDECIDED, judged(claim("ours", "theirs", Claim.Relation.GREATER, 4)));
        assertEquals(Verdict.Kind.REFUTED, judged(claim("ours", "theirs", Claim.Relation.GREATER, 8)));
        assertEquals(Verdict.Kind.REFUTED, judged(claim("theirs", "ours", Claim.Relation.GREATER, 0)));
        assertEquals(Verdict.Kind.HOLDS, judged(claim("theirs", "ours", Claim.Relation.LESS, 0)));
        assertEquals(Verdict.Kind.REFUTED, judged(claim("ours", "theirs", Claim.Relation.LESS, 0)));
        assertEquals(Verdict.Kind.HOLDS, judged(claim("ours", "theirs", Claim.Relation.CLOSE, 8)));
        assertEquals(Verdict.Kind.REFUTED, judged(claim("ours", "theirs", Claim.Relation.CLOSE, 1)));
    }

    @Test
    void aClaimWithoutFiguresIsUndecidedAndOneAboutNothingIsRefused() {
        List<Claim> claims = List.of(claim("ours", "theirs", Claim.Relation.GREATER, 0));
        Verdict verdict = Claims.judge(claims, plan(cells(), "seed"), cell -> Optional.empty())
                .get(0);
        assertEquals(Verdict.Kind.UNDECIDED, verdict.kind());
        assertTrue(verdict.evidence().isEmpty());
        List<Claim> wrong = List.of(claim("ours", "nobody", Claim.Relation.GREATER, 0));
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> Claims.judge(wrong, plan(cells(), "seed"), ExperimentSummaryTest::figures));
        assertTrue(e.getMessage().startsWith("claims.yaml line 1: claim c is about {method=nobody}"), e.getMessage());
    }
}
