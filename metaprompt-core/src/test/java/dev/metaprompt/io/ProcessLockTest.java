package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {
    @TempDir
    Path folder;

    @Test
    void oneHolderUnderAnyNameOfTheFolder() throws IOException {
        Path linked = Files.createSymbolicLink(folder.resolve("linked"), Files.createDirectory(folder.resolve("real")));
        try (ProcessLock lock = ProcessLock.tryTake(folder.resolve("real/l")).orElseThrow()) {
            assertTrue(ProcessLock.tryTake(folder.resolve("real/../real/l")).isEmpty());
            assertTrue(ProcessLock.tryTake(linked.resolve("l")).isEmpty());
            assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(folder.resolve("real/l")));
        }
        ProcessLock.tryTake(linked.resolve("l")).orElseThrow().close();
    }

    @Test
    void aLinkIsNotTruncated() throws IOException {
        Path thesis = Files.writeString(folder.resolve("thesis"), "years of work");
        Path link = Files.createSymbolicLink(folder.resolve("l"), thesis);
        assertThrows(IOException.class, () -> ProcessLock.tryTake(link));
        assertThrows(IOException.class, () -> ProcessLock.take(link, Duration.ofMillis(1), holder -> {}));
        assertEquals("years of work", Files.readString(thesis));
        Files.delete(link);
        ProcessLock.tryTake(link).orElseThrow().close();
    }

    @Test
    void whoWaitsIsToldAndGetsItInTheEnd() throws Exception {
        Path file = folder.resolve("l");
        ProcessLock first = ProcessLock.tryTake(file).orElseThrow();
        List<String> told = new CopyOnWriteArrayList<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            try (ProcessLock second = ProcessLock.take(file, Duration.ofMillis(5), holder -> {
                told.add(holder);
                waiting.countDown();
            })) {
                told.add("taken");
            } catch (IOException | InterruptedException e) {
                told.add(e.toString());
            }
        });
        other.start();
        waiting.await();
        assertFalse(told.contains("taken"));
        first.close();
        other.join();
        assertEquals("another part of this process", told.get(0));
        assertEquals("taken", told.get(told.size() - 1));
    }
}
