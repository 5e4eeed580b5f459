package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks {@code .tar}, {@code .tar.gz} and {@code .tgz} archives that nobody vouches for.
 *
 * <p>Only files and folders below the root come out; links, devices, absolute names, {@code ..}, names for another
 * system, names that collide, and names that are too long or too deep are refused by name, and with them the whole
 * archive. Nothing is made before it is held against the limits. Everything goes to a hidden sibling of the target first,
 * which then gets its name in one step.
 */
public final class Archive {
    private static final int BLOCK = 512;
    private static final Duration POLL = Duration.ofMillis(200);
    /** Old and new mark of a plain file, and one for systems that want it in one piece. */
    private static final Set<Byte> PLAIN = Set.of((byte) 0, (byte) '0', (byte) '7');

    /**
     * How much an archive may hold.
     *
     * @param entries files and folders, those counted that names only imply; also how many headers are read
     * @param bytes unpacked
     */
    public record Limits(long entries, long bytes) {
        /** More than any data set that fits in this program. */
        public static final Limits USUAL = new Limits(3_000_000, 1L << 40);
    }

    private final Path file;
    private final String name;
    private final Limits limits;
    private final Progress progress;

    /**
     * Names an archive.
     *
     * @param file its file; gzip is recognised by its first bytes
     * @param limits what it may hold
     * @param progress hears how many entries are unpacked
     */
    public Archive(Path file, Limits limits, Progress progress) {
        this.file = file;
        this.name = file.getFileName().toString();
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Unpacks the archive.
     *
     * @param target does not exist yet; its folder is made
     * @param top the one folder of the archive whose content becomes the target; empty for the archive's root
     * @return the target
     * @throws InvalidInputException if the target is there, the archive is broken, holds anything unsafe or too much,
     *     or there is no room; nothing is left of it then
     */
    public Path unpack(Path target, String top) {
        Path absolute = target.toAbsolutePath().normalize();
        Turn.makeFolder(absolute.getParent());
        try (Turn turn = Turn.take(absolute, POLL, progress)) {
            if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
                throw new InvalidInputException(
                        target + ": exists, so " + name + " is not unpacked there. Move or delete it first.");
            }
            // of a process that died; nobody else is here while we hold the turn
            Path fresh = absolute.resolveSibling("." + absolute.getFileName() + ".unpacking");
            delete(fresh);
            try {
                unpackTo(fresh);
                publish(fresh, top, absolute);
            } finally {
                delete(fresh);
            }
        }
        return target;
    }

    private void publish(Path fresh, String top, Path target) {
        Path content = top.isEmpty() ? fresh : fresh.resolve(top);
        if (!Files.isDirectory(content)) {
            throw new InvalidInputException(file + ": holds no folder '" + top + "'. It is not the archive expected.");
        }
        try {
            PartFile.move(content, target);
        } catch (IOException e) {
            throw noRoom(target, e);
        }
    }

    private void unpackTo(Path root) {
        EntryNames names = new EntryNames(limits.entries());
        Counter counter = new Counter();
        try (InputStream plain = open();
                HeaderGuard guard = new HeaderGuard(plain);
                TarArchiveInputStream tar = new TarArchiveInputStream(guard, StandardCharsets.UTF_8.name())) {
            Turn.makeFolder(root);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                counter.entry();
                guard.content();
                unpackEntry(root, names, tar, entry, counter);
                guard.header();
            }
            counter.end();
            checkEnd(plain, counter);
        } catch (EntryNames.Refused e) {
            throw new InvalidInputException(
                    file + ": is not unpacked because " + e.getMessage() + ". Get the archive from its publisher.", e);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    file + ": is no whole tar archive (" + Quoted.reason(e)
                            + "). Delete it and run again, or fetch it from its publisher.",
                    e);
        }
    }

    private InputStream open() throws IOException {
        BufferedInputStream in = new BufferedInputStream(PlainFiles.readBehindLinks(file), 1 << 16);
        try {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return gzip ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private void unpackEntry(
            Path root, EntryNames names, TarArchiveInputStream tar, TarArchiveEntry entry, Counter counter)
            throws IOException, EntryNames.Refused {
        boolean folder = entry.isDirectory();
        if (!folder && (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse())) {
            throw new EntryNames.Refused(entry.getName(), "is no plain file or folder but " + kind(entry));
        }
        counter.room(entry.getSize());
        List<String> segments = names.take(entry.getName(), folder);
        Path place = EntryNames.place(root, entry.getName(), segments);
        if (folder) {
            Turn.makeFolder(place);
            return;
        }
        if (segments.isEmpty()) {
            throw new EntryNames.Refused(entry.getName(), "is a file without a name");
        }
        Turn.makeFolder(place.getParent());
        copy(tar, place, counter);
    }

    private static String kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return "a link";
        }
        return entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()
                ? "a device"
                : "of kind '" + (char) entry.getLinkFlag() + "'";
    }

    private void copy(InputStream tar, Path place, Counter counter) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                counter.bytes(n);
                try {
                    out.write(buffer, 0, n);
                } catch (IOException e) {
                    throw noRoom(place, e);
                }
            }
        }
    }

    /** Reads what is behind the entries, so that gzip compares its check sum; a plain archive must end in zeros. */
    private void checkEnd(InputStream plain, Counter counter) throws IOException {
        if (!(plain instanceof GZIPInputStream)) {
            try (RandomAccessFile tail = new RandomAccessFile(file.toFile(), "r")) {
                byte[] last = new byte[BLOCK];
                tail.seek(Math.max(0, tail.length() - BLOCK));
                tail.readFully(last);
                for (byte b : last) {
                    if (b != 0) {
                        throw new IOException("its end is missing");
                    }
                }
            }
            return;
        }
        byte[] buffer = new byte[1 << 16];
        for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
            counter.bytes(n);
        }
    }

    /** Holds the archive to the limits. */
    private final class Counter {
        private long entries;
        private long bytes;

        void entry() {
            entries++;
            if (entries > limits.entries()) {
                throw tooMuch("more than " + limits.entries() + " entries");
            }
            if (entries % 100 == 0) {
                progress.update("entries of " + name + " unpacked", entries, entries, Words.bytes(bytes));
            }
        }

        void bytes(int more) {
            room(more);
            bytes += more;
        }

        /** Holds what follows to the limit before any of it is written. */
        void room(long more) {
            if (more > limits.bytes() - bytes) {
                throw tooMuch("more than " + Words.bytes(limits.bytes()));
            }
        }

        void end() throws IOException {
            if (entries == 0) {
                throw new IOException("it has no entries");
            }
        }

        private InvalidInputException tooMuch(String what) {
            return new InvalidInputException(
                    file + ": holds " + what + " and is not unpacked. Get the archive from its publisher.");
        }
    }

    private InvalidInputException noRoom(Path place, IOException e) {
        return new InvalidInputException(
                Quoted.path(place) + ": cannot be written while unpacking " + name + " (" + Words.fault(e)
                        + "). Make room or choose another folder with option cache.",
                e);
    }

    /** Deletes a folder with all it holds, following no link. */
    private static void delete(Path folder) {
        try {
            PlainFiles.delete(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    folder + ": cannot be deleted (" + Quoted.reason(e) + "). Delete it by hand.", e);
        }
    }
}
