package dev.metaprompt.fuzz;

import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.fetch.Archive;
import dev.metaprompt.fetch.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tar archives, plain and compressed. What they unpack must lie in one folder, and nothing after a refusal. */
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
            "a\u0000b");
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

    @Override
    List<byte[]> seeds() {
        return List.of(valid().plain(), valid().gzip());
    }

    /** Entries of any kind, with names that lead anywhere. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        Tars tars = new Tars();
        int entries = 1 + random.nextInt(5);
        for (int i = 0; i < entries; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size())) + (random.nextInt(2) == 0 ? "" : "/" + i);
            if (random.nextInt(6) == 0) {
                tars.longName(name);
            }
            char type = TYPES.charAt(random.nextInt(TYPES.length()));
            tars.entry(name, type, NAMES.get(random.nextInt(NAMES.size())), new byte[random.nextInt(700)]);
        }
        return Optional.of(random.nextInt(3) == 0 ? tars.gzip() : tars.plain());
    }

    @Override
    void read(Path file) throws IOException {
        Path target = file.resolveSibling("unpacked");
        boolean whole = false;
        try {
            new Archive(file, Archive.Limits.USUAL, Progress.SILENT).unpack(target, "");
            whole = true;
        } finally {
            if (!whole && Files.exists(target)) {
                throw new AssertionError("a refused archive left " + target);
            }
            delete(target);
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
