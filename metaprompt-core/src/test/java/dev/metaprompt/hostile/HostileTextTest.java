package dev.metaprompt.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in a file, an error carries little of it away, and no reader waits for a device or a pipe. */
class HostileTextTest {
    /** Far more than any reader takes: one that waits for a pipe or reads a device to its end does so for ever. */
    private static final long MOST_MILLIS = 20_000;

    @TempDir
    Path folder;

    static Stream<Reader> readers() {
        return Readers.all().stream();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void quotesLittleOfAFile(Reader reader) throws Exception {
        List<String> faults = new ArrayList<>();
        int refused = 0;
        Path root = Files.createDirectories(folder.resolve("root"));
        reader.prepare().take(root);
        Path file = root.resolve(reader.file());
        for (byte[] content : reader.all()) {
            Files.deleteIfExists(file);
            Files.write(file, content);
            Optional<Throwable> thrown = outcome(reader, file);
            refused += thrown.isPresent() ? 1 : 0;
            thrown.map(HostileTextTest::fault).filter(fault -> !fault.isEmpty()).ifPresent(faults::add);
        }
        assertEquals(
                List.of(),
                faults.stream().distinct().limit(5).toList(),
                () -> reader.name() + ": " + faults.size() + " errors are wrong");
        assertTrue(
                refused > 0 || reader.contents().call().isEmpty(),
                reader.name() + ": nothing was refused, so nothing was tried");
    }

    @ParameterizedTest
    @MethodSource("readers")
    void refusesAFolder(Reader reader) throws Exception {
        requireQuick(reader, Files::createDirectory);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void refusesAPipe(Reader reader) throws Exception {
        requireQuick(reader, file -> {
            try {
                assumeTrue(new ProcessBuilder("mkfifo", file.toString()).start().waitFor() == 0, "no pipes here");
            } catch (IOException e) {
                assumeTrue(false, "no mkfifo here");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("readers")
    void refusesADevice(Reader reader) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/zero")), "no such device here");
        requireQuick(reader, file -> Files.createSymbolicLink(file, Path.of("/dev/zero")));
    }

    private void requireQuick(Reader reader, Reader.Step make) throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        reader.prepare().take(root);
        Path file = root.resolve(reader.file());
        Files.deleteIfExists(file);
        make.take(file);
        String fault = outcome(reader, file).map(HostileTextTest::fault).orElse("");
        Files.deleteIfExists(file);
        assertEquals("", fault, reader.name());
    }

    private static String fault(Throwable thrown) {
        if (thrown instanceof InvalidInputException) {
            return Hostile.fault(thrown.getMessage());
        }
        StackTraceElement[] trace = thrown.getStackTrace();
        return "is no bad input but " + thrown + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Reads in a thread that can be left behind. */
    private static Optional<Throwable> outcome(Reader reader, Path file) throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                reader.read().take(file);
            } catch (Throwable t) {
                thrown[0] = t;
            }
        });
        thread.setDaemon(true);
        thread.start();
        thread.join(MOST_MILLIS);
        if (thread.isAlive()) {
            return Optional.of(new IllegalStateException("still reading " + file.getFileName()));
        }
        return Optional.ofNullable(thrown[0]);
    }
}
