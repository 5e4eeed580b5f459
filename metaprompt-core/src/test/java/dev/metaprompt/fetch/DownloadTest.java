package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.FAST;
import static dev.metaprompt.fetch.Fetching.HASTY;
import static dev.metaprompt.fetch.Fetching.bytes;
import static dev.metaprompt.fetch.Fetching.digest;
import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads against servers that fail in every way. */
@Timeout(30)
class DownloadTest {
    private static final byte[] FILE = bytes(200_000);

    @TempDir
    Path folder;

    private final Heard heard = new Heard();
    private final List<Duration> pauses = new ArrayList<>();
    private Path target;

    @BeforeEach
    void name() {
        target = folder.resolve("model.bin");
    }

    private Path fetch(TestServer server, Patience patience) {
        return fetch(RemoteFile.of(server.uri("/f")).withDigest(digest(FILE)), patience);
    }

    private Path fetch(RemoteFile file, Patience patience) {
        return new Download(patience, pauses::add).fetch(file, target, heard);
    }

    /** The target is whole and nothing of the way there is left beside it. */
    private void assertWhole() throws IOException {
        assertArrayEquals(FILE, Files.readAllBytes(target));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(".model.bin.lock", "model.bin"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void fetchesAndTellsBytesRateAndTheEnd() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            fetch(server, FAST);
            assertWhole();
            assertEquals(List.of(), pauses);
            String last = heard.updates.get(heard.updates.size() - 1);
            assertTrue(last.startsWith("bytes of model.bin 200000/200000 200 kB of 200 kB, "), last);
            assertTrue(last.endsWith("/s"), last);
        }
    }

    @Test
    void aServerThatDoesNotRunRefusesTheConnection() throws IOException {
        RemoteFile file;
        try (TestServer server = new TestServer((seen, wire) -> wire.status(500))) {
            file = RemoteFile.of(server.uri("/f"));
        }
        String message = fails(() -> fetch(file, FAST));
        assertTrue(message.contains("the connection was refused"), message);
        assertTrue(heard.told("the connection was refused"), heard.phases.toString());
    }

    @Test
    void asksNobodyForWhatIsThere() throws IOException {
        Files.write(target, FILE);
        try (TestServer server = new TestServer((seen, wire) -> wire.status(500))) {
            fetch(server, FAST);
            assertEquals(0, server.seen.size());
        }
    }

