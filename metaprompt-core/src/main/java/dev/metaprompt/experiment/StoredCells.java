package dev.metaprompt.experiment;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes cells whose runs are kept in a store: brings what the store has before, keeps checkpoints meanwhile, and the
 * run at its end. A cell counts as finished when the store has it; one that is stopped before counts as interrupted.
 * Checkpoints are kept beside the computation, and one that cannot be kept is only told of in the log: the next one may
 * be.
 */
public final class StoredCells implements CellEngine {
    private static final Logger LOG = LoggerFactory.getLogger(StoredCells.class);
    private static final String EPOCH = "epoch";

    /** Who stops a cell waits no longer for its last checkpoint. */
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final CellEngine engine;
    private final CellStore store;
    private final long pauseNanos;

    /**
     * Creates it.
     *
     * @param engine computes the cells; closed with this
     * @param store where their runs are kept
     * @param pause shortest time from one checkpoint's end to the next one's beginning
     */
    public StoredCells(CellEngine engine, CellStore store, Duration pause) {
        this.engine = engine;
        this.store = store;
        this.pauseNanos = pause.toNanos();
    }

    @Override
    public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
        ExecutorService keeping = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "metaprompt-store");
            thread.setDaemon(true);
            return thread;
        });
        try {
            store.fetch(cell);
            CellEnd end = engine.compute(plan, cell, folder, new Keeper(cell, watcher, keeping));
            return end.kind() == CellEnd.Kind.BUSY ? end : kept(cell, end, keeping.submit(() -> store.keep(cell)));
        } catch (RuntimeException e) {
            return fault(cell, e, false);
        } finally {
            keeping.shutdownNow();
        }
    }

    /** Waits for the last state, which is kept after the checkpoint that may be on its way. */
    private static CellEnd kept(Cell cell, CellEnd end, Future<?> last) {
        boolean stopped = Thread.interrupted();
        try {
            if (stopped) {
                last.get(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                last.get();
            }
            return end;
        } catch (TimeoutException e) {
            return end.kind() == CellEnd.Kind.FINISHED
                    ? new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped before the store had it")
                    : end;
        } catch (InterruptedException e) {
            stopped = true;
            return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
        } catch (ExecutionException e) {
            CellEnd fault = fault(cell, e.getCause(), stopped);
            return end.kind() == CellEnd.Kind.FINISHED ? fault : end;
        } finally {
            if (stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static CellEnd fault(Cell cell, Throwable fault, boolean stopped) {
        LOG.warn("the store failed at cell {}", cell.folder(), fault);
        boolean invalid = fault instanceof InvalidInputException;
        return new CellEnd(
                stopped || Thread.currentThread().isInterrupted()
                        ? CellEnd.Kind.INTERRUPTED
                        : invalid ? CellEnd.Kind.INVALID : CellEnd.Kind.FAILED,
                Quoted.fault(fault));
    }

    /** Passes progress on, and has a checkpoint kept now and then. */
    private final class Keeper implements CellWatcher {
        private final Cell cell;
        private final CellWatcher next;
        private final ExecutorService keeping;
        private volatile boolean busy;
        private volatile long last = System.nanoTime();

        Keeper(Cell cell, CellWatcher next, ExecutorService keeping) {
            this.cell = cell;
            this.next = next;
            this.keeping = keeping;
        }

        @Override
        public void progress(String what, long done, long total, String detail) {
            next.progress(what, done, total, detail);
            if (what.equals(EPOCH) && done < total && !busy && System.nanoTime() - last >= pauseNanos) {
                busy = true;
                keeping.execute(this::keep);
            }
        }

        private void keep() {
            try {
                store.keep(cell);
            } catch (RuntimeException e) {
                LOG.warn("a checkpoint of cell {} could not be kept", cell.folder(), e);
            } finally {
                last = System.nanoTime();
                busy = false;
            }
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
