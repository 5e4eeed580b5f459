package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.ModelReading;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds cells to the images of their plan, and to what was read there from the model's files. A cell's id is of names,
 * lists and weights, so that experiments of older versions go on; these are compared beside it.
 */
final class CellImages {
    private static final String COMPUTE_ANEW = ", or have the cell computed anew: move the run's folder away, or where"
            + " experiment.store=mlflow: would bring it back, give the matrix another name";

    private CellImages() {}

    /** Says why a run is not the cell's; empty too where one of them does not say enough. */
    static Optional<String> disagreement(Cell cell, RunRecord run) {
        return otherImages(cell, run).or(() -> otherReading(cell, run));
    }

    private static Optional<String> otherReading(Cell cell, RunRecord run) {
        String found = run.model().reading().orElse("");
        return cell.reading().isEmpty() || ModelReading.agree(found, cell.reading())
                ? Optional.empty()
                : Optional.of(
                        "was begun with model folder " + Quoted.of(run.model().path())
                                + ", whose configuration or preprocessing files were read otherwise than those of the experiment"
                                + " are (digest " + Quoted.of(ModelReading.shown(found)) + ", now "
                                + ModelReading.shown(cell.reading()) + "). Restore them" + COMPUTE_ANEW);
    }

    private static Optional<String> otherImages(Cell cell, RunRecord run) {
        return run.dataset()
                .content()
                .map(RunRecord.Content::all)
                .filter(found -> !cell.content().isEmpty() && !found.equals(cell.content()))
                .map(found -> "was computed from images of digest " + start(found) + ", prepared with "
                        + ColorOrders.KEY + "=" + ColorOrders.ofRecord(run.config())
                        + "; those of the experiment have digest " + start(cell.content())
                        + ". Restore the images, set that order for the experiment" + COMPUTE_ANEW);
    }

    /** Requires that this machine reads of the model what the plan did. */
    static void requireSameReading(Cell cell, Materials materials) {
        String found = materials.model().reading();
        if (!cell.reading().isEmpty() && !ModelReading.agree(cell.reading(), found)) {
            throw new InvalidInputException("cell " + cell.folder() + ": the configuration or preprocessing files of"
                    + " model folder " + Quoted.path(materials.model().folder().directory())
                    + " of this machine are read otherwise than those of the experiment (digest "
                    + ModelReading.shown(found) + " instead of " + ModelReading.shown(cell.reading())
                    + "), though the weights are the same. Give every machine the same model folder and version.");
        }
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

    /**
     * Requires that finished cells, which are taken over, were computed from the images of the plan, and that all that
     * were begun read of the model what the plan does.
     */
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
            otherImages(cell, record)
                    .filter(reason -> finished)
                    .or(() -> otherReading(cell, record))
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
