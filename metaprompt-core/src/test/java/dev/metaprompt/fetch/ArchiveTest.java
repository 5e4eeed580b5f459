package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, good and hostile. */
class ArchiveTest {
    private static final Archive.Limits LIMITS = new Archive.Limits(50, 100_000);

    @TempDir
    Path folder;

    private Path file;
    private Path target;

    @BeforeEach
    void names() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("outside"), "untouched");
        file = folder.resolve("in").resolve("a.tar.gz");
        target = folder.resolve("in").resolve("out");
    }

    private Path unpack(String top) {
        return new Archive(file, LIMITS, Progress.SILENT).unpack(target, top);
    }

    private String refused(Tars tars) throws IOException {
        tars.gzip(file);
        return refused();
    }

    /** Nothing came out and nothing is left. */
    private String refused() throws IOException {
        String message = fails(() -> unpack(""));
        assertTrue(message.startsWith(file + ": "), message);
        assertNothingLeft();
        return message;
    }

    private void assertNothingLeft() throws IOException {
        assertEquals("untouched", Files.readString(folder.resolve("outside")));
        try (Stream<Path> all = Files.walk(folder)) {
            assertEquals(
                    List.of("", "in", "in/.out.lock", "in/a.tar.gz", "outside"),
                    all.map(path -> folder.relativize(path).toString().replace('\\', '/'))
                            .sorted()
                            .toList());
        }
    }

    private static Tars good() {
        return new Tars().folder("dtd/").file("./dtd/a.txt", "alpha").file("dtd/sub//b.txt", "beta");
    }

    @Test
    void unpacksFilesAndFolders() throws IOException {
        good().folder("dtd/empty/").gzip(file);
        assertEquals(target, unpack(""));
        assertEquals("alpha", Files.readString(target.resolve("dtd/a.txt")));
        assertEquals("beta", Files.readString(target.resolve("dtd/sub/b.txt")));
        assertTrue(Files.isDirectory(target.resolve("dtd/empty")));
    }

    @Test
    void leavesTheTopFolderOut() throws IOException {
        Files.write(file, good().plain());
        unpack("dtd");
        assertEquals("alpha", Files.readString(target.resolve("a.txt")));
        Files.delete(target.resolve("a.txt"));
        assertTrue(fails(() -> unpack("dtd")).contains("exists"));
    }

    @Test
    void tellsThatTheTopFolderIsNotThere() throws IOException {
        good().gzip(file);
        assertTrue(fails(() -> unpack("imagenet")).contains("holds no folder 'imagenet'"));
        assertNothingLeft();
    }

    @Test
    void unpacksLongNames() throws IOException {
        String name = "d/" + "x".repeat(200);
        new Tars().longName(name).file("short", "long").gzip(file);
        unpack("");
        assertEquals("long", Files.readString(target.resolve(name)));
    }

    @Test
    void clearsWhatADeadProcessLeft() throws IOException {
        Path left = target.resolveSibling(".out.unpacking");
        Files.createDirectories(left.resolve("dtd"));
        Files.writeString(left.resolve("dtd/half"), "x");
        good().gzip(file);
        unpack("");
        assertFalse(Files.exists(left));
        assertFalse(Files.exists(target.resolve("dtd/half")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "a/../../outside",
                "a/..",
                "/etc/x",
                "//x",
                "C:/x",
                "c:x",
                "a\\b",
                "..\\outside",
                "a:b",
                "a\tb"
            })
    void refusesNamesThatLeaveTheRoot(String name) throws IOException {
        String message = refused(good().file(name, "evil"));
        assertTrue(message.contains("the entry '" + name.replace('\t', '?') + "'"), message);
        // the reader itself makes absolute names of this form relative, so they cannot be told from harmless ones
        if (!name.startsWith("/")) {
            refused(good().longName(name).file("innocent", "evil"));
            refused(good().longName(name).folder("innocent/"));
        }
    }

    @Test
    void absoluteLongNamesLandBelowTheRoot() throws IOException {
        good().longName(folder.resolve("outside").toString())
                .file("innocent", "evil")
                .gzip(file);
        unpack("");
        deleteTarget();
        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"1, a link", "2, a link", "3, a device", "4, a device", "6, a device", "S, of kind", "Z, of kind"})
    void refusesAllButFilesAndFolders(char type, String kind) throws IOException {
        String message = refused(good().entry("dtd/x", type, "../../outside", new byte[0]));
        // GNU's sparse files ('S') have a header of their own that is broken here
        assertTrue(type == 'S' || message.contains("'dtd/x' is no plain file or folder but " + kind), message);
    }

    @Test
    void doesNotWriteThroughALink() throws IOException {
        refused(new Tars().entry("d", '2', "..", new byte[0]).file("d/outside", "evil"));
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt, A.TXT",
        "a.txt, a.txt",
        "a.txt, a.txt.",
        "dir/a, DIR/b",
        "dir/a, 'dir /b'",
        "straße, STRASSE",
        "\u00e9, e\u0301",
        "a, a/b",
        "a/b, a"
    })
    void refusesNamesThatCollide(String first, String second) throws IOException {
        String message = refused(new Tars().file(first, "1").file(second, "2"));
        assertTrue(message.contains("'" + second + "' collides with '"), message);
    }

    @Test
    void refusesTooManyEntries() throws IOException {
        Tars tars = new Tars();
        for (int i = 0; i < 51; i++) {
            tars.file("f" + i, "");
        }
        assertTrue(refused(tars).contains("more than 50 entries"));
    }

    @Test
    void countsFoldersThatNamesImply() throws IOException {
        Tars tars = new Tars();
        for (int i = 0; i < 3; i++) {
            tars.file(i + "/x".repeat(19), "");
        }
        String message = refused(tars);
        assertTrue(message.contains("the entry '2/x/x"), message);
        assertTrue(message.contains("make more than 50 files and folders"), message);
    }

    @Test
    void countsAFolderOnceHoweverOftenItIsNamed() throws IOException {
        Tars tars = new Tars();
        for (int i = 0; i < 20; i++) {
            tars.folder("a/b/").file("a/b/c/d/" + i, "");
        }
        tars.gzip(file);
        unpack("");
        assertTrue(Files.exists(target.resolve("a/b/c/d/19")));
    }

    @ParameterizedTest
    @CsvSource({"32, true", "33, false", "512, false"})
    void refusesNamesThatAreTooDeep(int depth, boolean allowed) throws IOException {
        Tars tars = new Tars().longName("x/".repeat(depth - 1) + "x").file("short", "");
        if (allowed) {
            tars.gzip(file);
            unpack("");
            assertTrue(Files.exists(target.resolve("x/".repeat(depth - 1) + "x")));
        } else {
            String message = refused(tars);
            assertTrue(message.contains("lies " + depth + " levels deep; at most 32 are allowed"), message);
        }
    }

    /** The last one stands for many more characters where file systems take names of one meaning for the same. */
    @ParameterizedTest
    @CsvSource({"x, 255, true", "x, 256, false", "é, 127, true", "é, 128, false", "\ufdfa, 80, false"})
    void refusesPartsThatAreTooLong(String character, int times, boolean allowed) throws IOException {
        String name = "d/" + character.repeat(times);
        Tars tars = new Tars().longName(name).file("short", "");
        if (allowed) {
            tars.gzip(file);
            unpack("");
            assertTrue(Files.exists(target.resolve(name)));
        } else {
            String message = refused(tars);
            assertTrue(message.contains("bytes in its name; at most 255 are allowed"), message);
        }
    }

    @Test
    void quotesLittleOfANameAndNoneOfItsInvisibleCharacters() throws IOException {
        String message =
                refused(new Tars().longName("../\u202e\u2028" + "y".repeat(500)).file("short", ""));
        assertTrue(message.contains("'../??yyy"), message);
        assertFalse(message.contains("y".repeat(80)), message);
    }

    /** A link of a stranger's in the place of what a dead process left is deleted, not followed. */
    @Test
    void followsNoLinkInThePlaceOfItsOwnFolders() throws IOException {
        Path precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("kept"), "kept");
        for (Path to : List.of(precious, folder.resolve("nowhere"))) {
            Files.createSymbolicLink(target.resolveSibling(".out.unpacking"), to);
            good().gzip(file);
            unpack("");
            assertEquals("alpha", Files.readString(target.resolve("dtd/a.txt")));
            deleteTarget();
        }
        assertEquals("kept", Files.readString(precious.resolve("kept")));
        Files.createSymbolicLink(target, folder.resolve("nowhere"));
        assertTrue(fails(() -> unpack("")).contains("exists"));
        assertFalse(Files.exists(folder.resolve("nowhere")));
    }

    @Test
    void refusesTooManyBytes() throws IOException {
        String message = refused(good().entry("big", '0', "", new byte[200_000]));
        assertTrue(message.contains("more than 100 kB"), message);
        assertTrue(Files.size(file) < 2000, "a small archive");
    }

    @Test
    void refusesABombBehindTheEnd() throws IOException {
        Tars tars = good();
        byte[] plain = tars.plain();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
            gzip.write(plain);
            gzip.write(new byte[200_000]);
        }
        assertTrue(refused().contains("more than 100 kB"));
    }

    @Test
    void refusesANameThatFillsTheMemory() throws IOException {
        String message = refused(good().longName("x".repeat(3_000_000)).file("short", ""));
        assertTrue(message.contains("a header of more than"), message);
    }

    @Test
    void everyTruncationIsTold() throws IOException {
        byte[] gzip = good().gzip();
        for (int length = 0; length < gzip.length; length++) {
            Files.write(file, Arrays.copyOf(gzip, length));
            refused();
        }
        byte[] plain = good().plain();
        for (int length = 0; length < plain.length - 1024; length += 64) {
            Files.write(file, Arrays.copyOf(plain, length));
            refused();
        }
    }

    @Test
    void aWrongCheckSumIsTold() throws IOException {
        byte[] gzip = good().gzip();
        gzip[gzip.length - 8] ^= 1;
        Files.write(file, gzip);
        assertTrue(refused().contains("is no whole tar archive"));
    }

    /** Whatever the bytes: files below the root or a message, nothing else. */
    @Test
    void garbageDoesNoHarm() throws IOException {
        Random random = new Random(7);
        byte[] seed = good().longName("n".repeat(150)).file("x", "y").plain();
        for (int i = 0; i < 200; i++) {
            byte[] bytes = seed.clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                unpack("");
                deleteTarget();
            } catch (InvalidInputException e) {
                assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
            assertNothingLeft();
        }
    }

    private void deleteTarget() throws IOException {
        try (Stream<Path> paths = Files.walk(target)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
