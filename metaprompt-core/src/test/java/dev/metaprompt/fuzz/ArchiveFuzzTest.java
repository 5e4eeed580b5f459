package dev.metaprompt.fuzz;

import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.fetch.Archive;
import dev.metaprompt.fetch.Tars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tar archives, plain and compressed. What they unpack must lie in one folder and within the limits, and nothing after a
 * refusal.
 */
class ArchiveFuzzTest extends FuzzTest {
    private static final List<String> NAMES = List.of(
            "a",
            "dtd/images/banded/banded_0001.jpg",
            "../a",
            "a/../../b",
            "/etc/a",
            "A",
            "c:\\a",
            "a/b",
            "./a",
            "",
            "ä",
            "dtd/..",
            "a\u0000b",
            "x/".repeat(31) + "x",
            "x/".repeat(40) + "x",
            "n".repeat(255),
            "n".repeat(256),
            "\ufdfa".repeat(20),
            "..." + "/.".repeat(20),
            "\u202ea\u2028b");
    private static final List<String> EXTENDED = List.of(
            "path",
            "linkpath",
            "size",
            "GNU.sparse.name",
            "GNU.sparse.major",
            "GNU.sparse.map",
            "GNU.sparse.realsize",
            "GNU.sparse.numblocks",
            "SCHILY.filetype",
            "mtime",
            "uid",
            "SCHILY.devmajor",
            "hdrcharset");
    private static final List<String> EXTENDED_VALUES = List.of(
            "", "0", "1", "512", "-1", "1e9", "9223372036854775807", "9".repeat(20), "0,1,2,3", "BINARY", "dir");
    private static final Archive.Limits LIMITS = new Archive.Limits(60, 100_000);
    private static final int DEEPEST = 32;
    private static final int LONGEST_PART = 255;
    private static final int BLOCK = 512;
    private static final int SUM = 148;
    private static final int MAGIC = 257;
    private static final String TARGET = "unpacked";
    private static final Set<String> BESIDE = Set.of("input.tar", TARGET, "." + TARGET + ".lock");
    private static final String TYPES = "0005512637xgLK";

    @Override
    String fileName() {
        return "input.tar";
    }

    /** Unpacking takes a folder and some files. */
    @Override
    double weight() {
        return 0.3;
    }

    private static Tars valid() {
        return new Tars().folder("dtd/").file("dtd/a.txt", "a").file("dtd/b/c.txt", "c".repeat(600));
    }

    private static Tars extended() {
        return new Tars()
                .entry("PaxHeader", 'g', "", "19 comment=abcdefg\n".getBytes(StandardCharsets.UTF_8))
                .entry("PaxHeader", 'x', "", "16 path=dtd/a/b\n11 size=12\n".getBytes(StandardCharsets.UTF_8))
                .file("a", "twelve bytes")
                .longName("dtd/" + "long/".repeat(30) + "c")
                .file("c", "c");
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                valid().plain(), extended().plain(), valid().gzip(), extended().gzip());
    }

    /** Entries of any kind, with names that lead anywhere. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        Tars tars = new Tars();
        int entries = 1 + random.nextInt(5);
        for (int i = 0; i < entries; i++) {
            String name = random.nextInt(8) == 0
                    ? deep(random)
                    : NAMES.get(random.nextInt(NAMES.size())) + (random.nextInt(2) == 0 ? "" : "/" + i);
            boolean fits = name.getBytes(StandardCharsets.UTF_8).length < 100;
            if (!fits || random.nextInt(6) == 0) {
                tars.longName(name);
            }
            if (random.nextInt(6) == 0) {
                extend(tars, random, name);
            }
            char type = TYPES.charAt(random.nextInt(TYPES.length()));
            String link = NAMES.get(random.nextInt(NAMES.size()));
            tars.entry(
                    fits ? name : "short",
                    type,
                    link.length() < 100 ? link : "..",
                    new byte[random.nextInt(random.nextInt(20) == 0 ? 70_000 : 700)]);
        }
        return Optional.of(random.nextInt(3) == 0 ? tars.gzip() : tars.plain());
    }

    /** A name that implies folders of its own. */
    private static String deep(RandomStream random) {
        String part = "/" + "d".repeat(1 + random.nextInt(30));
        return random.nextInt(1000) + part.repeat(random.nextInt(35));
    }

    /** A header in POSIX's extended format, which overrides what the next entry says. */
    private static void extend(Tars tars, RandomStream random, String name) {
        StringBuilder records = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String key = EXTENDED.get(random.nextInt(EXTENDED.size()));
            String value = random.nextInt(2) == 0 ? name : EXTENDED_VALUES.get(random.nextInt(EXTENDED_VALUES.size()));
            String record = " " + key + "=" + value + "\n";
            // Its length counts its own two digits.
            int length = record.getBytes(StandardCharsets.UTF_8).length + 2;
            records.append(random.nextInt(10) == 0 ? random.nextInt(1000) : length)
                    .append(record);
        }
        char type = random.nextInt(4) == 0 ? 'g' : 'x';
        tars.entry("PaxHeader", type, "", records.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Makes the headers' checksums right. */
    @Override
    byte[] mend(byte[] content, RandomStream random) {
        if (random.nextInt(4) == 0) {
            return content;
        }
        byte[] mended = content.clone();
        for (int at = 0; at + BLOCK <= mended.length; at += BLOCK) {
            if (new String(mended, at + MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
                Arrays.fill(mended, at + SUM, at + SUM + 8, (byte) ' ');
                int sum = 0;
                for (int i = at; i < at + BLOCK; i++) {
                    sum += mended[i] & 0xff;
                }
                byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, mended, at + SUM, digits.length);
            }
        }
        return mended;
    }

    @Override
    void read(Path file) throws IOException {
        Path target = file.resolveSibling(TARGET);
        boolean whole = false;
        try {
            new Archive(file, LIMITS, Progress.SILENT).unpack(target, "");
            whole = true;
        } finally {
            if (!whole && Files.exists(target)) {
                throw new AssertionError("a refused archive left " + target);
            }
            requireNothingOutside(file.getParent());
            delete(target);
        }
    }

    /** Holds that beside the archive stand at most the target and its lock, and that the target has no links. */
    private static void requireNothingOutside(Path root) throws IOException {
        try (Stream<Path> beside = Files.list(root)) {
            for (Path each : beside.toList()) {
                if (!BESIDE.contains(each.getFileName().toString())) {
                    throw new AssertionError("unpacking left " + each);
                }
            }
        }
        if (Files.exists(root.resolve(TARGET))) {
            try (Stream<Path> inside = Files.walk(root.resolve(TARGET))) {
                List<Path> all = inside.toList();
                requireLimits(root.resolve(TARGET), all);
                for (Path each : all) {
                    if (!Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                        throw new AssertionError("no plain file or folder: " + each);
                    }
                }
            }
        }
    }

    private static void requireLimits(Path target, List<Path> all) throws IOException {
        long bytes = 0;
        for (Path each : all) {
            bytes += Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) ? Files.size(each) : 0;
            if (target.relativize(each).getNameCount() > DEEPEST
                    || each.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw new AssertionError("too deep, or too long a name: " + each);
            }
        }
        if (all.size() - 1 > LIMITS.entries() || bytes > LIMITS.bytes()) {
            throw new AssertionError((all.size() - 1) + " files and folders of " + bytes + " bytes were made");
        }
    }

    private static void delete(Path target) throws IOException {
        if (Files.exists(target)) {
            try (Stream<Path> files = Files.walk(target)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
