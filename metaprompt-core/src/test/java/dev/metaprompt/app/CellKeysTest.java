package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.config.Allowed;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.Group;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import dev.metaprompt.config.Type;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.CellWatcher;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Claims;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.ExperimentSummary;
import dev.metaprompt.experiment.Figure;
import dev.metaprompt.experiment.LocalRunner;
import dev.metaprompt.experiment.MadePlans;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys of a matrix reach its cells, and which make a cell another one. */
class CellKeysTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeFiles() throws IOException {
        dataset = SmallDataset.write(folder.resolve("data/dtd-small"));
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "experiment", folder.resolve("test.yaml").toString(),
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "2",
                "train.iterations", "1",
                "evaluate.episodes", "20",
                "augment", "none"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private Plan plan(String matrix, String... more) throws IOException {
        return plan(context(more), matrix);
    }

    private Plan plan(TestContext context, String matrix) throws IOException {
        Files.writeString(folder.resolve("test.yaml"), matrix);
        return new ExperimentPlanner(context).plan(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    private Path run(Cell cell) {
        return folder.resolve("runs/test").resolve(cell.folder()).toAbsolutePath();
    }

    private Map<Cell, CellEnd> compute(TestContext context, Plan plan, int threads) {
        try (CellProcesses processes =
                CellProcessCommand.processes(context, threads, CellOptions.ofMachine(Settings.withoutModel(context)))) {
            return new LocalRunner(processes, 1).run(plan, plan.cells(), this::run, Progress.SILENT, () -> false);
        }
    }

    private static List<String> ids(Plan plan) {
        return plan.cells().stream().map(Cell::id).toList();
    }

    private RunRecord record(Cell cell) {
        return RunDirectory.open(run(cell)).readRecord();
    }

    @Test
    void eachCellHasTheThreadsThatItsMatrixAsksFor() throws IOException {
        TestContext context = context();
        Plan plan = plan(context, "settings: {method: coop, way: 3}\naxes:\n  threads: [1, 3]\n  seed: [1, 2]\n");
        compute(context, plan, 2).forEach((cell, end) -> assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), end));
        for (Cell cell : plan.cells()) {
            String asked = cell.coordinates().get("threads");
            assertEquals(asked, record(cell).config().get("threads").toString());
            assertEquals(asked, String.valueOf(record(cell).environment().threads()));
            assertTrue(record(cell).origins().get("threads").contains("test.yaml"));
        }
        TestContext other = context();
        Plan silent = plan(other, "settings: {method: coop, way: 3}\naxes:\n  seed: [1]\n");
        compute(other, silent, 2);
        assertEquals(2L, record(silent.cells().get(0)).config().get("threads"));
        assertEquals("automatic", record(silent.cells().get(0)).origins().get("threads"));
        // A run that was begun with two goes on with two, wherever it has come to.
        Cell begun = silent.cells().get(0);
        assertEquals(OptionalInt.of(2), CellOptions.threads(silent, begun, run(begun)));
        assertEquals(OptionalInt.empty(), CellOptions.threads(silent, begun, folder));
    }

    @Test
    void threadsOfAMachineAreInNoPlanAndThoseOfAMatrixMakeAnotherCell() throws IOException {
        String matrix = "settings: {method: coop, way: 3%s}\naxes:\n  seed: [1]\n";
        Plan plain = plan(String.format(matrix, ""));
        for (String threads : List.of("1", "2", "auto")) {
            assertEquals(plain, plan(String.format(matrix, ""), "threads", threads));
        }
        Plan auto = plan(String.format(matrix, ", threads: auto"));
        assertEquals(ids(plain), ids(auto));
        Plan one = plan(String.format(matrix, ", threads: 1"));
        assertNotEquals(ids(plain), ids(one));
        // This machine's user beats the matrix, as with other keys, and for this machine alone.
        assertEquals(plain, plan(String.format(matrix, ", threads: 1"), "threads", "2"));
    }

    @Test
    void aCellThatAnOlderVersionComputedWithTheThreadsAskedForIsFound() throws IOException {
        String matrix = "settings: {method: coop, way: 3, threads: 2}\naxes:\n  seed: [1]\n";
        Plan now = plan(matrix);
        Plan before = plan("settings: {method: coop, way: 3}\naxes:\n  seed: [1]\n");
        compute(context(), before, 2);
        assertEquals(ids(before), ids(plan(matrix)));
        assertNotEquals(ids(before), ids(now));
        // It was not computed with one.
        assertNotEquals(ids(before), ids(plan(matrix.replace("threads: 2", "threads: 1"))));
    }

