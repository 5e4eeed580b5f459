package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    private static final String ADVICE =
            " What was written earlier is intact. Make room or permit writing there, then run again.";

    @TempDir
    private Path folder;

    /** Accepts some bytes, then behaves like a full disk. */
    private record FullDisk(int room) implements AtomicFiles.Disk {
        @Override
        public OutputStream open(Path file) throws IOException {
            OutputStream out = Files.newOutputStream(file);
            return new OutputStream() {
                private int left = room;

                @Override
                public void write(int b) throws IOException {
                    if (left-- <= 0) {
                        throw new IOException("No space left on device");
                    }
                    out.write(b);
                }

                @Override
                public void close() throws IOException {
                    out.close();
                }
            };
        }

        @Override
        public void force(Path path) {
            // the failure comes before
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void replacesTheWholeFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFiles.writeText(file, "a longer first content");
        AtomicFiles.writeText(file, "é\n");
        assertEquals("é\n", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aFullDiskLeavesTheEarlierFile() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFiles.writeText(file, "earlier");
        for (int room : new int[] {0, 1, 100_000}) {
            String message = assertThrows(
                            InvalidInputException.class,
                            () -> AtomicFiles.write(file, out -> out.write(new byte[200_000]), new FullDisk(room)))
                    .getMessage();
            assertEquals(file + ": cannot be written (No space left on device)." + ADVICE, message);
            assertEquals("earlier", Files.readString(file));
            assertEquals(List.of("a.txt"), names());
        }
    }

    @Test
    void aDiskThatFillsUpWhileForcingLeavesTheEarlierFile() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFiles.writeText(file, "earlier");
        AtomicFiles.Disk disk = new AtomicFiles.Disk() {
            @Override
            public OutputStream open(Path path) throws IOException {
                return Files.newOutputStream(path);
            }

            @Override
            public void force(Path path) throws IOException {
                throw new IOException("Input/output error");
            }
        };
        assertThrows(InvalidInputException.class, () -> AtomicFiles.write(file, out -> out.write(1), disk));
        assertEquals("earlier", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aTrulyFullDeviceIsNamedInOneLine() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
        Path file = folder.resolve("a.txt");
        AtomicFiles.writeText(file, "earlier");
        AtomicFiles.Disk full = new AtomicFiles.Disk() {
            @Override
            public OutputStream open(Path path) throws IOException {
                return new FileOutputStream("/dev/full");
            }

            @Override
            public void force(Path path) {
                // never reached
            }
        };
        String message = assertThrows(
                        InvalidInputException.class, () -> AtomicFiles.write(file, out -> out.write(1), full))
                .getMessage();
        assertEquals(file + ": cannot be written (No space left on device)." + ADVICE, message);
        assertEquals("earlier", Files.readString(file));
    }

    @Test
    void contentThatFailsLeavesTheEarlierFile() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFiles.writeText(file, "earlier");
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFiles.write(file, out -> {
                    out.write('x');
                    throw new IllegalStateException("bug");
                }));
        assertEquals("earlier", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("none").resolve("a.txt");
        String message = assertThrows(InvalidInputException.class, () -> AtomicFiles.writeText(file, "x"))
                .getMessage();
        assertTrue(message.startsWith(file + ": cannot be written ("), message);
        assertEquals(1, message.lines().count());
    }
}
