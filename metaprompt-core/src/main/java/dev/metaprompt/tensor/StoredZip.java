package dev.metaprompt.tensor;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The zip file of a checkpoint: one folder with {@code data.pkl} and one entry a storage, none of them compressed. An
 * entry can then be no larger than the file, and reading from its middle costs nothing.
 */
final class StoredZip implements AutoCloseable {
    /** The entry that says what the others mean. */
    static final String PICKLE = "data.pkl";

    private static final long LARGEST_SMALL = 16 << 20;
    private static final int MOST_ENTRIES = 200_000;
    /** Of the list of entries: 160 bytes for each of the most that are allowed, where PyTorch takes 100. */
    private static final long LONGEST_LIST = 32 << 20;

    private static final String ADVICE = ". Fetch the file again, or save the model's state_dict with torch.save.";
    private final Path file;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final long fileSize;

    private StoredZip(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.zip = zip;
        this.fileSize = Files.size(file);
        List<? extends ZipEntry> all = zip.stream().toList();
        String root = root(all);
        for (ZipEntry entry : all) {
            if (entry.getName().startsWith(root)
                    && entries.put(entry.getName().substring(root.length()), entry) != null) {
                throw bad("has two entries " + Quoted.of(entry.getName()));
            }
        }
    }

    static StoredZip open(Path file) {
        ZipFile zip = null;
        try {
            PlainFiles.readBehindLinks(file).close();
            checkEnd(file, ZipEnd.of(file));
            zip = new ZipFile(file.toFile());
            return new StoredZip(file, zip);
        } catch (IOException | IllegalArgumentException e) {
            close(zip);
            throw new InvalidInputException(file + " cannot be read as a zip file: " + Quoted.reason(e) + ADVICE, e);
        } catch (RuntimeException e) {
            close(zip);
            throw e;
        }
    }

    private static void checkEnd(Path file, ZipEnd end) {
        if (end.entries() > MOST_ENTRIES) {
            throw bad(file, "has " + end.entries() + " entries; at most " + MOST_ENTRIES + " are allowed");
        }
        if (end.bytes() > LONGEST_LIST) {
            throw bad(
                    file,
                    "has a list of entries of " + end.bytes() + " bytes; at most " + LONGEST_LIST + " are allowed");
        }
    }

    private String root(List<? extends ZipEntry> all) {
        List<String> pickles = all.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
                .toList();
        if (pickles.size() != 1) {
            throw bad("is a zip file with " + pickles.size() + " entries …/" + PICKLE
                    + "; one of torch.save or torch.jit.save has 1");
        }
        return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    }

    Path path() {
        return file;
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Returns how many bytes an entry has. */
    long size(String name) {
        ZipEntry entry = entries.get(name);
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw bad("has a compressed entry " + Quoted.of(name) + "; PyTorch compresses none");
        }
        if (entry.getSize() < 0 || entry.getSize() > fileSize) {
            throw bad("has an entry " + Quoted.of(name) + " of " + entry.getSize() + " bytes in a file of " + fileSize);
        }
        return entry.getSize();
    }

    /** Reads a small entry whole. */
    byte[] read(String name) throws IOException {
        long size = size(name);
        if (size > LARGEST_SMALL) {
            throw bad("has an entry " + Quoted.of(name) + " of " + size + " bytes; at most " + LARGEST_SMALL
                    + " are allowed");
        }
        try (InputStream in = stream(name)) {
            return in.readNBytes((int) size);
        }
    }

    InputStream stream(String name) throws IOException {
        return zip.getInputStream(entries.get(name));
    }

    private InvalidInputException bad(String what) {
        return bad(file, what);
    }

    private static InvalidInputException bad(Path file, String what) {
        return new InvalidInputException(file + " " + what + ADVICE);
    }

    private static void close(ZipFile zip) {
        try {
            if (zip != null) {
                zip.close();
            }
        } catch (IOException ignored) {
            // Reading is over; a failed close loses nothing.
        }
    }

    @Override
    public void close() {
        close(zip);
    }
}
