package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.CALM;
import static dev.metaprompt.fetch.Fetching.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and a killed one: what is there is used, what is wanted twice is fetched once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadProcessTest {
    private static final byte[] FILE = bytes(1_000_000);
    private static final int HALF = 500_000;

    @TempDir
    Path folder;

    @Test
    void goesOnAfterAKill() throws Exception {
        Path target = folder.resolve("f");
        Path part = folder.resolve("f.part");
        AtomicBoolean slow = new AtomicBoolean(true);
        try (TestServer server = new TestServer((seen, wire) -> {
            if (slow.get()) {
                wire.head(200, "Content-Length: " + FILE.length, "ETag: \"a\"");
                wire.bytes(FILE, 0, HALF);
                wire.hang();
            }
            wire.file(seen, FILE, "\"a\"");
        })) {
            try (FetchProcess first = FetchProcess.start(server.uri("/f"), target)) {
                while (!Files.exists(part) || Files.size(part) < HALF) {
                    Thread.sleep(10);
                }
                first.kill();
            }
            assertTrue(Files.exists(folder.resolve(".f.lock")), "the dead process leaves its lock file");
            slow.set(false);
            try (FetchProcess second = FetchProcess.start(server.uri("/f"), target)) {
                assertNotNull(second.lineWith("goes on at 500 kB"));
                assertNotNull(second.lineWith("done"));
            }
            assertArrayEquals(FILE, Files.readAllBytes(target));
            assertEquals("bytes=" + HALF + "-", server.seen.get(1).header("Range"));
            assertEquals("\"a\"", server.seen.get(1).header("If-Range"));
            assertEquals(2, server.seen.size());
            assertEquals(FILE.length, server.served.get(), "no byte came twice");
        }
    }

    @Test
    void twoProcessesFetchOnce() throws Exception {
        Path target = folder.resolve("f");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        try (TestServer server = new TestServer((seen, wire) -> {
            asked.countDown();
            waits.await(50, TimeUnit.SECONDS);
            wire.file(seen, FILE, "\"a\"");
        })) {
            try (FetchProcess first = FetchProcess.start(server.uri("/f"), target)) {
                assertTrue(asked.await(50, TimeUnit.SECONDS));
                try (FetchProcess second = FetchProcess.start(server.uri("/f"), target)) {
                    String line = second.lineWith("waiting");
                    assertNotNull(line);
                    assertTrue(line.contains("process " + first.pid() + " is fetching it"), line);
                    waits.countDown();
                    assertNotNull(second.lineWith("done"));
                }
                assertNotNull(first.lineWith("done"));
            }
            assertEquals(1, server.seen.size());
            assertArrayEquals(FILE, Files.readAllBytes(target));
        }
    }

    @Test
    void threadsOfOneProcessFetchOnce() throws Exception {
        Path target = folder.resolve("f");
        Heard heard = new Heard();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (TestServer server = new TestServer((seen, wire) -> {
            while (heard.phases.size() < 2) {
                Thread.sleep(10);
            }
            wire.file(seen, FILE, "\"a\"");
        })) {
            RemoteFile file = RemoteFile.of(server.uri("/f"));
            Future<Path> one = threads.submit(() -> new Download(CALM).fetch(file, target, heard));
            Future<Path> two = threads.submit(() -> new Download(CALM).fetch(file, target, heard));
            Path roundabout = folder.resolve(".").resolve("f");
            Future<Path> three = threads.submit(() -> new Download(CALM).fetch(file, roundabout, heard));
            one.get();
            two.get();
            three.get();
            assertEquals(1, server.seen.size());
            assertEquals(2, heard.phases.size(), heard.phases.toString());
            assertTrue(heard.told("another part of this process is fetching it"), heard.phases.toString());
        } finally {
            threads.shutdownNow();
        }
    }
}
