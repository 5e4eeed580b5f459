package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ArtifactStoreTest {
    private static final String KEY = "cell|ab12";

    @TempDir
    private Path folder;

    private FakeMlflow server;
    private ArtifactStore store;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
        store = store();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ArtifactStore store() {
        return new ArtifactStore(server.server(), "metaprompt-store/n-way", Duration.ofMillis(1));
    }

    private Path archive(long seed) throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(seed).nextBytes(bytes);
        return Files.write(folder.resolve("archive" + seed), bytes);
    }

    private boolean put(long number, boolean finished) throws IOException {
        return store.put(KEY, "cell", Map.of("metaprompt.cell", "ab12"), number, finished, archive(number));
    }

    private Optional<StoredState> get(Path into) {
        return store.get(KEY, state -> true, into);
    }

    private void assertHolds(long number, boolean finished) throws IOException {
        Path into = folder.resolve("fetched");
        StoredState state = get(into).orElseThrow();
        assertEquals(number, state.number());
        assertEquals(finished, state.finished());
        assertArrayEquals(Files.readAllBytes(archive(number)), Files.readAllBytes(into));
    }

    private List<String> files() {
        List<String> files = new ArrayList<>();
        server.runs.forEach(run -> files.addAll(run.files.keySet()));
        return files;
    }

    @Test
    void theNewestStateIsKeptAndOlderOnesAreRemoved() throws IOException {
        assertEquals(Optional.empty(), store.newest(KEY));
        assertEquals(Optional.empty(), get(folder.resolve("none")));
        assertTrue(put(0, false));
        assertTrue(put(10, false));
        assertTrue(put(20, false));
        assertHolds(20, false);
        assertEquals(1, files().size(), files().toString());
        assertEquals(1, server.runs.size());
        assertEquals("ab12", server.runs.get(0).tags.get("metaprompt.cell"));
        assertEquals(Map.of("metaprompt-store/n-way", "1"), server.experiments);
        assertEquals(Optional.empty(), store.newest("cell|cd34"));
    }

    @Test
    void whatIsThereIsNeverReplacedByLess() throws IOException {
        put(20, false);
        assertFalse(put(10, false));
        assertFalse(put(20, false));
        assertHolds(20, false);
        assertTrue(put(5, true));
        assertFalse(put(30, false));
        assertFalse(put(30, true));
        assertHolds(5, true);
        assertEquals(1, files().size(), files().toString());
        assertEquals("FINISHED", server.runs.get(0).status);
    }

    @Test
    void whatIsNotWantedIsNotFetched() throws IOException {
        put(20, false);
        server.calls.clear();
        Path into = folder.resolve("fetched");
        assertEquals(Optional.empty(), store.get(KEY, state -> state.isNewerThan(20, false), into));
        assertFalse(Files.exists(into));
        assertTrue(store.get(KEY, state -> state.isNewerThan(19, false), into).isPresent());
        assertEquals(
                1,
                server.calls.stream()
                        .filter(call -> call.contains("-artifacts/"))
                        .count());
    }

    @Test
    void statesAreOrderedByWhatIsDone() {
        StoredState half = new StoredState(7, false, "a", "", 1, 0);
        StoredState done = new StoredState(7, true, "b", "", 1, 0);
        assertTrue(half.isNewerThan(6, false));
        assertFalse(half.isNewerThan(7, false));
        assertFalse(half.isNewerThan(1, true));
        assertTrue(done.isNewerThan(9, false));
        assertFalse(done.isNewerThan(1, true));
    }

    /** Announced by writers of whom neither saw the other, in any order. */
    @Test
    void ofWritersAtOnceTheOneThatHasComeFurtherWins() throws IOException {
        put(20, false);
        FakeMlflow.StoredRun run = server.runs.get(0);
        Map<String, String> tags = Map.copyOf(run.tags);
        Map<String, byte[]> files = Map.copyOf(run.files);
        run.tags.keySet().removeIf(tag -> tag.startsWith(StoredState.TAG));
        put(30, true);
        run.tags.putAll(tags);
        run.files.putAll(files);
        assertHolds(30, true);
        assertFalse(put(40, false));
        assertHolds(30, true);
    }

    @Test
    void twoRunsOfOneKeyCountAsOne() throws IOException {
        put(20, false);
        FakeMlflow.StoredRun first = server.runs.get(0);
        FakeMlflow.StoredRun second = new FakeMlflow.StoredRun("twin", "1", "cell");
        second.tags.put(RunFinder.KEY, first.tags.get(RunFinder.KEY));
        second.tags.put(RunFinder.CREATED, "0");
        server.runs.add(second);
        assertHolds(20, false);
        put(30, false);
        assertEquals(1, second.files.size());
        assertEquals(0, first.files.size());
        assertHolds(30, false);
    }

    @Test
    void manyWritersAtOnceLeaveTheLastState() throws Exception {
        int writers = 6;
        CyclicBarrier together = new CyclicBarrier(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<Boolean>> ends = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            int number = i;
            Path archive = archive(i);
            ends.add(threads.submit(() -> {
                together.await();
                return store().put(KEY, "cell", Map.of(), number, false, archive);
            }));
        }
        for (Future<Boolean> end : ends) {
            end.get();
        }
        threads.shutdown();
        assertHolds(writers - 1, false);
    }

    /** The server fails at each call in turn: what can be fetched afterwards is the earlier state or the new one, whole. */
    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"ERROR", "ERROR_AFTERWARDS", "NO_ANSWER"})
    void afterAFaultAtAnyCallThereIsAWholeState(FakeMlflow.Fault fault) throws IOException {
        boolean failed = true;
        int call = 0;
        for (; failed; call++) {
            server.runs.clear();
            put(1, false);
            server.failAfter(call, fault);
            try {
                put(2, false);
                // Removing what is old may fail and is not worth an error.
                failed = server.active().get(0).files.size() > 1;
            } catch (StoreException e) {
                assertTrue(e.getMessage().contains(server.uri()), e.getMessage());
                assertEquals(1, e.getMessage().lines().count());
            }
            server.heal();
            long there = store.newest(KEY).orElseThrow().number();
            assertTrue(there == 1 || there == 2, "state " + there);
            assertHolds(there, false);
            put(2, false);
            assertHolds(2, false);
            put(3, true);
            assertHolds(3, true);
        }
        assertTrue(call > 3, "only " + call + " calls were tried");
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"CUT", "DAMAGED"})
    void aSpoiltDownloadIsTriedAgainAndNeverTaken(FakeMlflow.Fault fault) throws IOException {
        put(1, false);
        server.fail(fault);
        Path into = folder.resolve("fetched");
        String message = assertThrows(StoreException.class, () -> get(into)).getMessage();
        assertTrue(message.contains(server.uri()), message);
        assertEquals(
                5,
                server.calls.stream()
                        .filter(call -> call.startsWith("GET") && call.contains("-artifacts/"))
                        .count());
        server.heal();
        assertHolds(1, false);
    }

    @Test
    void aFileLongerThanAnnouncedIsNotReadToItsEnd() throws IOException {
        put(1, false);
        server.runs.get(0).files.replaceAll((name, bytes) -> new byte[20_000_000]);
        Path into = folder.resolve("fetched");
        assertThrows(StoreException.class, () -> get(into));
        assertTrue(Files.size(into) <= 300_000, Files.size(into) + " bytes");
    }

    @Test
    void aFileThatIsGoneIsNamedAsAFault() throws IOException {
        put(1, false);
        server.runs.get(0).files.clear();
        String message = assertThrows(StoreException.class, () -> get(folder.resolve("fetched")))
                .getMessage();
        assertTrue(message.contains("404"), message);
    }

    @Test
    void aStateThatIsReplacedWhileItIsFetchedGivesWayToTheNewOne() throws IOException {
        put(1, false);
        Path into = folder.resolve("fetched");
        Path next = archive(2);
        StoredState state = store.get(KEY, there -> store.put(KEY, "cell", Map.of(), 2, false, next) || true, into)
                .orElseThrow();
        assertEquals(2, state.number());
        assertArrayEquals(Files.readAllBytes(next), Files.readAllBytes(into));
    }

    @Test
    void foreignAndDamagedTagsAreNoStates() throws IOException {
        put(1, false);
        server.runs.get(0).tags.put(StoredState.TAG + "x.tar.gz", "{\"number\":");
        server.runs.get(0).tags.put(StoredState.TAG + "..%2Fx", new StoredState(9, true, "../x", "00", 5, 1).text());
        assertHolds(1, false);
    }

    @Test
    void refusedCredentialsAreTheUsersAndNotTriedAgain() {
        server.fail(FakeMlflow.Fault.UNAUTHORIZED);
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> store.newest(KEY));
        assertTrue(e.getMessage().contains("MLFLOW_TRACKING_TOKEN"), e.getMessage());
    }
}
