package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.temporal.Ended;
import dev.metaprompt.tracking.ExperimentRecord;
import dev.metaprompt.tracking.ExperimentRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedCellsTest {
    /** What a workflow's result has room for. */
    private static final int NAMED = 100;

    @TempDir
    Path folder;

    private static Plan plan(int cells) {
        return Cells.plan(IntStream.range(0, cells).mapToObj(Cells::cell).toArray(Cell[]::new));
    }

    private static Ended ended(int failed) {
        List<Ended.Failure> named = IntStream.range(0, Math.min(NAMED, failed))
                .mapToObj(number -> new Ended.Failure(number, "a fault"))
                .toList();
        return new Ended(0, failed, named);
    }

    private String error(Plan plan, FailedCells failed) {
        return assertThrows(InvalidInputException.class, () -> end(plan, failed).tell(List.of()))
                .getMessage();
    }

    private ExperimentEnd end(Plan plan, FailedCells failed) {
        TestContext context = new TestContext(folder);
        ExperimentRun untracked = ExperimentRun.begin(
                Optional.empty(),
                Optional.empty(),
                folder,
                ExperimentRecord.Facts.of(plan.name(), plan.title(), plan.id(), List.of()),
                Progress.SILENT);
        return new ExperimentEnd(context, plan, folder, failed, untracked);
    }

    @Test
    void allFailedCellsCountHoweverManyAreNamed() throws Exception {
        Plan plan = plan(350);
        String error = error(plan, FailedCells.of(plan, ended(350)));
        assertTrue(
                error.startsWith(
                        "350 of 350 cells failed: seed=0: a fault; seed=1: a fault; seed=2: a fault and 347 more. The"),
                error);
        String summary = Files.readString(folder.resolve("summary.md"));
        assertTrue(summary.contains("- seed=99: a fault\n"), summary);
        assertTrue(summary.contains("- seed=100: failed; a workflow tells the reasons of 100 cells alone\n"), summary);
        assertFalse(summary.contains("not computed"), summary);
    }

    @Test
    void aCellThatFailedElsewhereCountsThoughItsFiguresAreHere() {
        Plan plan = plan(350);
        assertEquals(350, FailedCells.of(plan, ended(350)).count());
        assertEquals(NAMED, FailedCells.of(plan, ended(350)).reasons().size());
    }

    @Test
    void aCellWithoutFiguresFailsTheGoalHoweverItEnded() {
        Plan plan = plan(2);
        Map<Cell, CellEnd> ends = Map.of(
                plan.cells().get(0), new CellEnd(CellEnd.Kind.FINISHED, ""),
                plan.cells().get(1), new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped"));
        assertEquals(FailedCells.NONE, FailedCells.of(ends));
        assertEquals(
                "2 of 2 cells failed: seed=0: not computed; seed=1: not computed."
                        + " The others are finished; the same command computes what is missing.",
                error(plan, FailedCells.of(ends)));
    }
}
