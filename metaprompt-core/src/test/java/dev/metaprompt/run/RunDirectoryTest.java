package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    @TempDir
    private Path folder;

    private Path runs;

    @BeforeEach
    void setUp() {
        runs = folder.resolve("runs");
    }

    private RunDirectory create() {
        return RunDirectory.create(runs, "metaprompt", "textures", 5, 2, 1, Records.START);
    }

    private RunDirectory recorded(RunStatus status, int seconds) {
        RunDirectory run = create();
        RunRecord record = Records.running(run.id());
        run.writeRecord(new RunRecord(
                run.id(),
                status,
                Records.START.plusSeconds(seconds),
                Optional.empty(),
                record.method(),
                record.model(),
                record.dataset(),
                record.config(),
                record.origins(),
                record.environment(),
                Map.of(),
                Optional.empty(),
                Optional.empty()));
        return run;
    }

    @Test
    void idsTellTheRunAndCountWhenTaken() {
        assertEquals("20260102-030405-metaprompt-textures-5way2shot-s1", create().id());
        assertEquals("20260102-030405-metaprompt-textures-5way2shot-s1-2", create().id());
        assertEquals("20260102-030405-metaprompt-textures-5way2shot-s1-3", create().id());
        assertTrue(Files.isDirectory(runs.resolve("20260102-030405-metaprompt-textures-5way2shot-s1-3")));
    }

    @ParameterizedTest
    @CsvSource({"../../etc, _.._etc", "a b/c:d, a_b_c_d", "..., _", ".hidden, hidden", "dtd-mini, dtd-mini", "-x, x"})
    void datasetNamesAreMadeFitForAFileName(String dataset, String expected) {
        RunDirectory run = RunDirectory.create(runs, "coop", dataset, 5, 2, 1, Instant.EPOCH);
        assertEquals("19700101-000000-coop-" + expected + "-5way2shot-s1", run.id());
        assertEquals(runs, run.path().getParent());
    }

    @Test
    void manyAtOnceGetDifferentFolders() throws Exception {
        int count = 16;
        CyclicBarrier barrier = new CyclicBarrier(count);
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            Callable<String> start = () -> {
                barrier.await();
                return create().id();
            };
            Set<String> ids = new HashSet<>();
            for (Future<String> id : pool.invokeAll(
                    IntStream.range(0, count).mapToObj(i -> start).toList())) {
                ids.add(id.get());
            }
            assertEquals(count, ids.size());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void recordsComeBack() {
        RunDirectory run = recorded(RunStatus.RUNNING, 0);
        RunRecord record = RunDirectory.open(run.path()).readRecord();
        assertEquals(Records.running(run.id()), record);
    }

    @Test
    void aFolderWithoutRecordIsNoRun() {
        RunDirectory run = create();
        assertEquals(
                run.path() + ": is no run directory (it has no run.json). Give the id of a run in the runs folder, or a"
                        + " run's folder, in metaprompt.run.",
                assertThrows(InvalidInputException.class, () -> RunDirectory.open(run.path()))
                        .getMessage());
    }

    @Test
    void theNewestRunIsTheOneStartedLast() {
        recorded(RunStatus.FINISHED, 10);
        RunDirectory finished = recorded(RunStatus.FINISHED, 20);
        RunDirectory last = recorded(RunStatus.FAILED, 30);
        recorded(RunStatus.FINISHED, 5);
        create();
        assertEquals(last.id(), RunDirectory.newest(runs).id());
        assertEquals(finished.id(), RunDirectory.newestFinished(runs).id());
        assertEquals(4, RunDirectory.list(runs).size());
    }

    @Test
    void withoutRunsThereIsNoNewest() {
        assertEquals(
                runs + ": there is no finished run here. Train one first, or name one in metaprompt.run.",
                assertThrows(InvalidInputException.class, () -> RunDirectory.newestFinished(runs))
                        .getMessage());
        assertEquals(List.of(), RunDirectory.list(runs));
    }

    @Test
    void aRunIsFoundByIdOrPath() {
        RunDirectory run = recorded(RunStatus.RUNNING, 0);
        assertEquals(run.path(), RunDirectory.find(runs, folder, run.id()).path());
        assertEquals(
                run.path(),
                RunDirectory.find(folder.resolve("other"), folder, "runs/" + run.id())
                        .path());
        assertEquals(
                run.path(),
                RunDirectory.find(folder.resolve("other"), folder, run.path().toString())
                        .path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../x", "x/../../y", "/", "none", "", "a\u0000b", "~"})
    void otherNamesAreErrors(String name) throws IOException {
        Files.createDirectories(runs);
        assertEquals(
                "run is \"" + name.replace('\u0000', '?') + "\", but there is no such run in " + runs
                        + " and no run directory of that path. Train one first.",
                assertThrows(InvalidInputException.class, () -> RunDirectory.find(runs, folder, name))
                        .getMessage());
    }

    @Test
    void anIdLeadsNowhereButIntoTheRunsFolder() throws IOException {
        RunDirectory run = recorded(RunStatus.RUNNING, 0);
        Path inner = Files.createDirectories(runs.resolve("inner"));
        String message = assertThrows(
                        InvalidInputException.class, () -> RunDirectory.find(inner, inner, "../" + "none"))
                .getMessage();
        assertTrue(message.endsWith("Train one first."), message);
        assertEquals(
                run.path(), RunDirectory.find(inner, inner, "../" + run.id()).path());
        assertThrows(InvalidInputException.class, () -> RunDirectory.find(inner, folder, "../" + run.id()));
    }

    @Test
    void aRunsFolderThatIsAFileIsNamed() throws IOException {
        Files.writeString(runs, "");
        String message = assertThrows(InvalidInputException.class, this::create).getMessage();
        assertTrue(message.contains("cannot be written ("), message);
        assertEquals(1, message.lines().count(), message);
    }
}
