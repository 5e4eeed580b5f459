package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.run.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which groups a summary compares with which, and its files. */
class SummaryGroupsTest {
    private static final Comparison OURS = new Comparison(Map.of("method", "ours"), List.of("seed"));

    private static ExperimentSummary summary(Plan plan, Function<Cell, Optional<Results>> results) {
        return ExperimentSummary.of(plan, results, Map.of());
    }

    private static Map<String, ExperimentSummary.Group> byLabel(ExperimentSummary summary) {
        return summary.groups().stream().collect(Collectors.toMap(ExperimentSummary.Group::label, group -> group));
    }

    /** Datasets differ by 20 points, methods by 3: only on the same dataset is the difference 3. */
    private static Optional<Results> onDatasets(Cell cell) {
        double value = (cell.coordinates().get("dataset").equals("hard") ? 50 : 70)
                + (cell.coordinates().get("method").equals("ours") ? 3 : 0)
                + 0.1 * cell.number() % 0.7;
        return Optional.of(MadePlans.results(value, value));
    }

    @Test
    void methodsAreComparedOnTheSameDataset() {
        ExperimentSummary summary = summary(
                MadePlans.plan(OURS, "dataset=easy,hard", "method=theirs,ours", "seed=1,2,3"),
                SummaryGroupsTest::onDatasets);
        Map<String, ExperimentSummary.Group> groups = byLabel(summary);
        for (String dataset : List.of("easy", "hard")) {
            ExperimentSummary.Group theirs = groups.get("dataset=" + dataset + " method=theirs");
            assertEquals(Optional.of(Map.of("dataset", dataset, "method", "ours")), theirs.reference());
            assertEquals(-3, theirs.differences().get(Figure.BASE).difference().mean(), 0.8);
            assertTrue(groups.get("dataset=" + dataset + " method=ours")
                    .reference()
                    .isEmpty());
        }
        assertEquals("method=ours with equal dataset", summary.reference());
    }

    @Test
    void whereTheReferenceIsExcludedNothingIsComparedWithAnothersPlace() {
        Plan whole = MadePlans.plan(OURS, "dataset=easy,hard", "method=theirs,ours", "seed=1,2");
        List<Cell> cells = whole.cells().stream()
                .filter(cell -> !cell.coordinates()
                        .entrySet()
                        .containsAll(Map.of("dataset", "hard", "method", "ours").entrySet()))
                .toList();
        Plan plan = new Plan("test", "t", whole.id(), List.of(), OURS, cells);
        Map<String, ExperimentSummary.Group> groups = byLabel(summary(plan, SummaryGroupsTest::onDatasets));
        assertTrue(groups.get("dataset=hard method=theirs").differences().isEmpty());
        assertFalse(groups.get("dataset=easy method=theirs").differences().isEmpty());
    }

    @Test
    void withoutANamedReferenceTheFirstGroupIsIt() {
        ExperimentSummary summary = summary(
                MadePlans.plan(new Comparison(Map.of(), List.of("seed")), "method=a,b", "way=5,10", "seed=1,2"),
                cell -> Optional.of(MadePlans.results(40 + cell.number(), 50)));
        assertEquals("method=a way=5", summary.reference());
        assertTrue(summary.groups().get(0).reference().isEmpty());
        summary.groups()
                .subList(1, 4)
                .forEach(group -> assertEquals(Optional.of(Map.of("method", "a", "way", "5")), group.reference()));
    }

    /** Ours 60, 62, 64 and theirs 59, 60, 61: differences −1, −2, −3 of base; ranks all of one sign, p = 2/8. */
    @Test
    void differencesArePairedBySeed() {
        ExperimentSummary summary = summary(MadePlans.plan(OURS, "method=ours,theirs", "seed=1,2,3"), cell -> {
            int seed = Integer.parseInt(cell.coordinates().get("seed"));
            boolean ours = cell.coordinates().get("method").equals("ours");
            return Optional.of(MadePlans.results(ours ? 58 + 2 * seed : 58 + seed, 50));
        });
        var test = summary.groups().get(1).differences().get(Figure.BASE);
        assertEquals(-2, test.difference().mean(), 1e-12);
        assertEquals(2.484137711, test.difference().halfWidth().orElseThrow(), 1e-8);
        assertEquals(0.0741799002, test.pStudent().orElseThrow(), 1e-9);
        assertEquals(0.25, test.pWilcoxon().orElseThrow(), 1e-12);
        assertEquals(-2, test.effect().orElseThrow(), 1e-12);
    }

