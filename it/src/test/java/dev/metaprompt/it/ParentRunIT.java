package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.metaprompt.Progress;
import dev.metaprompt.app.MlflowStore;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.tracking.ExperimentRecord;
import dev.metaprompt.tracking.ExperimentRun;
import dev.metaprompt.tracking.TrackingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Experiments on a real MLflow server: as a parent run with its cells, and as the place where their runs are kept. */
class ParentRunIT {
    @RegisterExtension
    private static final MlflowServer SERVER = new MlflowServer();

    private static final List<String> REPEATABLE = List.of(
            "metrics.jsonl", "episodes.jsonl", "learned.safetensors", "contexts.safetensors", "predictions.csv");

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    private final Progress progress = new Progress() {
        @Override
        public void phase(String text) {
            told.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {}
    };

    private static TrackingServer server() {
        return TrackingServer.of(SERVER.uri(), "test", Map.of());
    }

    private static Cell cell(int seed, String runFolder) {
        return new Cell(
                seed,
                String.format("%064x", seed),
                runFolder,
                "cpu",
                Map.of("seed", Integer.toString(seed)),
                List.of());
    }

    private static Plan plan(String name, List<Cell> cells) {
        return Plan.of(name, "Two seeds", List.of(), new Comparison(Map.of(), List.of("seed")), cells);
    }

    private static void succeed(MavenBuild.Result result) {
        assertEquals(0, result.exitCode(), result.text());
    }

    private static String sync(MavenBuild build) throws Exception {
        MavenBuild.Result result = build.run("metaprompt:sync", "-Dmetaprompt.tracking.uri=" + SERVER.uri());
        succeed(result);
        return result.text();
    }

    private ExperimentRun begin(Plan plan, Path place) {
        ExperimentRecord.Facts facts = ExperimentRecord.Facts.of(
                plan.name(),
                plan.title(),
                plan.id(),
                plan.cells().stream().map(Cell::coordinates).toList());
        return ExperimentRun.begin(Optional.of(server()), Optional.empty(), place, facts, progress);
    }

    @Test
    void anExperimentIsAParentRunWithItsCellsAsChildren() throws Exception {
        String name = "it-two-seeds";
        MavenBuild build = MavenBuild.project("plain", folder);
        Path place = Files.createDirectories(build.directory().resolve("runs").resolve(name));
        Plan plan = plan(name, List.of(cell(1, "a"), cell(2, "b")));
        PlanFile.write(place, plan);
        SERVER.proxy().set(FaultProxy.Mode.ABSENT);
        ExperimentRun away = begin(plan, place);
        for (Cell cell : plan.cells()) {
            succeed(build.run(
                    "metaprompt:train",
                    "-Dmetaprompt.augment=none",
                    "-Dmetaprompt.train.epochs=1",
                    "-Dmetaprompt.runs=runs/" + name,
                    "-Dmetaprompt.seed=" + cell.coordinates().get("seed")));
        }
        List<Path> cells = new Runs(place).all();
        for (int i = 0; i < 2; i++) {
            Cell cell = plan.cells().get(i);
            new CellInfo(name, plan.id(), cell.id(), cell.coordinates()).write(cells.get(i));
        }
        Files.writeString(place.resolve("summary.csv"), "method,mean\nmetaprompt,1.5\n");
        assertEquals(Optional.empty(), away.end(RunStatus.FINISHED, Map.of("harmonic_mean/way=5", 200 / 3.0), false));
        assertEquals(1, told.size(), told.toString());
        SERVER.proxy().heal();
        assertTrue(sync(build).contains("3 runs, 3 sent, 0 were there already, 0 left out"));
        MlflowRest.Run parent = assertFamily(name, plan, place, cells);
        assertTrue(sync(build).contains("3 runs, 0 sent, 3 were there already, 0 left out"));
        assertEquals(parent.json(), assertFamily(name, plan, place, cells).json());

        ExperimentRun again = begin(plan, place);
        assertEquals("RUNNING", parent(name).info("status"));
        Optional<String> link = again.end(RunStatus.FINISHED, Map.of("harmonic_mean/way=5", 67.5), false);
        String page = "/#/experiments/" + SERVER.rest().experimentId("metaprompt/" + name) + "/runs/";
        assertEquals(Optional.of(SERVER.uri() + page + parent.id()), link);
        assertEquals(67.5, assertFamily(name, plan, place, cells).metrics().get("harmonic_mean/way_5"));
        assertEquals(1, told.size(), told.toString());
    }

    private static MlflowRest.Run parent(String name) throws Exception {
        List<MlflowRest.Run> parents = SERVER.rest().runs("metaprompt/" + name).stream()
                .filter(run -> run.tags().containsKey("metaprompt.cells"))
                .toList();
        assertEquals(1, parents.size(), "parents");
        return parents.get(0);
    }

    private static MlflowRest.Run assertFamily(String name, Plan plan, Path place, List<Path> cells) throws Exception {
        MlflowRest.Run parent = parent(name);
        assertEquals("FINISHED", parent.info("status"));
        assertEquals(name, parent.info("run_name"));
        assertEquals(plan.id(), parent.tags().get("metaprompt.experimentId"));
        assertEquals("2", parent.tags().get("metaprompt.cells"));
        assertEquals(Map.of("seed", "1, 2"), parent.params());
        for (String file : List.of("experiment.json", "summary.csv")) {
            assertArrayEquals(
                    Files.readAllBytes(place.resolve(file)), SERVER.rest().artifact(parent, file), file);
        }
        List<MlflowRest.Run> children = SERVER.rest().runs("metaprompt/" + name).stream()
                .filter(run -> parent.id().equals(run.tags().get("mlflow.parentRunId")))
                .sorted(Comparator.comparing(run -> run.tags().get("metaprompt.axis.seed")))
                .toList();
        assertEquals(2, children.size());
        assertEquals(3, SERVER.rest().runs("metaprompt/" + name).size());
        for (int i = 0; i < 2; i++) {
            Mirrored.assertWhole(SERVER.rest(), children.get(i), cells.get(i));
            assertEquals(plan.cells().get(i).id(), children.get(i).tags().get("metaprompt.cell"));
        }
        return parent;
    }

    @Test
    void aTrainingGoesOnOnAnotherMachineToTheSameBytes() throws Exception {
        String name = "it-store";
        MavenBuild here = MavenBuild.project("plain", folder.resolve("here"));
        MavenBuild there = MavenBuild.project("plain", folder.resolve("there"));
        MavenBuild.Started started =
                here.start("metaprompt:train", "-Dmetaprompt.augment=none", "-Dmetaprompt.train.epochs=60");
        awaitSteps(here, 30);
        Path whole = Runs.of(here).only();
        Cell cell = cell(1, whole.getFileName().toString());
        MlflowStore storeHere = new MlflowStore(server(), name, Runs.of(here).folder());
        storeHere.keep(cell);
        long early = steps(name);
        awaitSteps(here, 150);
        storeHere.keep(cell);
        long late = steps(name);
        assertTrue(early > 0 && early < late && late < 600, early + ", then " + late);
        succeed(started.await());
        MlflowStore storeThere = new MlflowStore(server(), name, Runs.of(there).folder());
        storeThere.fetch(cell);
        Path fetched = Runs.of(there).only();
        assertEquals("running", Runs.status(fetched));
        succeed(there.run("metaprompt:train", "-Dmetaprompt.run=" + cell.folder()));
        Runs.assertSame(whole, fetched, REPEATABLE);
        storeThere.keep(cell);
        storeHere.keep(cell);
        List<MlflowRest.Run> kept = SERVER.rest().runs("metaprompt-store/" + name);
        assertEquals(1, kept.size());
        assertEquals("FINISHED", kept.get(0).info("status"));
        List<String> files = SERVER.rest().artifacts(kept.get(0));
        assertEquals(1, files.size(), files.toString());
        assertTrue(files.get(0).startsWith("finished-"), files.toString());
        MlflowStore third = new MlflowStore(server(), name, folder.resolve("third"));
        third.fetch(cell);
        assertArrayEquals(
                Files.readAllBytes(fetched.resolve("run.json")),
                Files.readAllBytes(third.folder(cell).resolve("run.json")));
    }

    /** Returns the step of the only state that is kept. */
    private static long steps(String name) throws Exception {
        List<MlflowRest.Run> kept = SERVER.rest().runs("metaprompt-store/" + name);
        assertEquals(1, kept.size());
        List<String> files = SERVER.rest().artifacts(kept.get(0));
        assertEquals(1, files.size(), files.toString());
        return Long.parseLong(files.get(0).split("-")[1]);
    }

    @Test
    void aPlanComesBackAsItWas() {
        Plan plan = plan("it-plan", List.of(cell(1, "a"), cell(2, "b")));
        new MlflowStore(server(), "it-plan", folder.resolve("here")).keepPlan(plan);
        MlflowStore there = new MlflowStore(server(), "it-plan", folder.resolve("there"));
        assertEquals(Optional.of(plan), there.fetchPlan(plan.id()));
        assertEquals(Optional.empty(), there.fetchPlan("0".repeat(64)));
    }

    private static void awaitSteps(MavenBuild build, long steps) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (Runs.of(build).steps() < steps) {
            assertTrue(System.nanoTime() < end, "no training was seen");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static final String MATRIX = """
            title: Two seeds
            settings: {augment: none, train.epochs: 3, train.warmupEpochs: 0, evaluate.episodes: 20}
            axes: {seed: 1..2}
            """;

    private static String[] goal(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "metaprompt:experiment",
                "-Dmetaprompt.experiment=" + name + ".yaml",
                "-Dmetaprompt.threads=1",
                "-Dmetaprompt.experiment.store=mlflow:",
                "-Dmetaprompt.tracking.uri=" + SERVER.uri()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private MavenBuild build(String place, String name) throws IOException {
        MavenBuild build = MavenBuild.project("plain", folder.resolve(place));
        Files.writeString(build.directory().resolve(name + ".yaml"), MATRIX);
        return build;
    }

    @Test
    void theGoalShowsItsExperimentAndKeepsItsRunsOnTheServer() throws Exception {
        String name = "it-stored";
        MavenBuild here = build("here", name);
        MavenBuild.Result first = here.run(goal(name));
        succeed(first);
        assertTrue(first.text().contains("MLflow " + SERVER.uri() + "/#/experiments/"), first.text());
        List<MlflowRest.Run> runs = SERVER.rest().runs("metaprompt/" + name);
        MlflowRest.Run parent = runs.stream()
                .filter(run -> !run.tags().containsKey("mlflow.parentRunId"))
                .findFirst()
                .orElseThrow();
        assertEquals(3, runs.size());
        assertEquals(
                2,
                runs.stream()
                        .filter(run -> parent.id().equals(run.tags().get("mlflow.parentRunId")))
                        .count());
        assertEquals("FINISHED", parent.info("status"));
        assertTrue(SERVER.rest().artifacts(parent).contains("summary.json"));
        assertTrue(parent.metrics().keySet().stream().anyMatch(metric -> metric.startsWith("harmonicMean")));

        MavenBuild elsewhere = build("elsewhere", name);
        MavenBuild.Result second = elsewhere.run(goal(name));
        succeed(second);
        assertTrue(second.text().contains("2 of them finished before"), second.text());
        for (Path run : new Runs(here.directory().resolve("runs").resolve(name)).all()) {
            Path other = elsewhere.directory().resolve("runs").resolve(name).resolve(run.getFileName());
            Runs.assertSame(run, other, REPEATABLE);
        }
    }

    @Test
    void workersAndSubmittersThatShareNoFolderMeetOnTheServer() throws Exception {
        Optional<String> program = TemporalServer.program();
        assumeTrue(
                program.isPresent(), "name a Temporal server's program with -Dit.temporal, or set -Dit.python=install");
        String name = "it-apart";
        try (TemporalServer temporal = TemporalServer.start(program.get(), folder.resolve("temporal"))) {
            String address = "-Dmetaprompt.temporal.address=" + temporal.address();
            MavenBuild worker = MavenBuild.project("plain", folder.resolve("worker"));
            MavenBuild.Started working = worker.start(
                    "metaprompt:worker",
                    address,
                    "-Dmetaprompt.threads=1",
                    "-Dmetaprompt.experiment.store=mlflow:",
                    "-Dmetaprompt.tracking.uri=" + SERVER.uri());
            try {
                MavenBuild submitter = build("submitter", name);
                MavenBuild.Result result = submitter.run(goal(name, "-Dmetaprompt.runner=temporal", address));
                succeed(result);
                Runs fetched = new Runs(submitter.directory().resolve("runs").resolve(name));
                assertEquals(2, fetched.all().size());
                for (Path run : fetched.all()) {
                    assertEquals("finished", Runs.status(run));
                }
            } finally {
                working.process().destroy();
                assertNotEquals(0, working.await().exitCode());
            }
        }
    }
}
