package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.ProcessLock;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The right to produce one file or folder: the lock on a small hidden file beside it, which stays. */
final class Turn implements AutoCloseable {
    private final ProcessLock lock;

    private Turn(ProcessLock lock) {
        this.lock = lock;
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
        try {
            return new Turn(ProcessLock.take(file, poll, once(target, progress)));
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be locked (" + Words.fault(e)
                            + "). The folder must be writable and on a disk with file locks; see option cache.",
                    e);
        } catch (InterruptedException e) {
            throw Retries.interrupted(target.toString(), e);
        }
    }

    /** Speaks of waiting once. */
    private static Consumer<String> once(Path target, Progress progress) {
        boolean[] told = new boolean[1];
        return holder -> {
            if (!told[0]) {
                progress.phase(target + ": " + holder + " is fetching it, waiting for that");
                told[0] = true;
            }
        };
    }

    @Override
    public void close() {
        lock.close();
    }

    /** Makes a folder. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    Quoted.path(folder) + ": cannot be made (" + Words.fault(e)
                            + "). Choose another folder with option cache.",
                    e);
        }
    }
}
