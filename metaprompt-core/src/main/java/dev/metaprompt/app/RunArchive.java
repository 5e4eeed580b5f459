package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A run directory as one archive, taken while a process may go on writing to it.
 *
 * <p>Record and checkpoint are copied first, each a file that is replaced in one step; everything else only grows, and
 * stands on the disk before the checkpoint that counts on it. So the lines here are those of the checkpoint or more, as
 * after a kill, and going on cuts them back. Of a run that goes on, then, nothing needs to be locked.
 */
final class RunArchive {
    /** What belongs to a machine, or says who is on what server. */
    private static final Set<String> LEFT_OUT = Set.of("tracking.json", "tracking.lock");

    private static final Set<String> FIRST = Set.of(RunDirectory.RECORD, RunDirectory.CHECKPOINT);
    private static final String STATE = "state.safetensors";

    private RunArchive() {}

    /**
     * How far a run has come.
     *
     * @param step the last step of the checkpoint; −1 without one
     * @param finished whether the run is finished and nobody writes to it
     */
    record Position(long step, boolean finished) {
        static final Position NOWHERE = new Position(-1, false);
    }

    /** Tells how far a run has come; a folder without a record has come nowhere. */
    static Position position(Path folder) {
        RunDirectory run = existing(folder);
        return run == null ? Position.NOWHERE : new Position(step(folder.resolve(RunDirectory.CHECKPOINT)), done(run));
    }

    private static RunDirectory existing(Path folder) {
        return PlainFiles.isThere(folder.resolve(RunDirectory.RECORD)) ? RunDirectory.open(folder) : null;
    }

    /** The record says so a little earlier: its report and its ledger are written while the lock is still held. */
    private static boolean done(RunDirectory run) {
        if (run.readRecord().status() != RunStatus.FINISHED) {
            return false;
        }
        try (RunLock lock = run.tryLock().orElse(null)) {
            return lock != null;
        }
    }

    private static long step(Path checkpoint) {
        Path state = checkpoint.resolve(STATE);
        if (!PlainFiles.isThere(state)) {
            return -1;
        }
        try (Safetensors tensors = Safetensors.open(state)) {
            return Long.parseLong(tensors.metadata().getOrDefault("step", ""));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    state + ": says of no step where the run stands. It is damaged; delete it to compute the run anew.",
                    e);
        }
    }

    /**
     * Packs a run.
     *
     * @param folder its directory
     * @param work an empty folder for copies
     * @param archive the file to write
     * @return how far the archive has come; nothing, and no archive, if it would bring nobody further than the start
     */
    static Optional<Position> pack(Path folder, Path work, Path archive) {
        RunDirectory run = existing(folder);
        if (run == null) {
            return Optional.empty();
        }
        try {
            boolean finished = done(run);
            copy(folder.resolve(RunDirectory.RECORD), work.resolve(RunDirectory.RECORD));
            Path checkpoint = folder.resolve(RunDirectory.CHECKPOINT);
            Path copied = Files.createDirectories(work.resolve(RunDirectory.CHECKPOINT));
            if (Files.isDirectory(checkpoint)) {
                for (Path file : files(checkpoint)) {
                    copy(file, copied.resolve(file.getFileName()));
                }
            }
            Position position = new Position(step(copied), finished);
            if (position.equals(Position.NOWHERE)) {
                return Optional.empty();
            }
            write(folder, work, archive);
            return Optional.of(position);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be packed: " + Quoted.reason(e), e);
        }
    }

    /** Through one handle, since the name may lead to another file meanwhile. */
    private static void copy(Path from, Path to) throws IOException {
        try (InputStream in = PlainFiles.read(from)) {
            Files.copy(in, to);
        }
    }

    private static void write(Path folder, Path work, Path archive) throws IOException {
        try (OutputStream out = Files.newOutputStream(archive, StandardOpenOption.CREATE_NEW);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out, 1 << 16), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path file : files(work)) {
                add(tar, work, file);
            }
            for (Path file : files(folder)) {
                if (!FIRST.contains(folder.relativize(file).getName(0).toString())) {
                    add(tar, folder, file);
                }
            }
        }
    }

    /** The plain files below a folder, without locks, temporary files and those of this machine. */
    private static List<Path> files(Path folder) throws IOException {
        return PlainFiles.below(folder).stream()
                .filter(PlainFiles::isThere)
                .filter(file -> !file.getFileName().toString().startsWith("."))
                .filter(file -> !LEFT_OUT.contains(file.getFileName().toString()))
                .sorted()
                .toList();
    }

    /** Adds a file as long as it is now: it may grow on meanwhile. */
    private static void add(TarArchiveOutputStream tar, Path root, Path file) throws IOException {
        try (FileChannel channel = PlainFiles.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            TarArchiveEntry entry =
                    new TarArchiveEntry(root.relativize(file).toString().replace('\\', '/'));
            entry.setSize(size);
            tar.putArchiveEntry(entry);
            InputStream in = Channels.newInputStream(channel);
            byte[] buffer = new byte[1 << 16];
            long left = size;
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new IOException(file + " became shorter while it was read");
                }
                tar.write(buffer, 0, n);
                left -= n;
            }
            tar.closeArchiveEntry();
        } catch (NoSuchFileException e) {
            // Deleted since it was listed; nothing that is needed is.
        }
    }
}
