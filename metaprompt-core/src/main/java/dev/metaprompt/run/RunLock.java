package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.ProcessLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The right to write into a run directory; one piece of work at a time has it. */
public final class RunLock implements AutoCloseable {
    static final String FILE = ".lock";

    private final ProcessLock lock;

    private RunLock(ProcessLock lock) {
        this.lock = lock;
    }

    static RunLock take(RunDirectory run) {
        return tryTake(run)
                .orElseThrow(
                        () -> new InvalidInputException(
                                "run " + run.id()
                                        + " is being trained by another process. Wait for it to end, or train a new run without metaprompt.run."));
    }

    static Optional<RunLock> tryTake(RunDirectory run) {
        Path file = run.file(FILE);
        try {
            Optional<RunLock> lock = ProcessLock.tryTake(file).map(RunLock::new);
            try {
                lock.ifPresent(held -> run.requireNoLinks());
            } catch (RuntimeException e) {
                lock.ifPresent(RunLock::close);
                throw e;
            }
            return lock;
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /** Frees the run. */
    @Override
    public void close() {
        lock.close();
    }
}
