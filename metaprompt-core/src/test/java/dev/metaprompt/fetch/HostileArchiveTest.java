package dev.metaprompt.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small archives that ask for much: a JVM of little heap unpacks them and counts what is made on the way. */
class HostileArchiveTest {
    private static final int ENTRIES = 10_000;
    private static final String HEAP = "-Xmx40m";

    @TempDir
    Path folder;

    private String unpack(Tars tars) throws IOException, InterruptedException {
        Path file = tars.gzip(folder.resolve("hostile.tar.gz"));
        Process process = TestJvm.of(
                        HostileArchiveTest.class,
                        List.of(HEAP, "-Xshare:auto", "-XX:TieredStopAtLevel=1"),
                        file.toString(),
                        folder.resolve("out").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertFalse(Files.exists(folder.resolve(".out.unpacking")), "something is left");
        return output;
    }

    /** Each name implies thirty folders of its own: 310,000 in all. */
    @Test
    void namesThatImplyFoldersMakeNoMoreThanIsAllowed() throws Exception {
        String part = "/" + "n".repeat(25);
        Tars tars = new Tars();
        for (int i = 0; i < ENTRIES; i++) {
            tars.longName(String.format("%05d", i) + part.repeat(30)).file("short", "");
        }
        String output = unpack(tars);
        assertTrue(output.contains("make more than 10000 files and folders"), output);
    }

    /** As deep as a name's length allows: 5.1 million folders. */
    @Test
    void namesOfManyPartsMakeNothing() throws Exception {
        Tars tars = new Tars();
        for (int i = 0; i < ENTRIES; i++) {
            tars.longName(String.format("%05d", i) + "/n".repeat(509)).file("short", "");
        }
        String output = unpack(tars);
        assertTrue(output.contains("lies 510 levels deep"), output);
        assertTrue(output.contains("made 0 "), output);
    }

    /** What is within the limits needs little memory, too. */
    @Test
    void longNamesWithinTheLimitsFitIntoLittleMemory() throws Exception {
        Tars tars = new Tars();
        for (int i = 0; i < ENTRIES - 1; i++) {
            tars.longName("d/" + String.format("%05d", i) + "n".repeat(250)).file("short", "");
        }
        assertTrue(unpack(tars).contains("unpacked"));
    }

    public static void main(String[] arguments) {
        Path target = Path.of(arguments[1]);
        Count count = new Count(target.resolveSibling("." + target.getFileName() + ".unpacking"));
        try {
            new Archive(Path.of(arguments[0]), new Archive.Limits(ENTRIES, 1L << 33), count).unpack(target, "");
            System.out.println("unpacked");
        } catch (InvalidInputException e) {
            System.out.println(e.getMessage());
        }
        System.out.println("made " + count.made + " files and folders");
    }

    /** Counts the files and folders that stand there each time that it hears of a hundred entries more. */
    private static final class Count implements Progress {
        private final Path folder;
        private long made;

        Count(Path folder) {
            this.folder = folder;
        }

        @Override
        public void phase(String text) {}

        @Override
        public void update(String what, long done, long total, String detail) {
            try (Stream<Path> paths = Files.walk(folder)) {
                made = paths.count() - 1;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            if (made > ENTRIES) {
                throw new IllegalStateException("made " + made + " files and folders");
            }
        }
    }
}
