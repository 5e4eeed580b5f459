package dev.metaprompt.experiment;

import java.util.List;

/**
 * What a process that computes cells is asked: one line of JSON on its standard input.
 *
 * @param experiment the experiment's name
 * @param experimentId digest of its plan
 * @param options what holds for all cells, weaker than the cell's own
 * @param cell the cell
 * @param folder its run directory, absolute
 */
public record CellRequest(String experiment, String experimentId, List<Assignment> options, Cell cell, String folder) {
    /** The line, instead of a request, that asks the process to stop its cell. */
    public static final String INTERRUPT = "interrupt";

    /** Copies the options. */
    public CellRequest {
        options = List.copyOf(options);
    }
}
