package dev.metaprompt.experiment;

import dev.metaprompt.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Tells of many cells as one piece of work: cells done, and where those in work are. */
final class CellsProgress {
    private final Progress progress;
    private final long total;
    private final Map<Cell, String> running = new LinkedHashMap<>();
    private long done;
    private long failed;

    CellsProgress(Progress progress, long total) {
        this.progress = progress;
        this.total = total;
    }

    synchronized void begin(Cell cell) {
        running.put(cell, "starts");
    }

    CellWatcher of(Cell cell) {
        return (what, doneUnits, totalUnits, detail) -> update(cell, what + " " + doneUnits + "/" + totalUnits);
    }

    private synchronized void update(Cell cell, String where) {
        if (running.replace(cell, where) != null) {
            tell();
        }
    }

    synchronized void end(Cell cell, CellEnd end) {
        running.remove(cell);
        if (end.kind() == CellEnd.Kind.INTERRUPTED) {
            return;
        }
        done++;
        if (end.kind() != CellEnd.Kind.FINISHED) {
            failed++;
            progress.phase("cell " + cell.label() + " failed: " + end.message());
        }
        tell();
    }

    private void tell() {
        StringBuilder detail = new StringBuilder(failed == 0 ? "" : failed + " failed  ");
        running.forEach((cell, where) ->
                detail.append(cell.label()).append(": ").append(where).append("  "));
        try {
            progress.update("cells", done, total, detail.toString().stripTrailing());
        } catch (CancellationException e) {
            // The runner asks itself whether it is to stop.
        }
    }
}
