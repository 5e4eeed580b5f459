package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.FAST;
import static dev.metaprompt.fetch.Fetching.bytes;
import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, and what may travel along them. */
class RedirectTest {
    private static final byte[] FILE = bytes(3000);

    @TempDir
    Path folder;

    private Path fetch(TestServer server) {
        RemoteFile file = RemoteFile.of(server.uri("/from")).withToken(Optional.of("hf_secret"));
        return new Download(FAST).fetch(file, folder.resolve("f"), Progress.SILENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void keepsTheTokenOnTheSameHost(int status) throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.path().equals("/from")) {
                wire.status(status, "Location: /to?signature=x");
            } else {
                wire.file(seen, FILE, "\"a\"");
            }
        })) {
            assertArrayEquals(FILE, Files.readAllBytes(fetch(server)));
            assertEquals("/to?signature=x", server.seen.get(1).path());
            assertEquals("Bearer hf_secret", server.seen.get(1).header("Authorization"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void theTokenNeverReachesAnotherPortOrHost(String host) throws IOException {
        try (TestServer other = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""));
                TestServer server = new TestServer((seen, wire) -> wire.status(
                        302, "Location: " + other.uri("/to").toString().replace("127.0.0.1", host)))) {
            assertArrayEquals(FILE, Files.readAllBytes(fetch(server)));
            assertEquals("Bearer hf_secret", server.seen.get(0).header("Authorization"));
            assertNull(other.seen.get(0).header("Authorization"));
        }
    }

    @Test
    void theTokenStaysLostWhenTheWayLeadsBack() throws IOException {
        TestServer[] servers = new TestServer[2];
        try (TestServer home = new TestServer((seen, wire) -> {
                    if (seen.path().equals("/from")) {
                        wire.status(302, "Location: " + servers[1].uri("/away"));
                    } else {
                        wire.file(seen, FILE, "\"a\"");
                    }
                });
                TestServer away =
                        new TestServer((seen, wire) -> wire.status(302, "Location: " + servers[0].uri("/back")))) {
            servers[0] = home;
            servers[1] = away;
            fetch(home);
            assertNull(home.seen.get(1).header("Authorization"));
        }
    }

    @Test
    void endsACircle() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(302, "Location: /from"))) {
            String message = fails(() -> fetch(server));
            assertTrue(message.contains("more than 10 redirects"), message);
            assertEquals(11, server.seen.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "::"})
    void goesToNoOtherKindOfAddress(String location) throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(302, "Location: " + location))) {
            fails(() -> fetch(server));
            assertEquals(1, server.seen.size());
            assertFalse(Files.exists(folder.resolve("f")));
        }
    }

    @Test
    void neverLeavesHttpsForHttp() {
        URI from = URI.create("https://hub.example/a/b?secret=1");
        assertEquals(URI.create("https://hub.example/a/c"), Http.target(from, "c"));
        assertEquals(URI.create("https://cdn.example/x?y"), Http.target(from, "https://cdn.example/x?y"));
        String message = fails(() -> Http.target(from, "http://hub.example/a/b"));
        assertEquals(
                "https://hub.example/a/b: redirects from https to http://hub.example/a/b, which is not encrypted."
                        + " Name the final address if it can be trusted.",
                message);
        assertFalse(Http.isPrivate(URI.create("http://hub.example/")), "no token goes there");
        assertTrue(Http.isPrivate(from));
    }

    @Test
    void readsRetryAfterAsSecondsAndAsDate() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
        assertEquals(Optional.of(Duration.ofSeconds(7)), Reply.retryAfter("7", clock));
        assertEquals(Optional.of(Duration.ofSeconds(55)), Reply.retryAfter("Fri, 02 Jan 2026 03:05:00 GMT", clock));
        assertEquals(Optional.empty(), Reply.retryAfter("Fri, 02 Jan 2026 03:04:00 GMT", clock));
        assertEquals(Optional.empty(), Reply.retryAfter("soon", clock));
        assertEquals(Optional.empty(), Reply.retryAfter("-1", clock));
    }
}
