package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunSyncTest {
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

    private RunSync.Summary sync(RunDirectory... runs) {
        return new RunSync(server.server(), Optional.empty()).run(List.of(runs), Progress.SILENT, () -> false);
    }

    @Test
    void aFinishedRunArrivesWhole() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 4);
        assertEquals(new RunSync.Summary(1, 0, List.of(), 0), sync(run));
        FakeMlflow.StoredRun there = MirroredRuns.assertMirrored(server, run);
        assertEquals(Map.of("metaprompt/textures", "1"), server.experiments);
        assertEquals("metaprompt 5-way 2-shot s9007199254740991", there.name);
        assertEquals("FINISHED", there.status);
        assertEquals("0.002", there.params.get("train.learningRate"));
        assertEquals("abc123", there.tags.get("git_commit"));
        assertEquals("false", there.tags.get("git_dirty"));
        assertEquals("ab12", there.tags.get("model_sha256"));
        assertFalse(there.tags.get("host").isBlank());
        assertEquals(
                List.of("run.json", "report.html", "learned.safetensors", "predictions.csv"),
                List.copyOf(there.files.keySet()));
    }

    @Test
    void anEpochsValueIsTheMeanOverItsSteps() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        Map<Point.Place, Double> points = new HashMap<>();
        EpochMetrics.read(run, run.readRecord(), Long.MAX_VALUE).forEach(p -> points.put(p.place(), p.value()));
        assertEquals((0.9 / 3 + 0.9 / 4 + 0.9 / 5) / 3, points.get(new Point.Place("cross_entropy", 1)));
        assertEquals(0.002 / 3, points.get(new Point.Place("learning_rate", 1)));
        assertEquals(100 / 7.0 * 5, points.get(new Point.Place("base", 1)));
        assertEquals(50.0, points.get(new Point.Place("accuracy_text", -1)));
        assertEquals(2 * 5 + 2 * 2 + 3 + 3, points.size());
    }

    @Test
    void twiceIsTheSameAsOnce() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 4);
        sync(run);
        server.calls.clear();
        assertEquals(new RunSync.Summary(0, 1, List.of(), 0), sync(run));
        MirroredRuns.assertMirrored(server, run);
        assertTrue(server.calls.stream().noneMatch(call -> call.contains("log-batch") || call.startsWith("PUT")));
    }

    @Test
    void theCacheMayBeDeletedAtAnyTime() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 4);
        sync(run);
        Files.delete(run.file(TrackingState.FILE));
        assertEquals(1, sync(run).complete());
        Files.writeString(run.file(TrackingState.FILE), "{\"uri\":");
        assertEquals(1, sync(run).complete());
        MirroredRuns.assertMirrored(server, run);
    }

    /** The server fails at each call in turn; whatever it did before or in spite of that, the next time completes it. */
    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"ERROR", "ERROR_AFTERWARDS", "NO_ANSWER"})
    void afterAFaultAtAnyCallTheNextTimeLosesAndDoublesNothing(FakeMlflow.Fault fault) throws IOException {
        boolean failed = true;
        int call = 0;
        for (; failed; call++) {
            RunDirectory run = MirroredRuns.finished(Files.createDirectories(folder.resolve("at" + call)), 3);
            server.runs.clear();
            server.failAfter(call, fault);
            try {
                sync(run);
                failed = false;
            } catch (InvalidInputException e) {
                assertTrue(e.getMessage().contains(server.uri()), e.getMessage());
                assertTrue(e.getMessage().endsWith("mvn metaprompt:sync"), e.getMessage());
            }
            server.heal();
            // As if some time had gone by since the server was asked for the run.
            forgetWhenAsked(run);
            sync(run);
            MirroredRuns.assertMirrored(server, run);
        }
        assertTrue(call > 10, "only " + call + " calls were tried");
    }

    private static void forgetWhenAsked(RunDirectory run) throws IOException {
        Path file = run.file(TrackingState.FILE);
        if (Files.exists(file)) {
            Files.writeString(file, Files.readString(file).replaceAll("(\"createAsked\": \")20\\d\\d", "$12001"));
        }
    }

    @Test
    void aRunThatIsCreatedLateIsWaitedFor() throws Exception {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        // Experiment asked for and created, runs searched; then the answer is lost.
        server.failAfter(3, FakeMlflow.Fault.NO_ANSWER);
        assertThrows(InvalidInputException.class, () -> sync(run));
        server.heal();
        assertTrue(TrackingState.find(run).orElseThrow().asked().isPresent());
        List<FakeMlflow.StoredRun> late = List.copyOf(server.runs);
        server.runs.clear();
        Thread arrival = new Thread(() -> {
            try {
                Thread.sleep(1500);
            } catch (InterruptedException e) {
                return;
            }
            synchronized (server.runs) {
                server.runs.addAll(late);
            }
        });
        arrival.start();
        sync(run);
        arrival.join();
        MirroredRuns.assertMirrored(server, run);
        assertEquals(1, server.runs.size());
    }

    @Test
    void ofTwoRunsOfOneKeyTheOldestStays() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        sync(run);
        FakeMlflow.StoredRun first = server.runs.get(0);
        FakeMlflow.StoredRun second = new FakeMlflow.StoredRun("other", "1", "twin");
        second.tags.put(RunFinder.KEY, first.tags.get(RunFinder.KEY));
        second.tags.put(RunFinder.CREATED, "9" + first.tags.get(RunFinder.CREATED));
        server.runs.add(second);
        Files.writeString(run.file(RunDirectory.REPORT), "<html>again");
        sync(run);
        assertEquals("run0", MirroredRuns.assertMirrored(server, run).id);
        assertEquals("deleted", second.stage);
    }

    @Test
    void aRunThatSomebodyDeletedThereStaysDeleted() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        sync(run);
        server.runs.get(0).stage = "deleted";
        RunSync.Summary summary = sync(run);
        assertEquals(1, summary.leftOut().size());
        assertTrue(summary.leftOut().get(0).contains("deleted on the server"), summary.toString());
        assertTrue(server.active().isEmpty());
    }

    @Test
    void aRunThatGoesOnIsOpenedAgainAndGetsWhatIsNew() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 2);
        RunRecord record = run.readRecord();
        run.writeRecord(record.withStatus(RunStatus.INTERRUPTED, Optional.of(Records.START.plusSeconds(9))));
        sync(run);
        assertEquals("KILLED", server.active().get(0).status);
        run.writeRecord(record);
        sync(run);
        assertEquals("RUNNING", server.active().get(0).status);
        MirroredRuns.addEpoch(run, 2, 0.25);
        MirroredRuns.finish(run, 71.5);
        sync(run);
        assertEquals("FINISHED", MirroredRuns.assertMirrored(server, run).status);
        assertEquals(1, server.runs.size());
    }

    @Test
    void aRunThatFailedAndThenFinishedHasNoErrorThere() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 2);
        RunRecord record = run.readRecord();
        run.writeRecord(record.failed(Records.START.plusSeconds(9), "no more memory"));
        sync(run);
        assertEquals("no more memory", server.active().get(0).tags.get("error"));
        run.writeRecord(record);
        MirroredRuns.finish(run, 71.5);
        sync(run);
        assertFalse(MirroredRuns.assertMirrored(server, run).tags.containsKey("error"));
    }

    @Test
    void anEpochThatIsTrainedAgainInAnotherTimeIsNotSentAgain() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 3);
        sync(run);
        JsonLines.truncate(run.file(RunDirectory.EPOCHS), 3);
        JsonLines.truncate(run.file(RunDirectory.METRICS), 6);
        MirroredRuns.addEpoch(run, 2, 0.75);
        MirroredRuns.finish(run, 71.5);
        sync(run);
        assertEquals(1, server.runs.size());
        int wanted = EpochMetrics.read(run, run.readRecord(), Long.MAX_VALUE).size();
        assertEquals(wanted, server.runs.get(0).metrics.size());
    }

    @Test
    void aRunWithOtherValuesThanThereReplacesIt() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 3);
        sync(run);
        Path epochs = run.file(RunDirectory.EPOCHS);
        Files.writeString(epochs, Files.readString(epochs).replace("\"loss\":0.25", "\"loss\":0.26"));
        MirroredRuns.finish(run, 71.5);
        sync(run);
        assertEquals(2, server.runs.size());
        MirroredRuns.assertMirrored(server, run);
        assertTrue(server.runs.get(0).tags.containsKey(RunFinder.SUPERSEDED));
    }

    @Test
    void aRunWithAnotherParameterThanThereReplacesIt() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        sync(run);
        server.runs.get(0).params.put("way", "6");
        Files.writeString(run.file(RunDirectory.REPORT), "<html>again");
        sync(run);
        MirroredRuns.assertMirrored(server, run);
        assertEquals(2, server.runs.size());
    }

    @Test
    void aPointThatIsThereTwiceIsPutRight() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        sync(run);
        server.runs.get(0).metrics.add(server.runs.get(0).metrics.get(0));
        Files.writeString(run.file(RunDirectory.REPORT), "<html>again");
        sync(run);
        MirroredRuns.assertMirrored(server, run);
    }

    @Test
    void aRunThatAnotherProcessSendsIsLeftToIt() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        try (TrackingLock lock = TrackingLock.take(run).orElseThrow()) {
            assertTrue(sync(run).leftOut().get(0).contains("another process"));
        }
        assertTrue(server.runs.isEmpty());
        assertEquals(1, sync(run).sent());
    }

    @Test
    void longValuesAreShortenedAndLongCurvesSentInParts() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 400);
        RunRecord record = run.readRecord();
        Map<String, Object> config = new HashMap<>(record.config());
        config.put("dataset.classes.base", "c,".repeat(600));
        for (int i = 0; i < 230; i++) {
            config.put("key" + i, (long) i);
        }
        run.writeRecord(Records.running(run.id(), config));
        MirroredRuns.finish(run, 71.5);
        sync(run);
        String value = MirroredRuns.assertMirrored(server, run).params.get("dataset.classes.base");
        assertTrue(value.length() <= 500 && value.contains("1200 characters, whole in run.json"), value);
    }

    @Test
    void whatIsFoundInsteadOfAServerIsSaidInOneLine() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 2);
        server.fail(FakeMlflow.Fault.UNAUTHORIZED);
        assertTrue(message(run).contains("refuses the credentials with 401"), message(run));
        assertTrue(message(run).contains("MLFLOW_TRACKING_PASSWORD"), message(run));
        server.fail(FakeMlflow.Fault.HTML);
        assertTrue(message(run).contains("answers, but not as an MLflow server does"), message(run));
        server.fail(FakeMlflow.Fault.ERROR);
        assertTrue(message(run).contains("answers 500"), message(run));
        server.close();
        assertTrue(message(run).contains("cannot be reached (the connection was refused)"), message(run));
    }

    private String message(RunDirectory run) {
        String message =
                assertThrows(InvalidInputException.class, () -> sync(run)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void secretsAreSentAndNeverShown() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        Map<String, String> environment = Map.of("MLFLOW_TRACKING_TOKEN", "s3cret");
        TrackingServer secured = TrackingServer.of(server.uri(), "test", environment);
        server.fail(FakeMlflow.Fault.UNAUTHORIZED);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> new RunSync(secured, Optional.empty()).run(List.of(run), Progress.SILENT, () -> false))
                .getMessage();
        assertTrue(message.contains("Bearer …"), message);
        assertFalse(message.contains("s3cret"), message);
        assertFalse(secured.toString().contains("s3cret"));
        server.heal();
        new RunSync(secured, Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
        assertFalse(Files.readString(run.file(TrackingState.FILE)).contains("s3cret"));
    }
}
