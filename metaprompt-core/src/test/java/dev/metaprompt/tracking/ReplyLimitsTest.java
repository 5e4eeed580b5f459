package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose answers have no end. */
@Timeout(120)
class ReplyLimitsTest {
    @TempDir
    private Path folder;

    private FakeMlflow server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void sync(RunDirectory run) {
        new RunSync(server.server(), Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
    }

    private String refusal(RunDirectory run) {
        return assertThrows(InvalidInputException.class, () -> sync(run)).getMessage();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"ENDLESS_ANSWER", "ENDLESS_REFUSAL"})
    void anAnswerIsReadUpToALimit(FakeMlflow.Fault fault) throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        server.fail(fault);
        try {
            sync(run);
        } catch (InvalidInputException e) {
            assertEquals(1, e.getMessage().lines().count());
            assertTrue(e.getMessage().contains("sends more than the 33554432 bytes"), e.getMessage());
        }
        // What the sockets hold comes on top.
        assertTrue(server.served.get() < FakeMlflow.ENDLESS * 3 / 4, server.served + " bytes were taken");
    }

    @Test
    void theAnswerToAFileIsReadUpToALimit() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        sync(run);
        int uploads = server.uploads().size();
        int before = (int) server.calls.stream()
                .limit(server.calls.indexOf(server.uploads().get(0)))
                .count();
        server.runs.clear();
        server.failAfter(before - 1, FakeMlflow.Fault.ENDLESS_ANSWER);
        refusal(MirroredRuns.finished(Files.createDirectories(folder.resolve("again")), 1));
        assertTrue(server.served.get() < FakeMlflow.ENDLESS * 3 / 4, server.served + " bytes were taken");
        assertTrue(server.uploads().size() > uploads);
    }

    @Test
    void aListWithoutEndIsLeft() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        server.failAfter(2, FakeMlflow.Fault.ENDLESS_LIST);
        String message = refusal(run);
        assertTrue(message.contains("a list without end"), message);
        assertTrue(server.calls.size() < 1100, server.calls.size() + " calls");
    }

    @Test
    void aCurveWithoutEndIsLeft() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        sync(run);
        server.calls.clear();
        // Experiment and search are answered well; then come the curves.
        server.failAfter(2, FakeMlflow.Fault.ENDLESS_LIST);
        Files.delete(run.file(TrackingState.FILE));
        String message = refusal(run);
        assertTrue(message.contains("a list without end"), message);
        assertTrue(server.calls.size() < 1100, server.calls.size() + " calls");
    }

    @Test
    void aRunOfNoEndOfMetricsIsLeft() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        sync(run);
        Files.delete(run.file(TrackingState.FILE));
        for (int i = 0; i < 10_001; i++) {
            JsonObject metric = server.runs.get(0).metrics.get(0).deepCopy();
            metric.addProperty("key", "m" + i);
            server.runs.get(0).metrics.add(metric);
        }
        server.calls.clear();
        RunSync.Summary summary =
                new RunSync(server.server(), Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
        assertTrue(summary.leftOut().get(0).contains("more than 10000 metrics"), summary.toString());
        assertTrue(server.calls.size() < 10, server.calls.size() + " calls");
    }

    @Test
    void aFileIsTakenUpToALimitAndLeavesNothingBehind() throws Exception {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        sync(run);
        Path into = Files.createDirectory(folder.resolve("fetched"));
        try (MlflowApi api = new MlflowApi(new ServerCalls(server.server(), Duration.ofSeconds(10), () -> {}))) {
            var there = api.runs("1", "", org.mlflow.api.proto.Service.ViewType.ALL, List.of())
                    .get(0)
                    .getInfo();
            server.runs.get(0).files.put(RunDirectory.RECORD, new byte[5000]);
            ServerFault fault = assertThrows(
                    ServerFault.class,
                    () -> api.artifacts().fetch(there, RunDirectory.RECORD, into.resolve("run.json"), 4999));
            assertTrue(fault.getMessage().contains("sends more than the 4999 bytes"), fault.getMessage());
            try (Stream<Path> left = Files.list(into)) {
                assertEquals(List.of(), left.toList());
            }
            assertTrue(api.artifacts().fetch(there, RunDirectory.RECORD, into.resolve("run.json"), 5000));
            assertFalse(api.artifacts().fetch(there, "none", into.resolve("none"), 5000));
            try (Stream<Path> left = Files.list(into)) {
                assertEquals(List.of(into.resolve("run.json")), left.toList());
            }
        }
    }

    /** Tags of a store's run that a stranger has set. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"number\":9,\"finished\":true,\"file\":\"FILE\",\"sha256\":\"SHA\",\"bytes\":9000000000000000000,\"kept\":1}",
                "{\"number\":9,\"finished\":true,\"file\":\"FILE\",\"sha256\":\"no digest\",\"bytes\":5,\"kept\":1}",
                "{\"number\":9,\"finished\":true,\"file\":\"..\",\"sha256\":\"SHA\",\"bytes\":5,\"kept\":1}",
                "{\"number\":9,\"finished\":true,\"file\":\"FILE\",\"sha256\":\"SHA\",\"bytes\":-5,\"kept\":1}"
            })
    void aStateThatNobodyHereHasKeptIsNone(String json) {
        String text = json.replace("FILE", "finished-9-0123456789ab.tar.gz").replace("SHA", "ab".repeat(32));
        String file = json.contains("\"..\"") ? ".." : "finished-9-0123456789ab.tar.gz";
        assertEquals(Optional.empty(), StoredState.read(Map.entry(StoredState.TAG + file, text)));
        StoredState good = new StoredState(9, true, "finished-9-0123456789ab.tar.gz", "ab".repeat(32), 5, 1);
        assertEquals(Optional.of(good), StoredState.read(Map.entry(good.tag(), good.text())));
        StoredState early = new StoredState(-1, true, "finished--1-0123456789ab.tar.gz", "ab".repeat(32), 5, 1);
        assertEquals(Optional.of(early), StoredState.read(Map.entry(early.tag(), early.text())));
    }
}
