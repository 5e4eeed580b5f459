package dev.metaprompt.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A lock on a file, held by one thread of one process at a time.
 *
 * <p>Between processes the system's lock decides; it ends with its process, so a process that died leaves nothing to
 * clean up. The file itself stays: deleting it would let two processes hold locks on two files of the same name. Inside
 * a process these locks do not work, since closing any channel on the file drops them (POSIX). So a name among the
 * system properties decides first, before the file is opened: those belong to the process, as the lock does, whatever
 * class loader asks.
 */
public final class ProcessLock implements AutoCloseable {
    /** Behind the holder's number, which others may so read while the lock is held, on Windows too. */
    private static final long LOCKED_BYTE = 1 << 20;

    private final String claim;
    private final FileChannel channel;

    private ProcessLock(String claim, FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    /**
     * Takes the lock if it is free.
     *
     * @param file made if missing; its folder exists
     * @return the lock, to be closed; nothing if it is held, by this process or another
     * @throws IOException if the file cannot be written, or is a link or otherwise no regular file
     */
    public static Optional<ProcessLock> tryTake(Path file) throws IOException {
        String claim = claim(file);
        if (!claimed(claim)) {
            return Optional.empty();
        }
        return locked(claim, file, holder -> false);
    }

    /**
     * Waits for the lock.
     *
     * @param file made if missing; its folder exists
     * @param poll between two looks
     * @param waiting told at each look who holds it, for example {@code process 4711}
     * @return the lock, to be closed
     * @throws IOException if the file cannot be written, or is a link or otherwise no regular file
     * @throws InterruptedException if the wait is interrupted
     */
    public static ProcessLock take(Path file, Duration poll, Consumer<String> waiting)
            throws IOException, InterruptedException {
        String claim = claim(file);
        while (!claimed(claim)) {
            waiting.accept("another part of this process");
            Thread.sleep(poll.toMillis());
        }
        try {
            return locked(claim, file, holder -> {
                        waiting.accept(holder);
                        sleep(poll);
                        return true;
                    })
                    .orElseThrow();
        } catch (Interrupted e) {
            throw (InterruptedException) e.getCause();
        }
    }

    /** Asked when another process holds the lock: whether to look again. */
    private interface Again {
        boolean after(String holder);
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException cause) {
            super(cause);
        }
    }

    private static void sleep(Duration poll) {
        try {
            Thread.sleep(poll.toMillis());
        } catch (InterruptedException e) {
            throw new Interrupted(e);
        }
    }

    private static String claim(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent().toRealPath();
        return "metaprompt.lock." + folder.resolve(file.getFileName());
    }

    private static boolean claimed(String claim) {
        return System.getProperties().putIfAbsent(claim, Thread.currentThread().getName()) == null;
    }

    private static Optional<ProcessLock> locked(String claim, Path file, Again again) throws IOException {
        FileChannel channel = null;
        boolean held = false;
        try {
            channel =
                    PlainFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            while (!tryLock(channel)) {
                if (!again.after("process " + holder(channel))) {
                    return Optional.empty();
                }
            }
            String number = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(number.getBytes(StandardCharsets.US_ASCII)), 0);
            held = true;
            return Optional.of(new ProcessLock(claim, channel));
        } finally {
            if (!held) {
                if (channel != null) {
                    channel.close();
                }
                System.getProperties().remove(claim);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(20);
        int n = channel.read(number, 0);
        String text = new String(number.array(), 0, Math.max(n, 0), StandardCharsets.US_ASCII).strip();
        return text.matches("\\d+") ? text : "of unknown number";
    }

    /** Frees the lock. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the lock goes with the channel, at the latest with the process
        } finally {
            System.getProperties().remove(claim);
        }
    }
}
