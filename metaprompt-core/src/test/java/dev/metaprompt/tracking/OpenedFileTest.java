package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.RunInfo;

/** Files that go to a server or come from it, while somebody puts links in their places. */
class OpenedFileTest {
    @TempDir
    private Path folder;

    private FakeMlflow server;
    private MlflowApi api;
    private Path secret;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
        api = new MlflowApi(new ServerCalls(server.server(), Duration.ofSeconds(10), () -> {}));
        secret = Files.writeString(folder.resolve("secret"), "s3cret");
    }

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    private RunInfo run() throws ServerFault {
        return api.createRun(api.experimentId("e"), "r", 1, Map.of());
    }

    private byte[] there(String name) {
        return server.active().get(0).files.get(name);
    }

    @Test
    void aFileArrivesWholeWhateverItsSize() throws Exception {
        RunInfo run = run();
        for (int size : List.of(0, 1, 300_000)) {
            byte[] bytes = new byte[size];
            Arrays.fill(bytes, (byte) 0xfe);
            Path file = Files.write(folder.resolve("f" + size), bytes);
            api.artifacts().put(run, "f" + size, file);
            assertArrayEquals(bytes, there("f" + size));
        }
    }

    @Test
    void whatALinkLeadsToIsNotSent() throws Exception {
        RunInfo run = run();
        Path link = Files.createSymbolicLink(folder.resolve("run.json"), secret);
        ServerFault fault =
                assertThrows(ServerFault.class, () -> api.artifacts().put(run, "run.json", link));
        assertTrue(
                fault.getMessage().contains("run.json cannot be read to be sent there (it is a link"),
                fault.getMessage());
        assertEquals(1, fault.getMessage().split("run.json", -1).length - 1, "named once");
        assertEquals(List.of(), server.uploads());
        ArtifactStore store = new ArtifactStore(server.server(), "s", Duration.ofMillis(1));
        assertThrows(StoreException.class, () -> store.put("k", "n", Map.of(), 1, true, link));
        assertFalse(server.holds("s3cret"));
    }

    @Test
    void whatIsOpenedIsSentWhateverLiesInItsPlace() throws Exception {
        RunInfo run = run();
        Path file = Files.writeString(folder.resolve("a"), "abc");
        URI address = URI.create(server.uri() + "/api/2.0/mlflow-artifacts/artifacts/" + run.getExperimentId() + "/"
                + run.getRunId() + "/artifacts/a");
        try (OpenedFile opened = new OpenedFile(file)) {
            Files.writeString(file, "d", StandardOpenOption.APPEND);
            Files.delete(file);
            Files.createSymbolicLink(file, secret);
            for (int attempt = 1; attempt <= 2; attempt++) {
                server.active().get(0).files.clear();
                HttpRequest.Builder request = HttpRequest.newBuilder(address).PUT(opened.publisher());
                server.server().wire().send(request, () -> new BoundedBytes(100, true));
                assertEquals("abc", new String(there("a"), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aLinkInThePlaceOfAPartIsRemovedAndNotFollowed() throws Exception {
        RunInfo run = run();
        Path file = Files.writeString(folder.resolve("a"), "abc");
        api.artifacts().put(run, "run.json", file);
        Path into = folder.resolve("into.json");
        Files.createSymbolicLink(folder.resolve("into.json.part"), secret);
        assertTrue(api.artifacts().fetch(run, "run.json", into, 100));
        assertEquals("abc", Files.readString(into));
        assertEquals("s3cret", Files.readString(secret));
    }

    @Test
    void aPemFileMayBeALinkButNoDevice() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("zero.pem"), Path.of("/dev/zero"));
        String message = assertThrows(InvalidInputException.class, () -> PemFile.read("X", link.toString()))
                .getMessage();
        Files.delete(link);
        assertTrue(message.startsWith("X is " + link + ", which is no file"), message);
        Path large = folder.resolve("large.pem");
        Files.write(large, new byte[(8 << 20) + 1]);
        message = assertThrows(InvalidInputException.class, () -> PemFile.read("X", large.toString()))
                .getMessage();
        assertTrue(message.contains("it is larger than 8388608 bytes"), message);
    }
}
