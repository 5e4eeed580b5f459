package dev.metaprompt.experiment.temporal;

import java.util.List;

/**
 * Where a workflow stands: the answer to its query.
 *
 * @param paused whether new cells wait
 * @param finished cells of it that have figures
 * @param failed cells of it that have none
 * @param scheduled cells that wait for a worker or are being computed
 * @param batches workflow ids of batches in work; empty for a batch itself
 */
public record Standing(boolean paused, int finished, int failed, int scheduled, List<String> batches) {
    /** Copies the list. */
    public Standing {
        batches = List.copyOf(batches);
    }
}