    private static final String UNREAD = "axes:\n  method: [metaprompt, coop, clip]\n  way: [2, 3]\n  seed: [1, 2]\n";

    @Test
    void cellsThatDifferInWhatTheirMethodDoesNotReadAreAllPlannedAndThatIsSaid() throws IOException {
        TestContext context = context();
        assertEquals(12, plan(context, UNREAD).cells().size());
        List<String> said = context.phases.stream()
                .filter(line -> line.startsWith("warning: test: 4 of 12 cells compute what another does, since they"
                        + " differ from it only in what their method does not read: "))
                .toList();
        assertEquals(1, said.size(), context.phases.toString());
        assertTrue(
                said.get(0)
                        .contains("{method=coop, way=3, seed=1} the same as {method=coop, way=2, seed=1} (way at "
                                + folder.resolve("test.yaml") + " line 3), "),
                said.get(0));
        assertTrue(said.get(0).contains(" and 1 more. All are computed"), said.get(0));
        assertEquals(1, said.get(0).lines().count());
        TestContext none = context();
        plan(none, "axes:\n  method: [metaprompt]\n  way: [2, 3]\n  seed: [1]\n");
        assertEquals(
                List.of(),
                none.phases.stream()
                        .filter(line -> line.contains("compute what"))
                        .toList());
    }

    /** Each way of the method is compared with the same of the other, which does not read it, and claims name both. */
    @Test
    void groupsAreComparedWithThoseOfAMethodThatDoesNotReadTheirAxis() throws IOException {
        Plan plan = plan(UNREAD + "compare:\n  reference: {method: coop}\n");
        Function<Cell, Optional<Results>> results = cell -> {
            Map<String, String> at = cell.coordinates();
            double base = at.get("method").equals("metaprompt") ? 50 + Integer.parseInt(at.get("way")) : 50;
            return Optional.of(MadePlans.results(base, 60));
        };
        Map<String, Double> differences = new TreeMap<>();
        for (ExperimentSummary.Group group :
                ExperimentSummary.of(plan, results, Map.of()).groups()) {
            Optional.ofNullable(group.differences().get(Figure.BASE))
                    .ifPresent(test ->
                            differences.put(group.label(), test.difference().mean()));
        }
        assertEquals(
                Map.of(
                        "method=metaprompt way=2", 2.0,
                        "method=metaprompt way=3", 3.0,
                        "method=clip way=2", 0.0,
                        "method=clip way=3", 0.0),
                differences);
        for (String way : List.of("2", "3")) {
            Claims.check(List.of(claim(way)), plan);
        }
    }

    private static Claim claim(String way) {
        return new Claim(
                "better",
                "It is better.",
                "a page",
                "test",
                Map.of("method", "metaprompt", "way", way),
                Map.of("method", "coop", "way", way),
                Figure.BASE,
                Figure.BASE,
                Claim.Relation.GREATER,
                0,
                "claims.yaml line 1");
    }

    /** An older version planned each cell of such an axis, and computed some. */
    @Test
    void anOlderPlanWithAnAxisThatItsMethodDoesNotReadKeepsItsCells() throws IOException {
        String matrix = "settings: {method: coop}\naxes:\n  way: [3, 2]\n  seed: [1]\n";
        List<Cell> cells = new ArrayList<>();
        for (String way : List.of("3", "2")) {
            Configuration config = Settings.resolve(context("method", "coop", "way", way));
            String id = idOfOlderVersions(config, Optional.empty());
            cells.add(new Cell(
                    cells.size(),
                    id,
                    CellOptions.folder(config, data(config), id),
                    "cpu",
                    Map.of("way", way, "seed", "1"),
                    List.of()));
        }
        Plan older = Plan.of("test", "", List.of(), new Comparison(Map.of(), List.of("seed")), cells);
        Files.createDirectories(run(cells.get(0)));
        PlanFile.write(folder.resolve("runs/test"), older);
        Plan now = plan(matrix);
        assertEquals(ids(older), ids(now));
        assertEquals(
                cells.stream().map(Cell::folder).toList(),
                now.cells().stream().map(Cell::folder).toList());
        assertEquals(older.experimentId(), now.experimentId());
    }

    /** What counts of a key that a later version brings, and of those that were there when cells got their names. */
    @Test
    void aKeyThatCameLaterCountsOnlyWhereItIsReadAndSaysMoreThanItsDefault() {
        Key late = new Key("late", Group.LOSS, Type.INTEGER, Optional.of(1L), allowed(), "Late.", false);
        assertFalse(CellIdentity.counts("metaprompt", late, 1L, true));
        assertTrue(CellIdentity.counts("metaprompt", late, 2L, true));
        Key way = Keys.find("way").orElseThrow();
        assertTrue(CellIdentity.counts("coop", way, 5L, true), "ids of cells stay what they were");
        assertFalse(CellIdentity.counts("coop", way, 5L, false));
        assertTrue(CellIdentity.counts("metaprompt", way, 5L, false));
    }

