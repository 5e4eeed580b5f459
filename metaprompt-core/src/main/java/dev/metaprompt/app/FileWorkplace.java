package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Experiments in a folder that all machines see: plans by their digest, runs where they are computed. */
final class FileWorkplace implements SharedPlace {
    /** Holds every plan that was submitted: a changed matrix must not change what a running workflow computes. */
    private static final String PLANS = ".plans";

    private final Path root;

    /**
     * Creates it.
     *
     * @param root the folder of experiments
     */
    FileWorkplace(Path root) {
        this.root = root;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public void submit(Plan plan) {
        Path file = file(plan.name(), plan.id());
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "experiment.store: " + file.getParent() + " cannot be created (" + Quoted.reason(e)
                            + "). Name another folder.",
                    e);
        }
        AtomicFiles.writeText(file, PlanFile.toJson(plan));
    }

    private Path file(String experiment, String planId) {
        return Inside.require(folder(experiment), PLANS + "/" + asked(Plan::requireId, planId) + ".json", "the plan");
    }

    private Path folder(String experiment) {
        return Inside.require(root, asked(Plan::requireName, experiment), "the experiment");
    }

    private static String asked(UnaryOperator<String> check, String value) {
        try {
            return check.apply(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("experiment.store: " + Quoted.fault(e) + ". Rename the matrix.", e);
        }
    }

    @Override
    public Plan plan(String experiment, String planId) {
        Path file = file(experiment, planId);
        try {
            return PlanFile.fromJson(PlainFiles.text(file, PlanFile.LARGEST), file.toString())
                    .requireAsked(experiment, planId, file.toString());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "experiment.store: " + file + " cannot be read (" + Quoted.reason(e)
                            + "). Give all machines the same shared folder: -Dmetaprompt.experiment.store=file:<folder>.",
                    e);
        }
    }

    @Override
    public CellStore store(Plan plan) {
        Path folder = folder(plan.name());
        return new CellStore() {
            @Override
            public Path folder(Cell cell) {
                return Inside.require(folder, cell.folder(), "the folder of a cell");
            }

            @Override
            public void fetch(Cell cell) {
                // it is where it is computed
            }

            @Override
            public void keep(Cell cell) {
                // it is where it is computed
            }
        };
    }
}
