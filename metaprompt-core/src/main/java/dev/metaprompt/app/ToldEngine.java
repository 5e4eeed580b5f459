package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.CellWatcher;
import dev.metaprompt.experiment.Plan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** Tells on the console what another engine computes. */
final class ToldEngine implements CellEngine {
    private final CellEngine engine;
    private final Progress progress;
    private final OptionalInt threads;

    /**
     * Tells of an engine.
     *
     * @param progress hears it
     * @param threads what was said of this machine; cells that have other threads are told of
     */
    ToldEngine(CellEngine engine, Progress progress, OptionalInt threads) {
        this.engine = engine;
        this.progress = progress;
        this.threads = threads;
    }

    @Override
    public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
        progress.phase("computes " + plan.name() + " " + cell.folder());
        tellThreads(plan, cell, folder);
        CellEnd end = engine.compute(plan, cell, folder, (what, done, total, detail) -> {
            watcher.progress(what, done, total, detail);
            tell(cell.folder() + ": " + what, done, total, detail);
        });
        progress.phase(cell.folder() + " " + end.kind().name().toLowerCase(Locale.ROOT)
                + (end.message().isEmpty() ? "" : ": " + end.message()));
        return end;
    }

    private void tellThreads(Plan plan, Cell cell, Path folder) {
        OptionalInt own = CellOptions.threads(plan, cell, folder);
        if (threads.isPresent() && own.isPresent() && !own.equals(threads)) {
            progress.phase("warning: " + cell.folder() + " has threads=" + own.getAsInt()
                    + ", as its experiment says or its run was begun with; threads=" + threads.getAsInt()
                    + " of this worker is for cells that say nothing of threads");
        }
    }

    private void tell(String what, long done, long total, String detail) {
        try {
            progress.update(what, done, total, detail);
        } catch (CancellationException e) {
            // The worker itself is told to stop.
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