    private static Allowed allowed() {
        return Keys.find("way").orElseThrow().allowedValues();
    }

    @Test
    void theKeysThatAlwaysCountAreThoseOfTheTableThatDecide() {
        for (String key : CellIdentity.ALWAYS) {
            assertTrue(Keys.find(key).orElseThrow().group().goals().contains("train"), key);
            assertTrue(key.equals("seed") || RunSetting.decides(key, ""), key);
        }
    }

    private String list(String name, int first) throws IOException {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (String label : SmallDataset.CLASSES.subList(0, 3)) {
            List<String> images = new ArrayList<>();
            for (int i = first; i < first + 6; i++) {
                images.add(label + "/" + label + "_" + i + ".png");
            }
            lists.put(label, images);
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, new GsonBuilder().create().toJson(lists));
        return "file:" + name;
    }

    private static String drawn(String draw) {
        return "settings:\n  method: coop\n  way: 3\n  dataset.draw: \"" + draw + "\"\naxes:\n  seed: [1, 2]\n";
    }

    @Test
    void aListOfTrainingImagesCountsByWhatItHolds() throws IOException {
        Plan here = plan(drawn(list("here/list.json", 0)));
        assertEquals(ids(here), ids(plan(drawn(list("there/other.json", 0)))));
        assertEquals(here.experimentId(), plan(drawn("file:there/other.json")).experimentId());
        list("here/list.json", 1);
        assertNotEquals(ids(here), ids(plan(drawn("file:here/list.json"))));
    }

    @Test
    void aMatrixReadsAListOnceForAllItsCells() throws IOException {
        String draw = list("here/list.json", 0);
        Plan once = plan(drawn(draw));
        list("there/other.json", 1);
        TestContext context = context();
        AtomicInteger begun = new AtomicInteger();
        context.onUpdate = what -> {
            if (what.equals("cells checked") && begun.incrementAndGet() == 2) {
                replace("there/other.json", "here/list.json");
            }
        };
        assertEquals(ids(once), ids(plan(context, drawn(draw))));
        assertEquals(2, begun.get());
        assertNotEquals(ids(once), ids(plan(drawn(draw))), "what is replaced counts for the next");
    }

    private void replace(String from, String to) {
        try {
            Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWorkerTellsWhichCellsHaveOtherThreadsThanWereTypedForIt() throws IOException {
        Plan four = plan("settings: {method: coop, way: 3, threads: 4}\naxes:\n  seed: [1]\n");
        Cell cell = four.cells().get(0);
        String warning =
                "warning: " + cell.folder() + " has threads=4, as its experiment says or its run was begun with;"
                        + " threads=2 of this worker is for cells that say nothing of threads";
        assertEquals(List.of(warning), told(four, OptionalInt.of(2)));
        assertEquals(List.of(), told(four, OptionalInt.of(4)));
        assertEquals(List.of(), told(four, OptionalInt.empty()));
        Plan silent = plan("settings: {method: coop, way: 3}\naxes:\n  seed: [1]\n");
        assertEquals(List.of(), told(silent, OptionalInt.of(2)));
    }

    private List<String> told(Plan plan, OptionalInt threads) {
        TestContext worker = context();
        CellEngine nothing = new CellEngine() {
            @Override
            public CellEnd compute(Plan of, Cell cell, Path run, CellWatcher watcher) {
                return new CellEnd(CellEnd.Kind.FINISHED, "");
            }

            @Override
            public void close() {}
        };
        Cell cell = plan.cells().get(0);
        new ToldEngine(nothing, worker.progress(), threads)
                .compute(plan, cell, run(cell), (what, done, total, detail) -> {});
        return worker.phases.stream().filter(line -> line.startsWith("warning")).toList();
    }

    /** Recomputed as older versions did: with the place among the keys. */
    @Test
    void aCellThatAnOlderVersionBeganIsFoundByItsListsPlace() throws IOException {
        String matrix = drawn(list("here/list.json", 0));
        Plan now = plan(matrix);
        Cell cell = now.cells().get(0);
        TestContext context = context("method", "coop", "way", "3", "dataset.draw", "file:here/list.json");
        Configuration config = Settings.resolve(context);
        String before =
                idOfOlderVersions(config, Optional.of(twice(Files.readAllBytes(folder.resolve("here/list.json")))));
        assertNotEquals(before, cell.id());
        Files.createDirectories(folder.resolve("runs/test")
                .resolve(cell.folder().replace(cell.id().substring(0, 12), before.substring(0, 12))));
        Plan old = plan(matrix);
        assertEquals(List.of(before, ids(now).get(1)), ids(old));
        compute(context(), old, 1).forEach((any, end) -> assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), end));
    }

