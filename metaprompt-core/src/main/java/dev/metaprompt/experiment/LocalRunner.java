package dev.metaprompt.experiment;

import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Computes cells on this machine, in their order, some at once. One failed cell does not stop the rest. */
public final class LocalRunner {
    /** A crash may have been the machine's; the second attempt goes on from the last checkpoint. */
    private static final int ATTEMPTS = 2;

    private static final long POLL_MILLIS = 100;

    private final CellEngine engine;
    private final int parallel;
    private final long busyMillis;

    /**
     * Creates it.
     *
     * @param engine computes the cells
     * @param parallel how many at once, at least 1
     */
    public LocalRunner(CellEngine engine, int parallel) {
        this(engine, parallel, 2000);
    }

    LocalRunner(CellEngine engine, int parallel, long busyMillis) {
        this.engine = engine;
        this.parallel = parallel;
        this.busyMillis = busyMillis;
    }

    /**
     * Computes cells until all have ended or the work is interrupted.
     *
     * @param plan the experiment
     * @param cells those of its cells that are to be computed
     * @param folder the run directory of a cell
     * @param progress hears of all cells together
     * @param interrupted asked often; once true, what runs is stopped and nothing more is begun
     * @return how each cell ended, in the order given; cells that were not begun are missing
     */
    public Map<Cell, CellEnd> run(
            Plan plan, List<Cell> cells, Function<Cell, Path> folder, Progress progress, BooleanSupplier interrupted) {
        CellsProgress shown = new CellsProgress(progress, cells.size());
        ExecutorService threads = Executors.newFixedThreadPool(parallel, task -> {
            Thread thread = new Thread(task, "metaprompt-cells");
            thread.setDaemon(true);
            return thread;
        });
        Map<Cell, Future<CellEnd>> futures = new LinkedHashMap<>();
        for (Cell cell : cells) {
            futures.put(cell, threads.submit(() -> compute(plan, cell, folder.apply(cell), shown)));
        }
        threads.shutdown();
        await(threads, interrupted);
        return ended(futures);
    }

    private static void await(ExecutorService threads, BooleanSupplier interrupted) {
        boolean stopping = false;
        try {
            while (!threads.awaitTermination(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!stopping && interrupted.getAsBoolean()) {
                    stopping = true;
                    threads.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private CellEnd compute(Plan plan, Cell cell, Path folder, CellsProgress shown) {
        shown.begin(cell);
        int attempt = 1;
        while (true) {
            CellEnd end = engine.compute(plan, cell, folder, shown.of(cell));
            boolean again =
                    end.kind() == CellEnd.Kind.BUSY || end.kind() == CellEnd.Kind.CRASHED && attempt++ < ATTEMPTS;
            if (again && end.kind() == CellEnd.Kind.BUSY) {
                again = sleep();
            }
            if (!again || Thread.currentThread().isInterrupted()) {
                shown.end(cell, end);
                return end;
            }
        }
    }

    private boolean sleep() {
        try {
            Thread.sleep(busyMillis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Map<Cell, CellEnd> ended(Map<Cell, Future<CellEnd>> futures) {
        Map<Cell, CellEnd> ends = new LinkedHashMap<>();
        futures.forEach((cell, future) -> {
            if (future.isDone() && !future.isCancelled()) {
                ends.put(cell, get(future));
            }
        });
        return ends;
    }

    private static CellEnd get(Future<CellEnd> done) {
        try {
            return done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
        } catch (ExecutionException e) {
            return new CellEnd(CellEnd.Kind.FAILED, Quoted.fault(e.getCause()));
        }
    }
}
