package dev.metaprompt.tracking;

import dev.metaprompt.io.ProcessLock;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.util.Optional;

/** The right to send a run to servers: one piece of work of a machine at a time has it, and loses it when it ends. */
final class TrackingLock implements AutoCloseable {
    private static final String FILE = "tracking.lock";

    private final ProcessLock lock;

    private TrackingLock(ProcessLock lock) {
        this.lock = lock;
    }

    /** Takes the lock if it is free. */
    static Optional<TrackingLock> take(RunDirectory run) throws IOException {
        return ProcessLock.tryTake(run.file(FILE)).map(TrackingLock::new);
    }

    @Override
    public void close() {
        lock.close();
    }
}
