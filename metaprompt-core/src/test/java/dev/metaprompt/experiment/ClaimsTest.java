package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.BuiltInMatrices;
import dev.metaprompt.config.ClaimsFile;
import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.PairedTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimsTest {
    private static final Comparison OVER_BOTH = new Comparison(Map.of(), List.of("dataset.seed", "seed"));
    private static final Plan PLAN =
            MadePlans.plan(OVER_BOTH, "variant=a,b,c", "dataset.seed=21,22,23,24,25,26", "seed=1,2");
    private static final double[] NOISE = {0.4, -0.3, 0.1, -0.5, 0.2, 0.3};

    private static Claim claim(String first, String second, Claim.Relation relation, double margin) {
        return claim(first, second, Figure.BASE, Figure.BASE, relation, margin);
    }

    private static Claim claim(
            String first, String second, Figure figure, Figure other, Claim.Relation relation, double margin) {
        return new Claim(
                first + second + relation,
                "A | sentence.",
                "a source",
                "test",
                Map.of("variant", first),
                Map.of("variant", second),
                figure,
                other,
                relation,
                margin,
                "claims.yaml line 3");
    }

    /** a is 3 above b for certain; c is b but for large noise. Data differ by up to 15 points. */
    private static Optional<Results> results(Cell cell) {
        int data = Integer.parseInt(cell.coordinates().get("dataset.seed")) - 21;
        int seed = Integer.parseInt(cell.coordinates().get("seed"));
        double value = 50 + 3 * data + 0.1 * seed;
        return Optional.of(MadePlans.results(
                switch (cell.coordinates().get("variant")) {
                    case "a" -> value + 3 + NOISE[data];
                    case "c" -> value + 20 * NOISE[data];
                    default -> value;
                },
                50));
    }

    private static Verdict judge(Claim claim) {
        return Claims.judge(List.of(claim), PLAN, ClaimsTest::results).get(0);
    }

    @Test
    void aTrueClaimHoldsAFalseOneIsRefutedAndAnOpenOneStaysUndecided() {
        assertEquals(
                Verdict.Kind.HOLDS,
                judge(claim("a", "b", Claim.Relation.GREATER, 0)).kind());
        assertEquals(
                Verdict.Kind.HOLDS,
                judge(claim("a", "b", Claim.Relation.GREATER, 2)).kind());
        assertEquals(
                Verdict.Kind.REFUTED,
                judge(claim("a", "b", Claim.Relation.LESS, 0)).kind());
        assertEquals(
                Verdict.Kind.UNDECIDED,
                judge(claim("c", "b", Claim.Relation.GREATER, 0)).kind());
        assertEquals(
                Verdict.Kind.UNDECIDED,
                judge(claim("c", "b", Claim.Relation.CLOSE, 2)).kind());
    }

    /** Six generator seeds, not twelve runs, are what is independent. */
    @Test
    void theUnitIsTheGeneratorSeed() {
        Verdict verdict = judge(claim("a", "b", Claim.Relation.GREATER, 0));
        assertEquals(6, verdict.evidence().orElseThrow().difference().count());
        assertEquals(3 + 0.2 / 6, verdict.evidence().orElseThrow().difference().mean(), 1e-9);
        assertEquals(List.of("dataset.seed"), verdict.unit());
    }

    @Test
    void withoutGeneratedDataEverySeedIsAUnit() {
        Plan plan = MadePlans.plan(new Comparison(Map.of(), List.of("seed")), "variant=a,b", "seed=1,2,3");
        Verdict verdict = Claims.judge(
                        List.of(claim("a", "b", Claim.Relation.LESS, 0)),
                        plan,
                        cell -> Optional.of(MadePlans.results(60 - cell.number() % 2, 50)))
                .get(0);
        assertEquals(List.of("seed"), verdict.unit());
        assertEquals(3, verdict.evidence().orElseThrow().difference().count());
    }

    /** The p-value tests the margin, so that it says what the interval says. */
    @ParameterizedTest
    @EnumSource(Claim.Relation.class)
    void pBelowFivePercentIsAnIntervalThatDecides(Claim.Relation relation) {
        Random random = new Random(19);
        int[] kinds = new int[3];
        for (int round = 0; round < 400; round++) {
            double middle = 12 * random.nextDouble() - 6;
            double[] differences = random.doubles(2 + random.nextInt(7), middle - 2, middle + 2)
                    .toArray();
            Claim claim = claim("a", "b", relation, 4 * random.nextDouble());
            var evidence = Optional.of(PairedTest.of(differences));
            Verdict.Kind kind = Verdict.kind(claim, evidence);
            double p = Verdict.pValue(claim, differences).orElseThrow();
            kinds[kind.ordinal()]++;
            boolean decided =
                    relation == Claim.Relation.CLOSE ? kind == Verdict.Kind.HOLDS : kind != Verdict.Kind.UNDECIDED;
            assertEquals(decided, p < 0.05, claim.margin() + " " + kind + " " + p);
        }
        assertTrue(kinds[0] > 9 && kinds[1] > 9 && kinds[2] > 9, "too few of a kind: " + Arrays.toString(kinds));
    }

    @Test
    void pValuesAreAdjustedForTheClaimsJudgedTogether() {
        List<Verdict> verdicts = Claims.judge(
                List.of(
                        claim("a", "b", Claim.Relation.GREATER, 0),
                        claim("c", "b", Claim.Relation.GREATER, 0),
                        claim("b", "a", Claim.Relation.LESS, 2.5)),
                PLAN,
                ClaimsTest::results);
        List<Double> p = new ArrayList<>();
        List<Double> adjusted = new ArrayList<>();
        verdicts.forEach(verdict -> {
            p.add(verdict.p().orElseThrow());
            adjusted.add(verdict.adjusted().orElseThrow());
        });
        assertEquals(3 * p.get(0), adjusted.get(0), 1e-15);
        assertEquals(2 * p.get(2), adjusted.get(2), 1e-15);
        assertEquals(p.get(1), adjusted.get(1), 1e-15);
    }

    @Test
    void clipStandsWithTheStrongerOfItsTemplates() {
        Verdict verdict = judge(claim("a", "b", Figure.NEW, Figure.ZERO_SHOT_NEW, Claim.Relation.LESS, 0));
        // 50 against 60, of the template whose harmonic mean is higher, not 40 of the other.
        assertEquals(-10, verdict.evidence().orElseThrow().difference().mean(), 1e-12);
        assertEquals(Verdict.Kind.HOLDS, verdict.kind());
        assertEquals(OptionalDouble.empty(), verdict.p());
    }

    /** 600 episodes of spread s have a half-width of t(0.975, 599) · s / √600, t = 1.9639. */
    @Test
    void theSpreadOverEpisodesIsReadBackFromTheirInterval() {
        double spread = Figure.EPISODE_SPREAD
                .of(RunFigures.of(MadePlans.results(50, 50)))
                .orElseThrow();
        assertEquals(0.5 * Math.sqrt(600) / 1.9639, spread, 1e-3);
    }

    @Test
    void aMissingPairCountsForNothingAndASinglePairDecidesNothing() {
        Function<Cell, Optional<Results>> one =
                cell -> cell.coordinates().get("dataset.seed").equals("23") ? results(cell) : Optional.empty();
        Verdict verdict = Claims.judge(List.of(claim("a", "b", Claim.Relation.GREATER, 0)), PLAN, one)
                .get(0);
        assertEquals(Verdict.Kind.UNDECIDED, verdict.kind());
        assertEquals(1, verdict.evidence().orElseThrow().difference().count());
        assertEquals(OptionalDouble.empty(), verdict.adjusted());
    }

    @Test
    void pairsAgreeOnEveryAxisThatTheClaimDoesNotName() {
        Plan plan = MadePlans.plan(
                new Comparison(Map.of(), List.of("seed")), "variant=a,b", "dataset=easy,hard", "seed=1,2,3");
        Verdict verdict = Claims.judge(List.of(claim("a", "b", Claim.Relation.GREATER, 0)), plan, cell -> {
                    double value = cell.coordinates().get("dataset").equals("easy") ? 80 : 40;
                    return Optional.of(MadePlans.results(
                            value + (cell.coordinates().get("variant").equals("a") ? 1 : 0), 50));
                })
                .get(0);
        assertEquals(1, verdict.evidence().orElseThrow().difference().mean(), 1e-12);
        assertEquals(
                0, verdict.evidence().orElseThrow().difference().halfWidth().orElseThrow(), 1e-9);
    }

    @Test
    void claimsThatCouldNeverBeJudgedAreRefusedBeforehand() {
        Claims.check(List.of(claim("a", "b", Claim.Relation.LESS, 0)), PLAN);
        InvalidInputException nobody = assertThrows(
                InvalidInputException.class,
                () -> Claims.check(List.of(claim("a", "nobody", Claim.Relation.LESS, 0)), PLAN));
        assertTrue(nobody.getMessage().contains("has no such cells"), nobody.getMessage());
        Claim uneven = new Claim(
                "uneven",
                "s",
                "s",
                "test",
                Map.of("variant", "a", "seed", "1"),
                Map.of("variant", "b"),
                Figure.BASE,
                Figure.BASE,
                Claim.Relation.LESS,
                0,
                "claims.yaml line 9");
        InvalidInputException several =
                assertThrows(InvalidInputException.class, () -> Claims.check(List.of(uneven), PLAN));
        assertTrue(
                several.getMessage().startsWith("claims.yaml line 9: claim uneven is about {variant=b}, but several"),
                several.getMessage());
    }

    /** With whole runs, every sentence of the paper has pairs on six generator seeds. */
    @Test
    void thePapersClaimsFindTheirFigures() {
        Matrix matrix = BuiltInMatrices.open("paper", "test");
        List<Cell> cells = new ArrayList<>();
        matrix.points()
                .forEach(point -> cells.add(new Cell(
                        cells.size(),
                        String.format("%064x", cells.size()),
                        "cell-" + cells.size(),
                        "cpu",
                        point.coordinates(),
                        point.settings())));
        Plan plan = new Plan(matrix.name(), matrix.title(), "0".repeat(64), List.of(), matrix.compare(), cells);
        RunFigures whole = new RunFigures(MadePlans.results(60, 50), OptionalDouble.of(2), OptionalDouble.of(512));
        List<Verdict> verdicts = Claims.judgeRuns(ClaimsFile.builtIn(), plan, cell -> Optional.of(whole));
        assertEquals(ClaimsFile.builtIn().size(), verdicts.size());
        for (Verdict verdict : verdicts) {
            assertEquals(
                    6,
                    verdict.evidence().orElseThrow().difference().count(),
                    verdict.claim().id());
        }
    }

    @Test
    void claimsAboutOtherExperimentsAreLeftOut() {
        Plan other = new Plan("other", "t", PLAN.id(), List.of(), OVER_BOTH, PLAN.cells());
        assertEquals(
                List.of(), Claims.judge(List.of(claim("a", "x", Claim.Relation.LESS, 0)), other, ClaimsTest::results));
    }

    @Test
    void verdictsAreWrittenForProgramsAndPeople(@TempDir Path folder) throws Exception {
        List<Verdict> verdicts = List.of(
                judge(claim("a", "b", Claim.Relation.GREATER, 0)),
                judge(claim("a", "b", Figure.NEW, Figure.ZERO_SHOT_NEW, Claim.Relation.CLOSE, 0.5)));
        VerdictFiles.write(folder, verdicts);
        JsonObject first = JsonParser.parseString(Files.readString(folder.resolve(VerdictFiles.JSON)))
                .getAsJsonObject()
                .getAsJsonArray("claims")
                .get(0)
                .getAsJsonObject();
        assertEquals("holds", first.get("verdict").getAsString());
        assertEquals(6, first.getAsJsonObject("difference").get("n").getAsInt());
        assertEquals(verdicts.get(0).p().orElseThrow(), first.get("p").getAsDouble());
        String markdown = Files.readString(folder.resolve(VerdictFiles.MARKDOWN));
        assertTrue(markdown.contains("| holds | A \\| sentence. | a source | base | > 0 | +3.0 ± "), markdown);
        assertTrue(markdown.contains("| new − zeroShotNew | within ±0.5 | −10.0 ± 0.0 | 6 | – | – | – |"), markdown);
    }
}
