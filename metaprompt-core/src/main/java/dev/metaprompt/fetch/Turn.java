package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The right to produce one file or folder, held by one thread of one process at a time.
 *
 * <p>Between processes the system's lock on a small hidden file beside the target decides; it ends with its process,
 * so a process that died leaves nothing to clean up. The file itself stays: deleting it would let two processes hold
 * locks on two files of the same name. Inside a process these locks do not work (closing any channel on the file drops
 * them), so a name among the system properties decides first: those belong to the process, as the lock does, whatever
 * class loader asks.
 */
final class Turn implements AutoCloseable {
    /** Behind the holder's number, which others may so read while the lock is held, on Windows too. */
    private static final long LOCKED_BYTE = 1 << 20;

    private final String claim;
    private final FileChannel channel;

    private Turn(String claim, FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    /**
     * Waits for the turn.
     *
     * @param target what is to be produced; its folder exists
     * @param poll between two looks
     * @param progress told once if it must wait
     * @return the turn; to be closed
     * @throws InvalidInputException if the folder cannot be written or the wait is interrupted
     */
    static Turn take(Path target, Duration poll, Progress progress) {
        Path file = target.resolveSibling("." + target.getFileName() + ".lock");
        Waiting waiting = new Waiting(target, poll, progress);
        try {
            String claim = "metaprompt.turn." + realName(file);
            while (System.getProperties()
                            .putIfAbsent(claim, Thread.currentThread().getName())
                    != null) {
                waiting.once("another part of this process");
            }
            return lock(claim, file, waiting);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be locked (" + Words.fault(e)
                            + "). The folder must be writable and on a disk with file locks; see option cache.",
                    e);
        } catch (InterruptedException e) {
            throw Retries.interrupted(target.toString(), e);
        }
    }

    private static String realName(Path file) throws IOException {
        return file.toAbsolutePath()
                .getParent()
                .toRealPath()
                .resolve(file.getFileName())
                .toString();
    }

    private static Turn lock(String claim, Path file, Waiting waiting) throws IOException, InterruptedException {
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            while (!tryLock(channel)) {
                waiting.once("process " + holder(channel));
            }
            String number = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(number.getBytes(StandardCharsets.US_ASCII)), 0);
            held = true;
            return new Turn(claim, channel);
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

    /** Keeps the pace of waiting and speaks of it once. */
    private static final class Waiting {
        private final Path target;
        private final Duration poll;
        private final Progress progress;
        private boolean told;

        Waiting(Path target, Duration poll, Progress progress) {
            this.target = target;
            this.poll = poll;
            this.progress = progress;
        }

        /** Waits until the next look. */
        void once(String whom) throws InterruptedException {
            if (!told) {
                progress.phase(target + ": " + whom + " is fetching it, waiting for that");
                told = true;
            }
            Thread.sleep(poll.toMillis());
        }
    }

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

    /** Makes a folder. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    folder + ": cannot be made (" + Words.fault(e) + "). Choose another folder with option cache.", e);
        }
    }
}