    private String idOfOlderVersions(Configuration config, Optional<String> draw) {
        Map<String, Object> decisive = new TreeMap<>();
        config.values("train").forEach((key, value) -> {
            if (key.equals("seed") || RunSetting.decides(key, value)) {
                decisive.put(key, value);
            }
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", decisive);
        all.put("model", ModelFinder.find(config, Progress.SILENT).sha256());
        CellIdentity.Data data = data(config);
        all.put("split", data.splitSha256());
        all.put("base", data.base());
        all.put("new", data.newClasses());
        draw.ifPresent(list -> all.put("draw", list));
        return twice(
                new GsonBuilder().disableHtmlEscaping().create().toJson(all).getBytes(StandardCharsets.UTF_8));
    }

    private static String twice(byte[] bytes) {
        return Sha256.hex(Sha256.begin().digest(bytes));
    }

    private CellIdentity.Data data(Configuration config) {
        var opened = DatasetFinder.open(config, Settings.cache(config), Progress.SILENT);
        return CellIdentity.Data.of(opened, DatasetFinder.classSplit(config, opened));
    }

    @Test
    void runsWithOneListInTwoPlacesAreOneSetting() throws IOException {
        list("here/list.json", 0);
        list("there/other.json", 0);
        RunSetting here = trained("dataset.draw", "file:here/list.json");
        assertEquals(here, trained("dataset.draw", "file:there/other.json"));
        list("here/list.json", 1);
        RunSetting other = trained("dataset.draw", "file:here/list.json");
        assertNotEquals(here, other);
        assertFalse(here.agreesWith(other));
        // What an older version recorded: the place alone.
        Map<String, Object> config = new TreeMap<>(here.config());
        config.put("dataset.draw", "file:elsewhere");
        RunSetting old = new RunSetting(here.data(), here.method(), config);
        assertTrue(old.agreesWith(here) && here.agreesWith(old));
        config.put("dataset.draw", "coop");
        assertFalse(here.agreesWith(new RunSetting(here.data(), here.method(), config)));
    }

    private RunSetting trained(String... more) {
        String runs = "runs" + System.nanoTime();
        List<String> options = new ArrayList<>(List.of("method", "coop", "way", "3", "runs", runs, "threads", "1"));
        options.addAll(List.of(more));
        new TrainCommand().run(context(options.toArray(String[]::new)));
        return RunSetting.of(RunDirectory.newest(folder.resolve(runs)).readRecord());
    }

    /** Everything that names a place, in another place. */
    @Test
    void theSameContentElsewhereIsTheSameCellAndSetting() throws IOException {
        String matrix = "settings: {method: coop, way: 3}\naxes:\n  seed: [1]\n";
        Plan here = plan(matrix);
        RunSetting setting = trained();
        Path other = SmallDataset.write(folder.resolve("elsewhere/of-another-name"));
        Files.writeString(folder.resolve("keys.yaml"), "train:\n  momentum: 0.9\n");
        Files.writeString(folder.resolve("same-keys.yaml"), "train:\n  momentum: 0.9\n");
        Path split = other.resolve("split_zhou_Small.json");
        Path moved = Files.copy(split, folder.resolve("lists.json"));
        String[][] elsewhere = {
            {"dataset", other.toString()},
            {"dataset", other.toString(), "dataset.split", moved.toString()},
            {"cache", folder.resolve("other-cache").toString()},
            {"config", "keys.yaml"},
            {"config", "same-keys.yaml"},
            {"dataset.root", folder.toString()},
        };
        for (String[] places : elsewhere) {
            assertEquals(ids(here), ids(plan(matrix, places)), String.join(" ", places));
            assertEquals(setting, trained(places), String.join(" ", places));
        }
        Files.writeString(folder.resolve("part.yaml"), matrix);
        assertEquals(ids(here), ids(plan("include: part.yaml\n")));
        // And other content in the same place is another.
        Files.writeString(folder.resolve("keys.yaml"), "train:\n  momentum: 0.8\n");
        assertNotEquals(ids(here), ids(plan(matrix, "config", "keys.yaml")));
        Files.writeString(split, Files.readString(split).replace("banded_0.png", "banded_12.png"));
        assertNotEquals(ids(here), ids(plan(matrix, "dataset", other.toString())));
        assertNotEquals(setting, trained("dataset", other.toString()));
    }
}
