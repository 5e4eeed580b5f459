package dev.metaprompt.experiment;

import java.nio.file.Path;

/**
 * Computes cells, each in its run directory: begins it, goes on with it after an interruption, or finds it finished. Both
 * runners use the same one. Safe for use by several threads; as many cells are computed at once as there are callers.
 */
public interface CellEngine extends AutoCloseable {
    /**
     * Computes one cell to its end, or until the calling thread is interrupted: then the cell is stopped, its last
     * checkpoint stays, and the end is {@link CellEnd.Kind#INTERRUPTED} with the thread's interrupt flag set. A cell
     * that was stopped from outside while nobody asked for it ends {@link CellEnd.Kind#CRASHED}.
     *
     * @param plan the experiment
     * @param cell one of its cells
     * @param folder the cell's run directory; made if missing
     * @param watcher hears of its progress
     * @return how it ended; never throws for a fault of the cell
     */
    CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher);

    /** Stops what is being computed and frees the processes. */
    @Override
    void close();
}
