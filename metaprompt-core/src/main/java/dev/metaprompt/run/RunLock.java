package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to write into a run directory; one process at a time has it. */
public final class RunLock implements AutoCloseable {
    /** Empty; it stays behind, since deleting a lock file would let two processes lock two files of one name. */
    static final String FILE = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
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
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return Optional.of(new RunLock(channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /** Returns whether the lock was free; the JVM throws where it holds the lock itself. */
    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Frees the run. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InvalidInputException("the lock of a run cannot be freed: " + e.getMessage() + ".", e);
        }
    }
}