    @Test
    void theOrderOfCellsAndOfAnswersDoesNotMatterToTheLastDigit() {
        Comparison compare = new Comparison(Map.of("method", "ours"), List.of("dataset.seed", "seed"));
        Plan plan = MadePlans.plan(compare, "method=ours,theirs", "dataset.seed=1,2,3", "seed=1,2,3,4,5");
        Random random = new Random(7);
        Map<Cell, Results> drawn = new HashMap<>();
        plan.cells()
                .forEach(cell ->
                        drawn.put(cell, MadePlans.results(97 * random.nextDouble(), 100 * random.nextDouble())));
        Map<String, ExperimentSummary.Group> expected = byLabel(summary(plan, cell -> Optional.of(drawn.get(cell))));
        for (int round = 0; round < 20; round++) {
            List<Cell> shuffled = new ArrayList<>(plan.cells());
            Collections.shuffle(shuffled, random);
            Plan other = new Plan("test", "t", plan.id(), List.of(), compare, shuffled);
            byLabel(summary(other, cell -> Optional.of(drawn.get(cell)))).forEach((label, group) -> {
                assertEquals(expected.get(label).figures(), group.figures());
                assertEquals(expected.get(label).differences(), group.differences());
            });
        }
    }

    @Test
    void anyMissingCellsLeaveASummaryOfTheOthers(@TempDir Path folder) throws Exception {
        Plan plan = MadePlans.plan(OURS, "dataset=easy,hard", "method=theirs,ours", "seed=1,2,3");
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            List<Boolean> there =
                    plan.cells().stream().map(cell -> random.nextBoolean()).toList();
            ExperimentSummary summary =
                    summary(plan, cell -> there.get(cell.number()) ? onDatasets(cell) : Optional.empty());
            SummaryFiles.write(folder, summary);
            long missing = there.stream().filter(one -> !one).count();
            assertEquals(missing, summary.missing().size());
            JsonObject json = JsonParser.parseString(Files.readString(folder.resolve(SummaryFiles.JSON)))
                    .getAsJsonObject();
            assertEquals(missing, json.getAsJsonArray("missing").size());
            JsonArray groups = json.getAsJsonArray("groups");
            int finished = 0;
            for (int i = 0; i < groups.size(); i++) {
                finished += groups.get(i).getAsJsonObject().get("finished").getAsInt();
            }
            assertEquals(plan.cells().size() - missing, finished);
            for (ExperimentSummary.Group group : summary.groups()) {
                assertEquals(group.finished() > 0, group.figures().containsKey(Figure.BASE));
                assertTrue(SummaryFiles.csv(summary).contains("\n" + group.label() + ","));
            }
            assertFalse(Files.readString(folder.resolve(SummaryFiles.JSON)).contains("NaN"));
        }
    }

    @Test
    void aConsoleLineIsAtMost120WideAndRowsAreAtMost40() {
        String labels = IntStream.range(0, 60)
                .mapToObj(i -> "a-dataset-with-quite-a-long-name-" + i)
                .collect(Collectors.joining(","));
        ExperimentSummary summary = summary(
                MadePlans.plan(
                        new Comparison(Map.of(), List.of("seed")),
                        "dataset=" + labels,
                        "method=metaprompt-with-a-name",
                        "seed=1,2"),
                cell -> Optional.of(MadePlans.results(90 - cell.number() % 3, 20 + cell.number() % 7)));
        List<String> lines = SummaryFiles.text(summary);
        assertEquals(42, lines.size());
        assertEquals("… 20 more in summary.csv", lines.get(41));
        lines.forEach(line -> assertTrue(line.codePointCount(0, line.length()) <= 120, line));
        assertTrue(lines.get(1).matches("a-data.*….*name-0 .*"), lines.get(1));
        assertEquals(42, lines.stream().distinct().count());
    }

    @Test
    void aNameLosesWhatAllShareBeforeItIsCut() {
        ExperimentSummary summary = summary(
                MadePlans.plan(
                        new Comparison(Map.of(), List.of("seed")), "dataset=textures", "way=5,10,20", "seed=1,2"),
                cell -> Optional.of(MadePlans.results(90 - cell.number() % 3, 20 + cell.number() % 7)));
        List<String> lines = SummaryFiles.text(summary);
        assertTrue(lines.get(2).startsWith("10 "), lines.get(2));
    }

    @Test
    void namesAreHarmlessInMarkdownAndCsv() {
        ExperimentSummary summary = summary(
                MadePlans.plan(new Comparison(Map.of(), List.of("seed")), "dataset=a|b <i>*x*;\"q\"", "seed=1"),
                cell -> Optional.of(MadePlans.results(60, 50)));
        assertTrue(
                SummaryFiles.markdown(summary).contains("| dataset=a\\|b \\<i>\\*x\\*;\"q\" | 1 |"),
                SummaryFiles.markdown(summary));
        assertTrue(
                SummaryFiles.csv(summary).contains("\n\"dataset=a|b <i>*x*;\"\"q\"\"\",base,1,1,1,60.0,"),
                SummaryFiles.csv(summary));
    }

    /** A matrix of a stranger's may name its variants as it likes; a group's label begins with its axis. */
    @Test
    void aLabelIsNoFormula() {
        ExperimentSummary summary = summary(
                MadePlans.plan(new Comparison(Map.of(), List.of("seed")), "@SUM(A1)|x=a", "seed=1"),
                cell -> Optional.of(MadePlans.results(60, 50)));
        assertTrue(SummaryFiles.csv(summary).contains("\n'@SUM(A1)|x=a,base,"), SummaryFiles.csv(summary));
    }
}
