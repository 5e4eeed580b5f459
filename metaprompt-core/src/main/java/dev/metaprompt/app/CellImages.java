package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds cells to the images of their plan. A cell's id is of names and lists, so that experiments of older versions go
 * on; what the images hold is compared beside it.
 */
final class CellImages {
    private CellImages() {}

    /** Says why a run is not the cell's; empty too where one of them does not say what its images hold. */
    static Optional<String> disagreement(Cell cell, RunRecord run) {
        return run.dataset()
                .content()
                .map(RunRecord.Content::all)
                .filter(found -> !cell.content().isEmpty() && !found.equals(cell.content()))
                .map(found -> "was computed from images of digest " + start(found) + ", prepared with "
                        + ColorOrders.KEY + "=" + ColorOrders.ofRecord(run.config())
                        + "; those of the experiment have digest " + start(cell.content())
                        + ". Restore the images, set that order for the experiment, or have the cell computed anew:"
                        + " move the run's folder away, or where experiment.store=mlflow: would bring it back, give"
                        + " the matrix another name");
    }

    /** Requires that this machine has the images of the plan. */
    static void requireSame(Cell cell, Materials materials, Progress progress) {
        if (cell.content().isEmpty()) {
            return;
        }
        String found = materials.content(progress).all();
        if (!found.equals(cell.content())) {
            throw new InvalidInputException("cell " + cell.folder() + ": the images of this machine are not those of"
                    + " the experiment (digest " + start(found) + ", prepared with " + ColorOrders.KEY + "="
                    + materials.colorOrder().word() + ", instead of " + start(cell.content())
                    + "), though their names are. Give every machine the same images, and the experiment the order in"
                    + " which its runs were begun.");
        }
    }

    /** Requires that finished cells, which are taken over, were computed from the images of the plan. */
    static void requireSame(Plan plan, Path folder, Progress progress) {
        List<String> others = new ArrayList<>();
        int unrecorded = 0;
        for (Cell cell : plan.cells()) {
            Optional<RunDirectory> run = ExperimentCommand.run(folder, cell);
            if (run.isEmpty()) {
                continue;
            }
            RunRecord record = run.get().readRecord();
            boolean finished = record.status() == RunStatus.FINISHED;
            boolean begun = finished || Files.exists(run.get().file(RunDirectory.CHECKPOINT));
            unrecorded += begun && record.dataset().content().isEmpty() ? 1 : 0;
            disagreement(cell, record)
                    .filter(reason -> finished)
                    .ifPresent(reason -> others.add(run.get().path() + ": " + reason));
        }
        if (!others.isEmpty()) {
            throw new InvalidInputException(
                    others.get(0) + (others.size() == 1 ? "." : " (and so for " + (others.size() - 1) + " more)."));
        }
        if (unrecorded > 0) {
            DataContent.tellUnrecorded(
                    progress, unrecorded + " of " + plan.cells().size() + " cells were computed or begun");
        }
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }
}