    @Test
    void replacesAFileThatIsNotTheOne() throws IOException {
        Files.write(target, bytes(10));
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            fetch(server, FAST);
            assertWhole();
            assertTrue(heard.told("is not what is expected"), heard.phases.toString());
        }
    }

    @Test
    void goesOnWhereTheConnectionBroke() throws IOException {
        int third = FILE.length * 3 / 10;
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") == null) {
                wire.head(200, "Content-Length: " + FILE.length, "ETag: \"a\"");
                wire.bytes(FILE, 0, third);
            } else {
                wire.file(seen, FILE, "\"a\"");
            }
        })) {
            fetch(server, FAST);
            assertWhole();
            assertEquals("bytes=" + third + "-", server.seen.get(1).header("Range"));
            assertEquals("\"a\"", server.seen.get(1).header("If-Range"));
            assertEquals(FILE.length, server.served.get(), "no byte came twice");
            assertEquals(List.of(Duration.ofMillis(5)), pauses);
            assertTrue(heard.told("goes on at 60 kB"), heard.phases.toString());
        }
    }

    @Test
    void survivesAResetConnection() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") == null && seen.header("x") == null && pauses.isEmpty()) {
                wire.head(200, "Content-Length: " + FILE.length, "Last-Modified: Tue, 01 Jul 2025 00:00:00 GMT");
                wire.bytes(FILE, 0, 1000);
                wire.reset();
            } else {
                wire.file(seen, FILE, "Tue, 01 Jul 2025 00:00:00 GMT");
            }
        })) {
            fetch(server, FAST);
            assertWhole();
        }
    }

    @Test
    void fetchesAgainOnceAfterAWrongByte() throws IOException {
        byte[] wrong = FILE.clone();
        wrong[777] ^= 1;
        try (TestServer server =
                new TestServer((seen, wire) -> wire.file(seen, heard.phases.isEmpty() ? wrong : FILE, "\"a\""))) {
            fetch(server, FAST);
            assertWhole();
            assertEquals(2, server.count("GET"));
            assertTrue(heard.told("fetched again from the start"), heard.phases.toString());
        }
    }

    @Test
    void refusesBytesThatAreWrongTwice() throws IOException {
        byte[] wrong = FILE.clone();
        wrong[777] ^= 1;
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, wrong, "\"a\""))) {
            String message = fails(() -> fetch(server, FAST));
            assertTrue(message.contains("expected is " + digest(FILE).hex()), message);
            assertTrue(message.contains(digest(wrong).hex()), message);
            assertEquals(2, server.count("GET"));
            assertFalse(Files.exists(folder.resolve("model.bin.part")));
            assertFalse(Files.exists(target));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {199_999, 200_001})
    void refusesAWrongLength(int length) throws IOException {
        byte[] other = bytes(length);
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, other, "\"a\""))) {
            RemoteFile file = RemoteFile.of(server.uri("/f")).withSize(FILE.length);
            String message = fails(() -> fetch(file, FAST));
            assertTrue(message.contains("has " + length + " bytes, expected are 200000"), message);
            assertEquals(2, server.count("GET"));
            assertFalse(Files.exists(target));
        }
    }

    @Test
    void stopsReadingBehindTheExpectedLength() throws IOException {
        byte[] endless = bytes(5_000_000);
        try (TestServer server = new TestServer((seen, wire) -> {
            wire.head(200, "ETag: \"a\"");
            wire.bytes(endless, 0, endless.length);
        })) {
            RemoteFile file = RemoteFile.of(server.uri("/f")).withSize(FILE.length);
            String message = fails(() -> fetch(file, FAST));
            assertTrue(message.contains("more than the 200000 bytes"), message);
        }
    }

    @Test
    void goesOnWhenAServerWithoutLengthEndsEarly() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") == null) {
                wire.head(200, "ETag: \"a\"");
                wire.bytes(FILE, 0, 5000);
            } else {
                wire.file(seen, FILE, "\"a\"");
            }
        })) {
            fetch(RemoteFile.of(server.uri("/f")).withSize(FILE.length), FAST);
            assertWhole();
        }
    }

    @Test
    void waitsAsLongAsTheServerAsksButNotForEver() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            switch (pauses.size()) {
                case 0 -> wire.status(429, "Retry-After: 1");
                case 1 -> wire.status(503, "Retry-After: 86400");
                case 2 -> wire.status(429, "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT");
                default -> wire.file(seen, FILE, "\"a\"");
            }
        })) {
            fetch(server, FAST);
            assertWhole();
            Duration second = Duration.ofSeconds(1);
            assertEquals(List.of(second, second, second), pauses, "the patience's longest pause is one second");
            assertTrue(heard.told("the server answered 429; tries again in 1 s (try 2 of 4)"), heard.phases.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 500, 502, 504})
    void triesAgainWithGrowingPauses(int status) throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (pauses.size() < 2) {
                wire.status(status);
            } else {
                wire.file(seen, FILE, "\"a\"");
            }
        })) {
            fetch(server, FAST);
            assertWhole();
            assertEquals(List.of(Duration.ofMillis(5), Duration.ofMillis(10)), pauses);
        }
    }

    @Test
    void givesUpInTheEnd() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(500))) {
            String message = fails(() -> fetch(server, FAST));
            assertTrue(message.contains("4 tries failed, the last because the server answered 500"), message);
            assertEquals(4, server.count("GET"));
        }
    }

    @Test
    void tellsThatNobodyAnswers() throws IOException {
        TestServer server = new TestServer((seen, wire) -> wire.status(500));
        server.close();
        String message = fails(() -> fetch(server, FAST));
        assertTrue(message.contains("the connection was refused"), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void failsAtOnceWithAdviceWhenRefused(int status) throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(status))) {
            RemoteFile file = RemoteFile.of(server.uri("/f?signature=secret")).withAdvice("Set HF_TOKEN.");
            String message = fails(() -> fetch(file, FAST));
            assertTrue(message.contains("the server answered " + status), message);
            assertTrue(message.endsWith("Set HF_TOKEN."), message);
            assertFalse(message.contains("secret"), message);
            assertEquals(1, server.seen.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "application/octet-stream"})
    void tellsAWebPageFromAFile(String type) throws IOException {
        byte[] page = "\n<!DOCTYPE html><html><title>Sign in</title></html>".getBytes(StandardCharsets.UTF_8);
        try (TestServer server = new TestServer((seen, wire) -> {
            wire.head(200, "Content-Length: " + page.length, "Content-Type: " + type);
            wire.bytes(page, 0, page.length);
        })) {
            String message = fails(() -> fetch(server, FAST));
            assertTrue(message.contains("sent a web page (HTML) instead of the file model.bin"), message);
            assertEquals(1, server.seen.size());
            assertFalse(Files.exists(folder.resolve("model.bin.part")));
        }
    }

    @Test
    void leavesAServerThatSendsNothing() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (pauses.isEmpty()) {
                wire.hang();
            }
            wire.file(seen, FILE, "\"a\"");
        })) {
            fetch(server, HASTY);
            assertWhole();
            assertTrue(heard.told("no answer in time"), heard.phases.toString());
        }
    }

    @Test
    void leavesAServerThatDripsAndStops() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") != null) {
                wire.file(seen, FILE, "\"a\"");
                return;
            }
            wire.head(200, "Content-Length: " + FILE.length, "ETag: \"a\"");
            for (int i = 0; i < 10; i++) {
                wire.bytes(FILE, i, i + 1);
                Thread.sleep(60);
            }
            wire.hang();
        })) {
            fetch(server, HASTY);
            assertWhole();
            assertTrue(heard.told("no byte came for 400 ms"), heard.phases.toString());
            assertEquals("bytes=10-", server.seen.get(1).header("Range"), "drops do not run into the time-out");
        }
    }

    @Test
    void sendsTheTokenHome() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            RemoteFile file = RemoteFile.of(server.uri("/f")).withToken(Optional.of("hf_secret"));
            fetch(file, FAST);
            assertEquals("Bearer hf_secret", server.seen.get(0).header("Authorization"));
            assertFalse(file.toString().contains("hf_secret"));
        }
    }

    @Test
    void aServerWithoutRangesStartsAgain() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            wire.head(200, "Content-Length: " + FILE.length, "ETag: \"a\"");
            wire.bytes(FILE, 0, seen.header("Range") == null ? 5000 : FILE.length);
        })) {
            fetch(server, FAST);
            assertWhole();
            assertTrue(heard.told("starts at the beginning"), heard.phases.toString());
        }
    }

    @Test
    void aTokenIsInNoMessage() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(pauses.isEmpty() ? 500 : 403))) {
            RemoteFile file = RemoteFile.of(server.uri("/f")).withToken(Optional.of("hf_secret"));
            String message = fails(() -> fetch(file, FAST));
            assertNull(heard.phases.stream()
                    .filter(line -> line.contains("hf_secret"))
                    .findAny()
                    .orElse(null));
            assertFalse(message.contains("hf_secret"), message);
        }
    }
}
