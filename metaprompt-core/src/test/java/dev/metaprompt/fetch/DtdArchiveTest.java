package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.FAST;
import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DTD's archive, with small files in place of the photographs. */
class DtdArchiveTest {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9/dtd-r1.0.1.tar.gz");

    @TempDir
    Path cache;

    private final Heard heard = new Heard();

    private static byte[] archive(int classes, int images) {
        Tars tars = new Tars().folder("dtd/").folder("dtd/images/").file("dtd/labels/train1.txt", "");
        for (int i = 0; i < classes; i++) {
            String name = String.format("dtd/images/class%02d/", i);
            tars.folder(name).file(name + ".directory", "hidden");
            for (int j = 0; j < images; j++) {
                tars.file(name + String.format("image_%04d.jpg", j), "x");
            }
        }
        return tars.gzip();
    }

    private Path prepare(URI source, Optional<Digest> digest, boolean offline) {
        return new DtdArchive(new Download(FAST), digest).prepare(cache, source, offline, heard);
    }

    @Test
    void fetchesUnpacksAndThenOnlyVerifies() throws IOException {
        byte[] bytes = archive(47, 120);
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, bytes, "\"a\""))) {
            Optional<Digest> digest = Optional.of(Fetching.digest(bytes));
            Path folder = prepare(server.uri("/dtd-r1.0.1.tar.gz"), digest, false);
            assertEquals(cache.resolve("datasets").resolve("dtd"), folder);
            assertTrue(Files.exists(folder.resolve("images/class46/image_0119.jpg")));
            assertTrue(Files.exists(folder.resolve("labels/train1.txt")));
            String size = Words.bytes(bytes.length);
            assertTrue(
                    heard.phases.get(0).startsWith("dataset dtd: dtd-r1.0.1.tar.gz, " + size + ", from 127.0.0.1 to "),
                    heard.phases.toString());
            int asked = server.seen.size();
            heard.phases.clear();
            prepare(server.uri("/dtd-r1.0.1.tar.gz"), digest, false);
            assertEquals(asked, server.seen.size());
            assertEquals(0, heard.phases.size(), heard.phases.toString());

            Files.delete(folder.resolve("images/class10/image_0000.jpg"));
            String message = fails(() -> prepare(NOWHERE, digest, false));
            assertTrue(message.contains("images/class10 holds 119 images, expected are 120"), message);
        }
    }

    @Test
    void anArchivePutThereByHandIsUsedOffline() throws IOException {
        byte[] bytes = archive(47, 120);
        Path file = cache.resolve("datasets").resolve("dtd-r1.0.1.tar.gz");
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        prepare(NOWHERE, Optional.of(Fetching.digest(bytes)), true);
        assertTrue(Files.isDirectory(cache.resolve("datasets/dtd/images")));
    }

    @Test
    void anotherArchiveIsRefusedByItsDigest() throws IOException {
        Path file = cache.resolve("datasets").resolve("dtd-r1.0.1.tar.gz");
        Files.createDirectories(file.getParent());
        Files.write(file, archive(47, 120));
        String message = fails(() -> new DtdArchive(new Download(FAST)).prepare(cache, NOWHERE, true, heard));
        assertTrue(message.contains("expected is fff73e5086ae6bdbea199a49dfb8a4c1"), message);
        assertFalse(Files.exists(cache.resolve("datasets/dtd")));
    }

    @Test
    void anotherContentIsRefused() throws IOException {
        byte[] bytes = archive(46, 1);
        try (TestServer server = new TestServer((seen, wire) -> wire.file(seen, bytes, "\"a\""))) {
            String message = fails(() -> prepare(server.uri("/x"), Optional.empty(), false));
            assertTrue(message.contains("is not DTD r1.0.1: images holds 46 class folders, expected are 47"), message);
        }
    }

    @Test
    void offlineTellsWhatIsMissingAndHowToGetIt() {
        String message = fails(() -> prepare(NOWHERE, Optional.empty(), true));
        assertTrue(message.contains(cache.resolve("datasets").resolve("dtd").toString()), message);
        assertTrue(message.contains("metaprompt:prepare"), message);
        assertFalse(Files.exists(cache.resolve("datasets")));
    }

    @Test
    void aMissingArchiveIsTold() throws IOException {
        try (TestServer server = new TestServer((seen, wire) -> wire.status(404))) {
            String message = fails(() -> prepare(server.uri("/x"), Optional.empty(), false));
            assertTrue(message.contains("404") && message.contains("in a browser"), message);
        }
    }
}
