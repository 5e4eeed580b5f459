package dev.metaprompt.experiment;

import java.util.List;

/**
 * How one process that computes cells is started.
 *
 * @param command program and arguments
 * @param argumentsRead called, once or more, when the process has said its first line or has ended: it has read what
 *     its arguments name
 */
public record CellLaunch(List<String> command, Runnable argumentsRead) {
    /** Keeps its own copy of the command. */
    public CellLaunch {
        command = List.copyOf(command);
    }
}
