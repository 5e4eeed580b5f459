package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.tracking.FakeMlflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays whoever hands a worker its plans. */
class HostilePlanTest {
    private static final Comparison COMPARISON = new Comparison(Map.of(), List.of("seed"));

    @TempDir
    Path folder;

    private Path root;
    private Path victim;

    @BeforeEach
    void makeAVictim() throws IOException {
        root = Files.createDirectories(folder.resolve("runs"));
        victim = Files.createDirectories(folder.resolve("home/cell-0"));
        Files.writeString(victim.resolve("thesis.tex"), "years of work");
    }

    private static Plan plan(String name, List<Assignment> options, Cell... cells) {
        return new Plan(name, "a title", "0".repeat(64), options, COMPARISON, List.of(cells));
    }

    /** Names that lead to the victim from the root, or nowhere good. */
    static Stream<String> names() {
        return Stream.of("<home>", "../home", "x/../../home", "..", ".", "", "home\n", "-rf", "~", "a:b", "a\\b");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameOutsideOfTheRootTouchesNothing(String written) throws IOException {
        String name = written.replace("<home>", victim.getParent().toString());
        List<String> before = files();
        try (FakeMlflow server = new FakeMlflow()) {
            SharedPlace mlflow = new MlflowWorkplace(server.server(), root);
            SharedPlace shared = new FileWorkplace(root);
            for (SharedPlace place : List.of(mlflow, shared)) {
                assertThrows(RuntimeException.class, () -> place.plan(name, "0".repeat(64)));
                assertThrows(RuntimeException.class, () -> {
                    Plan plan = plan(name, List.of(), Cells.cell(0));
                    place.submit(plan);
                    place.store(plan).fetch(plan.cells().get(0));
                });
            }
        }
        assertEquals(before, files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../home", "/etc/x", "0", "", "00\n"})
    void anIdThatIsNoDigestIsNotLookedFor(String id) throws IOException {
        List<String> before = files();
        assertThrows(InvalidInputException.class, () -> new FileWorkplace(root).plan("test", id));
        assertEquals(before, files());
    }

    @Test
    void aFolderThatNoRunMadeIsNotCleared() throws IOException {
        Path place = Files.createDirectories(root.resolve("test/cell-0"));
        Files.writeString(place.resolve("thesis.tex"), "years of work");
        Plan plan = Cells.plan(Cells.cell(0));
        try (FakeMlflow server = new FakeMlflow()) {
            SharedPlace mlflow = new MlflowWorkplace(server.server(), root);
            InvalidInputException refused = assertThrows(
                    InvalidInputException.class,
                    () -> mlflow.store(plan).fetch(plan.cells().get(0)));
            assertTrue(refused.getMessage().contains("which is no run's"), refused.getMessage());
        }
        assertEquals("years of work", Files.readString(place.resolve("thesis.tex")));
    }

    @Test
    void aLinkInTheRootIsNotFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("test"), victim.getParent());
        Plan plan = Cells.plan(Cells.cell(0));
        List<String> before = files();
        try (FakeMlflow server = new FakeMlflow()) {
            for (SharedPlace place : List.of(new MlflowWorkplace(server.server(), root), new FileWorkplace(root))) {
                assertThrows(
                        InvalidInputException.class,
                        () -> place.store(plan).fetch(plan.cells().get(0)));
                assertThrows(InvalidInputException.class, () -> place.submit(plan));
            }
        }
        assertEquals(before, files());
    }

    @Test
    void theIdCoversTheWholeText() throws IOException {
        Plan plan =
                Plan.of("test", "a title", List.of(new Assignment("way", "5", "m.yaml line 1")), COMPARISON, cells());
        FileWorkplace place = new FileWorkplace(root);
        place.submit(plan);
        assertEquals(plan, place.plan("test", plan.id()));
        Path file = root.resolve("test/.plans/" + plan.id() + ".json");
        String text = Files.readString(file);
        List<String> accepted = new ArrayList<>();
        for (String part : List.of("a title", "\"5\"", "m.yaml", "\"seed\"", "cell-0", "\"cpu\"")) {
            Files.writeString(file, text.replace(part, part.replaceFirst("[a-z5]", "6")));
            assertFalse(Files.readString(file).equals(text), part);
            try {
                place.plan("test", plan.id());
                accepted.add(part);
            } catch (InvalidInputException e) {
                assertTrue(e.getMessage().contains("plan"), e.getMessage());
            }
        }
        assertEquals(List.of(), accepted);
    }

    private static List<Cell> cells() {
        return List.of(Cells.cell(0));
    }

    @Test
    void anotherExperimentsPlanIsRefused() throws IOException {
        Plan plan = Plan.of("other", "a title", List.of(), COMPARISON, cells());
        Path plans = Files.createDirectories(root.resolve("test/.plans"));
        Files.writeString(plans.resolve(plan.id() + ".json"), PlanFile.toJson(plan));
        assertThrows(InvalidInputException.class, () -> new FileWorkplace(root).plan("test", plan.id()));
        Plan same = Plan.of("test", "another title", List.of(), COMPARISON, cells());
        Files.writeString(plans.resolve("1".repeat(64) + ".json"), PlanFile.toJson(same));
        assertThrows(InvalidInputException.class, () -> new FileWorkplace(root).plan("test", "1".repeat(64)));
    }

    @Test
    void aPlanWhoseIdCoveredNameAndCellsAloneIsStillTaken() throws IOException {
        Plan now = Plan.of("test", "a title", List.of(), COMPARISON, cells());
        Plan old = new Plan("test", "a title", now.experimentId(), List.of(), COMPARISON, cells());
        FileWorkplace place = new FileWorkplace(root);
        place.submit(old);
        assertEquals(old, place.plan("test", old.id()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tracking.uri=http://stranger.example",
                "tracking.experiment=production",
                "config=/etc/passwd",
                "cache=/home",
                "cache.limit=0.001",
                "runs=/home",
                "run=r1",
                "offline=false",
                "temporal.address=stranger.example:7233",
                "experiment.store=file:/home",
                "out=/home/x",
                "nonsense=1",
                "dataset.draw=file:/proc/self/environ",
                "dataset.split=../secret.json",
                "dataset.root=/",
                "dataset=/home/somebody/photographs",
                "tokenizer=/etc",
                "model=/home/somebody/model"
            })
    void aWorkerTakesAddressesAndPlacesFromItsOwnOptions(String setting) throws IOException {
        String[] keyAndValue = setting.split("=", 2);
        Assignment assignment = new Assignment(keyAndValue[0], keyAndValue[1], "m.yaml line 1");
        Path work = Files.createDirectories(folder.resolve("worker"));
        TestContext worker = new TestContext(work, "cache", "cache", "experiment.store", "file:" + root);
        Cell cell = Cells.cell(0, assignment.key(), assignment.value());
        for (Plan plan : List.of(
                Plan.of("test", "t", List.of(assignment), COMPARISON, cells()),
                Plan.of("test", "t", List.of(), COMPARISON, List.of(cell)))) {
            new FileWorkplace(root).submit(plan);
            CheckedPlans plans = CheckedPlans.of(Settings.withoutModel(worker));
            InvalidInputException refused =
                    assertThrows(InvalidInputException.class, () -> plans.plan("test", plan.id()), setting);
            assertTrue(refused.getMessage().contains(assignment.key()), refused.getMessage());
        }
    }

    @Test
    void whatIsOpenToPlansOrSetOnTheWorkerIsTaken() throws IOException {
        Path work = Files.createDirectories(folder.resolve("worker/data"));
        TestContext worker = new TestContext(
                work.getParent(),
                "cache",
                "cache",
                "experiment.store",
                "file:" + root,
                "tokenizer",
                "/opt/tokenizer",
                "model",
                "nano-clip");
        List<Assignment> honest = List.of(
                new Assignment("dataset", "data", "m.yaml line 1"),
                new Assignment("dataset.draw", "file:data/list.txt", "m.yaml line 2"),
                new Assignment("dataset.split", "random:3", "m.yaml line 3"),
                new Assignment("model", "openai/clip-vit-base-patch16", "m.yaml line 4"),
                new Assignment("tokenizer", "/elsewhere/tokenizer", "-Dmetaprompt.tokenizer"),
                new Assignment("device", "cpu", "m.yaml line 5"));
        Plan plan = Plan.of("test", "t", honest, COMPARISON, cells());
        new FileWorkplace(root).submit(plan);
        assertEquals(plan, CheckedPlans.of(Settings.withoutModel(worker)).plan("test", plan.id()));
    }
}
