package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PlainFilesTest {
    @TempDir
    Path folder;

    @Test
    void aLinkIsNeitherReadNorWritten() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s");
        Path link = Files.createSymbolicLink(folder.resolve("link"), secret);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
        assertTrue(PlainFiles.isThere(secret));
        assertFalse(PlainFiles.isThere(link));
        assertThrows(IOException.class, () -> PlainFiles.read(link));
        assertThrows(IOException.class, () -> PlainFiles.text(link, 10));
        for (Path path : new Path[] {link, dangling}) {
            assertThrows(
                    IOException.class,
                    () -> PlainFiles.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
        }
        assertEquals("s", Files.readString(secret));
        assertFalse(Files.exists(folder.resolve("none")));
        assertEquals("s", UserText.read(link, 1), "a person may name one");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDeviceOrPipeIsRefusedAtOnce() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path path : new Path[] {pipe, Path.of("/dev/zero"), folder}) {
            assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
                assertThrows(IOException.class, () -> PlainFiles.text(path, 100));
                assertThrows(IOException.class, () -> UserText.read(path, 100));
                assertThrows(IOException.class, () -> PlainFiles.open(path, StandardOpenOption.WRITE));
            });
        }
    }

    @Test
    void aTextHasALimitAndIsUtf8() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "Café");
        assertEquals("Café", PlainFiles.text(file, 5));
        assertThrows(IOException.class, () -> PlainFiles.text(file, 4));
        Files.write(file, new byte[] {(byte) 0xE9});
        assertThrows(IOException.class, () -> PlainFiles.text(file, 10));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theLimitHoldsForFilesOfTheKernelToo() {
        // Its size is said to be 0.
        assertThrows(IOException.class, () -> UserText.read(Path.of("/proc/self/maps"), 10));
    }
}
