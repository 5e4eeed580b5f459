package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
                    "experiment.store: " + file.getParent() + " cannot be created (" + e.getMessage()
                            + "). Name another folder.",
                    e);
        }
        AtomicFiles.writeText(file, PlanFile.toJson(plan));
    }

    private Path file(String experiment, String planId) {
        Path folder = root.resolve(experiment).resolve(PLANS).normalize();
        Path file = folder.resolve(planId + ".json").normalize();
        if (!folder.startsWith(root) || !file.startsWith(folder)) {
            throw new InvalidInputException(
                    "experiment " + experiment + " has no name of a folder. Rename the matrix.");
        }
        return file;
    }

    @Override
    public Plan plan(String experiment, String planId) {
        Path file = file(experiment, planId);
        try {
            return PlanFile.fromJson(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "experiment.store: " + file + " cannot be read (" + e.getMessage()
                            + "). Give all machines the same shared folder: -Dmetaprompt.experiment.store=file:<folder>.",
                    e);
        }
    }

    @Override
    public CellStore store(Plan plan) {
        Path folder = root.resolve(plan.name());
        return new CellStore() {
            @Override
            public Path folder(Cell cell) {
                return folder.resolve(cell.folder());
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
