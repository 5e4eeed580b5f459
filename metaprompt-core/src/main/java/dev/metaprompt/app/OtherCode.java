package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cells whose runs are of other code than this: {@code experiment.recompute} computes them anew. */
final class OtherCode {
    /** Beside the cells, so that a run is moved in one step; a level deeper, so that nothing takes it for a cell. */
    static final String ASIDE = "superseded";

    private final CodeVersion now;
    private final Path folder;

    /**
     * Takes an experiment.
     *
     * @param context with what facts it is computed now
     * @param folder the experiment's folder
     */
    OtherCode(CommandContext context, Path folder) {
        this.now = CodeVersion.of(context.facts());
        this.folder = folder;
    }

    /** Refuses what would bring the old runs back, or take them from under those who work on them. */
    static void check(Configuration asked, SharedPlace place) {
        if (!asked.flag("experiment.recompute")) {
            return;
        }
        if (place.isRemote()) {
            throw new InvalidInputException(asked.describe("experiment.recompute") + ", but "
                    + asked.describe("experiment.store") + ", which would bring the earlier runs back. Delete the"
                    + " experiment metaprompt-store/<name> on the server and the experiment's folder here, or use a"
                    + " matrix of another name.");
        }
        if (asked.optional("attach").isPresent()) {
            throw new InvalidInputException(asked.describe("experiment.recompute") + ", but " + asked.describe("attach")
                    + ": workers compute the experiment now. Set one of them.");
        }
    }

    /** Tells whether a cell has a run, finished or not, that other code has computed. */
    boolean has(Cell cell) {
        return ExperimentCommand.run(folder, cell)
                .map(RunDirectory::readRecord)
                .filter(record -> !CodeVersion.of(record).equals(now))
                .isPresent();
    }

    /** Moves all such runs aside. What they hold stays as it is; what another process works on stays where it is. */
    void setAside(CommandContext context, Plan plan) {
        int moved = 0;
        int busy = 0;
        for (Cell cell : plan.cells()) {
            if (has(cell)) {
                boolean free = isFree(RunDirectory.open(folder.resolve(cell.folder())));
                if (free) {
                    move(cell);
                }
                moved += free ? 1 : 0;
                busy += free ? 0 : 1;
            }
        }
        if (moved + busy > 0) {
            context.progress()
                    .phase(moved + (moved == 1 ? " run" : " runs") + " of other code than " + now.brief()
                            + " moved to " + TrainCommand.shown(context.baseDirectory(), folder.resolve(ASIDE))
                            + (busy == 0 ? "" : "; " + busy + " left where another process works on them"));
        }
    }

    // The lock is freed before the move: some systems move no folder in which a file is open.
    private static boolean isFree(RunDirectory run) {
        try (RunLock lock = run.tryLock().orElse(null)) {
            return lock != null;
        }
    }

    private void move(Cell cell) {
        Path aside = Inside.require(folder, ASIDE, "the folder of the experiment");
        try {
            Files.createDirectories(aside);
            Path target = aside.resolve(cell.folder());
            for (int counter = 2; Files.exists(target); counter++) {
                target = aside.resolve(cell.folder() + "-" + counter);
            }
            Files.move(folder.resolve(cell.folder()), target);
        } catch (IOException e) {
            throw new InvalidInputException(
                    folder.resolve(cell.folder()) + ": cannot be moved to " + aside + " (" + Quoted.reason(e)
                            + "). Permit writing there, or run without experiment.recompute.",
                    e);
        }
    }
}
