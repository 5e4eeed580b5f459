package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells that other code has computed: marked, and moved aside on request. */
class OtherCodeTest {
    /** What {@link TestContext} says of itself. */
    private static final CodeVersion NOW = new CodeVersion("test", Optional.empty());

    @TempDir
    Path base;

    private Plan plan;
    private Path folder;

    @BeforeEach
    void threeCells() throws IOException {
        SmallDataset.write(base.resolve("dtd-small"));
        Files.writeString(base.resolve("m.yaml"), "axes:\n  seed: 1..3\n");
        TestContext context = context();
        plan = new ExperimentPlanner(context).plan(ExperimentMatrix.read(context, Settings.withoutModel(context)));
        folder = ExperimentFolder.of(Settings.withoutModel(context), plan.name());
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "experiment",
                "m.yaml",
                "dataset",
                base.resolve("dtd-small").toString(),
                "cache",
                base.resolve("cache").toString(),
                "way",
                "3"));
        options.addAll(List.of(more));
        return new TestContext(base, options.toArray(String[]::new));
    }

    private RunDirectory finish(int number, CodeVersion code) {
        RunDirectory run =
                RunDirectory.at(folder.resolve(plan.cells().get(number).folder()));
        RunRecord record = Records.running(run.id());
        run.writeRecord(new RunRecord(
                        record.id(),
                        record.status(),
                        record.started(),
                        record.finished(),
                        record.method(),
                        record.model(),
                        record.dataset(),
                        Map.of("method", "metaprompt", "seed", (long) number),
                        record.origins(),
                        record.environment().of(code),
                        record.timings(),
                        record.results(),
                        record.error())
                .finished(Records.START, Records.results(70 + number, 60, 64), Map.of()));
        return run;
    }

    private static CodeVersion commit(String hash) {
        return new CodeVersion("0.1.0", Optional.of(hash));
    }

    private List<String> names(Path of) throws IOException {
        try (var children = Files.list(of)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void cellsOfOtherCodeAreMarkedWhereTheyCount() throws Exception {
        finish(0, NOW);
        finish(1, commit("c".repeat(40)));
        finish(2, NOW);
        TestContext context = context();
        new ExperimentCommand().run(context);
        String note = "* 1 cell of other code than test, commit unknown, computed anew by experiment.recompute";
        assertTrue(context.results.contains(note), context.results.toString());
        assertTrue(context.results.get(1).contains(" 3*"), context.results.toString());
        assertTrue(
                Files.readString(folder.resolve("summary.md")).contains("- seed=2: 0.1.0, commit " + "c".repeat(40)));
        assertTrue(Files.readString(folder.resolve("report.html")).contains("1 cell of other code than test"));
    }

    @Test
    void withoutOtherCodeNothingIsMarked() throws Exception {
        for (Cell cell : plan.cells()) {
            finish(cell.number(), NOW);
        }
        TestContext context = context();
        new ExperimentCommand().run(context);
        assertFalse(context.results.toString().contains("other code"), context.results.toString());
        assertFalse(context.results.get(1).contains("*"), context.results.toString());
    }

    @Test
    void aDryRunTellsWhatWouldBeComputedAnewAndMovesNothing() {
        finish(0, NOW);
        finish(1, commit("c"));
        finish(2, commit("d"));
        TestContext plain = context("dryRun", "true");
        new ExperimentCommand().run(plain);
        assertTrue(plain.results.toString().contains("3 cells, 0 to compute"), plain.results.toString());
        TestContext anew = context("dryRun", "true", "experiment.recompute", "true");
        new ExperimentCommand().run(anew);
        assertTrue(anew.results.toString().contains("3 cells, 2 to compute"), anew.results.toString());
        assertFalse(Files.exists(folder.resolve(OtherCode.ASIDE)));
    }

    @Test
    void runsOfOtherCodeAreMovedAsideWithAllTheyHold() throws Exception {
        finish(0, NOW);
        Path old = finish(1, commit("c")).path();
        Files.writeString(old.resolve("note.txt"), "mine");
        OtherCode other = new OtherCode(context(), folder);
        TestContext told = context();
        other.setAside(told, plan);
        Path aside = folder.resolve(OtherCode.ASIDE).resolve(old.getFileName());
        assertFalse(Files.exists(old));
        assertEquals("mine", Files.readString(aside.resolve("note.txt")));
        assertTrue(RunDirectory.open(aside).isFinished());
        assertTrue(Files.exists(folder.resolve(plan.cells().get(0).folder())));
        assertEquals(1, RunDirectory.list(folder).size(), "no run of the experiment any more");
        assertTrue(told.phases.toString().contains("1 run of other code than test, commit unknown moved to"));
        // A second one of the same name is kept beside the first.
        finish(1, commit("d"));
        other.setAside(context(), plan);
        String name = old.getFileName().toString();
        assertEquals(List.of(name, name + "-2"), names(folder.resolve(OtherCode.ASIDE)));
    }

    @Test
    void aRunThatIsWorkedOnStaysWhereItIs() {
        RunDirectory run = finish(1, commit("c"));
        TestContext told = context();
        try (RunLock lock = run.lock()) {
            new OtherCode(context(), folder).setAside(told, plan);
        }
        assertTrue(run.isFinished());
        assertTrue(told.phases.toString().contains("1 left where another process works on them"));
    }

    @Test
    void whatWouldBringThemBackIsRefusedBeforeAnythingMoves() {
        Path run = finish(1, commit("c")).path();
        InvalidInputException stored = assertThrows(
                InvalidInputException.class,
                () -> new ExperimentCommand()
                        .run(context(
                                "experiment.recompute", "true",
                                "experiment.store", "mlflow:",
                                "tracking.uri", "http://localhost:1")));
        assertTrue(stored.getMessage().contains("would bring the earlier runs back"), stored.getMessage());
        InvalidInputException attached = assertThrows(
                InvalidInputException.class,
                () -> new ExperimentCommand().run(context("experiment.recompute", "true", "attach", "true")));
        assertTrue(attached.getMessage().contains("attach"), attached.getMessage());
        assertTrue(Files.exists(run));
    }
}
