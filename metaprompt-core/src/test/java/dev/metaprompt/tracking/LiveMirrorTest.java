package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LiveMirrorTest {
    @TempDir
    private Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private FakeMlflow server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private final Progress progress = new Progress() {
        @Override
        public void phase(String text) {
            told.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {}
    };

    private LiveMirror mirror(RunDirectory run) {
        return LiveMirror.start(run, server.server(), Optional.empty(), progress);
    }

    private static void train(RunDirectory run, LiveMirror live, int from, int to) {
        Progress watched = live.watching(Progress.SILENT);
        for (int epoch = from; epoch < to; epoch++) {
            MirroredRuns.addEpoch(run, epoch, 0.25);
            watched.update("epoch", epoch + 1L, to, "");
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private int points(String key) {
        synchronized (server.runs) {
            return (int) server.active().stream()
                    .flatMap(run -> run.metrics.stream())
                    .filter(metric -> metric.get("key").getAsString().equals(key))
                    .count();
        }
    }

    private void assertSyncCompletes(RunDirectory run) throws IOException {
        server.heal();
        server.delay(0);
        new RunSync(server.server(), Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
        MirroredRuns.assertMirrored(server, run);
    }

    @Test
    void epochsArriveWhileTheTrainingGoesOnAndTheRestAtItsEnd() throws Exception {
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 2);
        await(() -> points("loss") == 2);
        assertEquals("RUNNING", server.active().get(0).status);
        train(run, live, 2, 5);
        await(() -> points("loss") == 5);
        MirroredRuns.finish(run, 71.5);
        live.end(false);
        assertEquals("FINISHED", MirroredRuns.assertMirrored(server, run).status);
        assertEquals(List.of("mirrored: " + server.uri() + "/#/experiments/1/runs/run0"), told);
    }

    @Test
    void anEpochThatIsNotYetToldOfIsNotSent() throws Exception {
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 1);
        MirroredRuns.addEpoch(run, 1, 0.25);
        await(() -> points("loss") == 1);
        TimeUnit.MILLISECONDS.sleep(1500);
        assertEquals(1, points("loss"));
        live.close();
        assertSyncCompletes(run);
    }

    @Test
    void aServerThatHangsCostsTheTrainingSecondsAtItsEndAndNothingBefore() throws Exception {
        server.fail(FakeMlflow.Fault.HANG);
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        Progress watched = live.watching(Progress.SILENT);
        long start = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            watched.update("epoch", 1, 2, "");
        }
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(2).toNanos(), "the training was held up");
        train(run, live, 0, 2);
        MirroredRuns.finish(run, 71.5);
        start = System.nanoTime();
        live.end(false);
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(6).toNanos(), "the end was held up");
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains("mvn metaprompt:sync"), told.toString());
        assertSyncCompletes(run);
    }

    @Test
    void aServerThatFailsIsWarnedOfOnceAndMayComeBack() throws Exception {
        server.fail(FakeMlflow.Fault.ERROR);
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 3);
        // Three attempts with pauses between them: an attempt ends with its first call, since only 429 is asked again.
        await(() -> server.calls.size() > 2);
        server.heal();
        train(run, live, 3, 4);
        MirroredRuns.finish(run, 71.5);
        live.end(false);
        MirroredRuns.assertMirrored(server, run);
        assertEquals(2, told.size(), told.toString());
        assertTrue(
                told.get(0).startsWith("warning: tracking server " + server.uri() + " answers 500"), told.toString());
        assertTrue(told.get(1).startsWith("mirrored: "), told.toString());
    }

    @Test
    void aSlowServerIsNotWaitedForWithoutEnd() throws Exception {
        server.delay(5000);
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 3);
        MirroredRuns.finish(run, 71.5);
        long start = System.nanoTime();
        live.end(false);
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(25).toNanos(), "the end was held up");
        assertSyncCompletes(run);
    }

    @Test
    void aFailedTrainingIsMirroredAsFailed() throws Exception {
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 2);
        run.writeRecord(run.readRecord().failed(Records.START.plusSeconds(5), "no more memory"));
        live.end(false);
        FakeMlflow.StoredRun there = MirroredRuns.assertMirrored(server, run);
        assertEquals("FAILED", there.status);
        assertEquals("no more memory", there.tags.get("error"));
    }

    @Test
    void theNextTrainingSendsWhatAnEarlierOneCouldNot() throws Exception {
        server.fail(FakeMlflow.Fault.ERROR);
        RunDirectory first = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(first);
        train(first, live, 0, 2);
        MirroredRuns.finish(first, 71.5);
        live.end(false);
        server.heal();
        RunDirectory second = other("20270102-030405-metaprompt-textures-5way2shot-s1");
        live = mirror(second);
        train(second, live, 0, 1);
        MirroredRuns.finish(second, 60);
        live.end(false);
        assertEquals(2, server.active().size());
        assertTrue(server.active().stream().allMatch(run -> run.status.equals("FINISHED")));
        assertEquals(
                2,
                new RunSync(server.server(), Optional.empty())
                        .run(List.of(first, second), Progress.SILENT, () -> false)
                        .complete());
    }

    private RunDirectory other(String id) throws IOException {
        Path path = Files.createDirectories(folder.resolve(id));
        Files.writeString(path.resolve("run.json"), "{}");
        RunDirectory run = RunDirectory.open(path);
        run.writeRecord(Records.running(id));
        return run;
    }

    @Test
    void nothingReachesTheTrainingWhenTheDirectoryIsDamaged() throws Exception {
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        Files.writeString(run.file(RunDirectory.EPOCHS), "no json\n");
        live.watching(Progress.SILENT).update("epoch", 1, 2, "");
        live.end(false);
        assertEquals(1, told.size(), told.toString());
        assertFalse(told.get(0).isBlank());
    }

    @Test
    void anInterruptedTrainingIsMirroredAsKilledAndHoldsUpNobody() throws Exception {
        RunDirectory run = MirroredRuns.running(folder, 0);
        LiveMirror live = mirror(run);
        train(run, live, 0, 2);
        run.writeRecord(run.readRecord().withStatus(RunStatus.INTERRUPTED, Optional.of(Records.START.plusSeconds(5))));
        long start = System.nanoTime();
        live.end(true);
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos(), "the end was held up");
        assertSyncCompletes(run);
        assertEquals("KILLED", server.active().get(0).status);
    }

    @Test
    void theBestOrTheChosenRunIsTheBaseline() throws Exception {
        RunDirectory good = MirroredRuns.finished(folder, 1);
        RunDirectory better = other("20270102-030405-metaprompt-textures-5way2shot-s2");
        MirroredRuns.finish(better, 90);
        new RunSync(server.server(), Optional.empty()).run(List.of(good, better), Progress.SILENT, () -> false);
        Path into = folder.resolve("baseline");
        List<RunDirectory> fetched = BaselineRuns.fetch(server.server(), "metaprompt/textures", into);
        assertEquals(
                List.of(better.readRecord()),
                fetched.stream().map(RunDirectory::readRecord).toList());
        assertTrue(Files.exists(fetched.get(0).file(RunDirectory.PREDICTIONS)));
        server.runs.get(0).tags.put(BaselineRuns.TAG, "release 1");
        fetched = BaselineRuns.fetch(server.server(), "metaprompt/textures", into);
        assertEquals(
                List.of(good.readRecord()),
                fetched.stream().map(RunDirectory::readRecord).toList());
        InvalidInputException e = org.junit.jupiter.api.Assertions.assertThrows(
                InvalidInputException.class, () -> BaselineRuns.fetch(server.server(), "elsewhere", into));
        assertTrue(e.getMessage().contains("has no experiment \"elsewhere\""), e.getMessage());
    }
}
