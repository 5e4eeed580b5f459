package dev.metaprompt.experiment;

import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Computes cells in processes of their own, which are kept between cells: a fault of native code ends one cell, and the
 * engine is loaded once for many.
 */
public final class CellProcesses implements CellEngine {
    private final Supplier<CellLaunch> launches;
    private final Path directory;
    private final Setups setups;
    private final Deque<CellProcess> idle = new ArrayDeque<>();
    private final List<CellProcess> all = new ArrayList<>();
    private boolean closed;

    /** What a process is told once, for example how many threads it has: cells that need another have another. */
    @FunctionalInterface
    public interface Setups {
        /**
         * Returns the first line that a process is sent.
         *
         * @param plan the experiment
         * @param cell what it is to compute
         * @param folder the cell's run directory, perhaps of an earlier attempt
         * @return one line, without its end
         */
        String of(Plan plan, Cell cell, Path folder);
    }

    /**
     * Creates it; no process is started yet.
     *
     * @param command program and arguments of a process that speaks {@link CellRequest} and {@link CellEvent}
     * @param directory where it starts
     * @param setup the first line it is sent, without line end
     */
    public CellProcesses(List<String> command, Path directory, String setup) {
        this(() -> new CellLaunch(command, () -> {}), directory, (plan, cell, folder) -> setup);
    }

    /**
     * As above.
     *
     * @param launches asked once for each process; an {@link UncheckedIOException} of it fails the cell
     * @param directory where it starts
     * @param setups tells what a process must have been told that computes a cell
     */
    public CellProcesses(Supplier<CellLaunch> launches, Path directory, Setups setups) {
        this.launches = launches;
        this.directory = directory;
        this.setups = setups;
    }

    @Override
    public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
        CellProcess process;
        try {
            process = take(setups.of(plan, cell, folder));
        } catch (IOException e) {
            return new CellEnd(CellEnd.Kind.FAILED, "no process can be started: " + Quoted.fault(e));
        }
        CellRequest request = new CellRequest(
                plan.name(),
                plan.experimentId(),
                plan.options(),
                cell,
                folder.toAbsolutePath().toString());
        try {
            return process.compute(request, watcher);
        } finally {
            giveBack(process);
        }
    }

    private CellProcess take(String setup) throws IOException {
        List<CellProcess> unfit = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                throw new IOException("the work is being wound up");
            }
            all.removeIf(process -> !process.alive());
            idle.retainAll(all);
            for (CellProcess process : idle) {
                if (process.setup().equals(setup)) {
                    idle.remove(process);
                    return process;
                }
            }
            // It would hold its memory for nothing.
            Optional.ofNullable(idle.poll()).ifPresent(process -> {
                all.remove(process);
                unfit.add(process);
            });
        }
        unfit.forEach(CellProcess::close);
        CellProcess process = start(setup);
        synchronized (this) {
            if (!closed) {
                all.add(process);
                return process;
            }
        }
        process.close();
        throw new IOException("the work is being wound up");
    }

    private CellProcess start(String setup) throws IOException {
        try {
            return CellProcess.start(launches.get(), directory, setup);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private synchronized void giveBack(CellProcess process) {
        if (process.alive() && !closed) {
            idle.push(process);
        } else {
            all.remove(process);
        }
    }

    @Override
    public void close() {
        List<CellProcess> toClose;
        synchronized (this) {
            closed = true;
            toClose = List.copyOf(all);
            all.clear();
            idle.clear();
        }
        toClose.forEach(CellProcess::close);
    }
}
