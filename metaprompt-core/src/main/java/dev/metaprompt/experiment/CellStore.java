package dev.metaprompt.experiment;

import java.nio.file.Path;

/**
 * Where an experiment's runs are kept, for all machines that compute it. Safe for use by several threads and machines.
 *
 * <p>For a folder that all machines see, {@link #fetch} and {@link #keep} have nothing to do.
 */
public interface CellStore {
    /**
     * Returns the folder on this machine in which a cell is computed.
     *
     * @param cell a cell
     * @return its run directory; need not exist
     */
    Path folder(Cell cell);

    /**
     * Brings what the store has of a cell, a finished run or the newest checkpoint, unless what is here is newer.
     *
     * @param cell a cell
     */
    void fetch(Cell cell);

    /**
     * Keeps a cell's run as it stands: after a checkpoint, and at its end.
     *
     * @param cell a cell
     */
    void keep(Cell cell);
}
