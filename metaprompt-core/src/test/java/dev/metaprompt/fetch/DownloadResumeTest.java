package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.FAST;
import static dev.metaprompt.fetch.Fetching.bytes;
import static dev.metaprompt.fetch.Fetching.digest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an earlier process left is gone on with where that is right, and only there. */
class DownloadResumeTest {
    private static final byte[] FILE = bytes(100_000);
    private static final int HAVE = 40_000;

    @TempDir
    Path folder;

    private final Heard heard = new Heard();

    private Path target() {
        return folder.resolve("f");
    }

    private void leave(byte[] bytes, int count, TestServer server, String validator, long total) throws IOException {
        Files.write(folder.resolve("f.part"), Arrays.copyOf(bytes, count));
        Files.writeString(
                folder.resolve("f.part.json"),
                "{\"uri\":\"" + server.uri("/f") + "\",\"validator\":\"" + validator.replace("\"", "\\\"")
                        + "\",\"total\":" + total + "}");
    }

    private void fetch(RemoteFile file) {
        new Download(FAST).fetch(file, target(), heard);
    }

    private void assertFetched(byte[] bytes) throws IOException {
        assertArrayEquals(bytes, Files.readAllBytes(target()));
        assertFalse(Files.exists(folder.resolve("f.part")));
        assertFalse(Files.exists(folder.resolve("f.part.json")));
    }

    @Test
    void goesOnAfterAnEarlierProcess() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            leave(FILE, HAVE, server, "\"a\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
            assertEquals(FILE.length - HAVE, server.served.get());
        }
    }

    @Test
    void asksNothingWhenOnlyTheNameWasMissing() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(500))) {
            leave(FILE, FILE.length, server, "\"a\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")).withDigest(digest(FILE)));
            assertFetched(FILE);
            assertEquals(0, server.seen.size());
        }
    }

    @Test
    void startsAgainWhenTheFileChangedMeanwhile() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"new\""))) {
            leave(bytes(HAVE), HAVE, server, "\"old\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
            assertEquals("\"old\"", server.seen.get(0).header("If-Range"));
            assertTrue(heard.told("starts at the beginning"), heard.phases.toString());
        }
    }

    @Test
    void startsAgainWhenAServerIgnoresIfRange() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            seen.headers().remove("if-range");
            wire.file(seen, FILE, "\"new\"");
        })) {
            leave(bytes(HAVE), HAVE, server, "\"old\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 0-99999/100000", "bytes 40000-49999/100000", "bytes 40000-99998/99999", "nonsense"})
    void startsAgainWhenTheRangeDoesNotFit(String range) throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") != null) {
                wire.head(206, "Content-Length: 60000", "Content-Range: " + range);
                wire.bytes(FILE, HAVE, FILE.length);
            } else {
                wire.file(seen, FILE, "\"a\"");
            }
        })) {
            leave(FILE, HAVE, server, "\"a\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
            assertNull(server.seen.get(1).header("Range"), "the second request wants all");
        }
    }

    @Test
    void takesTheServersWordThatAllIsThere() throws IOException {
        try (TestServer server =
                new TestServer((seen, wire) -> wire.status(416, "Content-Range: bytes */" + FILE.length))) {
            leave(FILE, FILE.length, server, "\"a\"", -1);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
            assertEquals(1, server.seen.size());
        }
    }

    @Test
    void startsAgainWhenTheServerHasLessThanWe() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.header("Range") != null) {
                wire.status(416, "Content-Range: bytes */20000");
            } else {
                wire.file(seen, FILE, "\"b\"");
            }
        })) {
            leave(bytes(HAVE), HAVE, server, "\"a\"", -1);
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
        }
    }

    @Test
    void fetchesAgainWhenThePartWasSpoilt() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            leave(bytes(HAVE), HAVE, server, "\"a\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")).withDigest(digest(FILE)));
            assertFetched(FILE);
            assertTrue(heard.told("fetched again from the start"), heard.phases.toString());
        }
    }

    @Test
    void aPartWithoutMemoryOrOfAnotherAddressIsThrownAway() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "\"a\""))) {
            leave(bytes(HAVE), HAVE, server, "\"a\"", FILE.length);
            fetch(RemoteFile.of(server.uri("/g")));
            assertFetched(FILE);
            Files.delete(target());
            leave(bytes(HAVE), HAVE, server, "\"a\"", FILE.length);
            Files.writeString(folder.resolve("f.part.json"), "{\"uri\":");
            fetch(RemoteFile.of(server.uri("/f")));
            assertFetched(FILE);
            assertTrue(server.seen.stream().allMatch(seen -> seen.header("Range") == null));
        }
    }

    @Test
    void withoutValidatorAndDigestNothingIsGoneOnWith() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, FILE, "W/\"a\""))) {
            leave(FILE, HAVE, server, "", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")));
            assertNull(server.seen.get(0).header("Range"));
            Files.delete(target());
            leave(FILE, HAVE, server, "", FILE.length);
            fetch(RemoteFile.of(server.uri("/f")).withDigest(digest(FILE)));
            assertEquals("bytes=" + HAVE + "-", server.seen.get(1).header("Range"));
            assertNull(server.seen.get(1).header("If-Range"));
            assertFetched(FILE);
        }
    }
}
