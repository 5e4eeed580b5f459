package dev.metaprompt.tracking;

import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to send a run to servers: one process of a machine at a time has it, and loses it when it ends. */
final class TrackingLock implements AutoCloseable {
    private static final String FILE = "tracking.lock";

    private final FileChannel channel;

    private TrackingLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock if it is free. */
    static Optional<TrackingLock> take(RunDirectory run) throws IOException {
        FileChannel channel = FileChannel.open(run.file(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new TrackingLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // held by this very process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
