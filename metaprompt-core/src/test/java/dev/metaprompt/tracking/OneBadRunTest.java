package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.CellInfo;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that does not take one run: the others arrive. */
@Timeout(120)
class OneBadRunTest {
    private static final String PLAN = "ab".repeat(32);

    @TempDir
    private Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private FakeMlflow server;
    private int runs;

    private final Progress progress = new Progress() {
        @Override
        public void phase(String text) {
            told.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {}
    };

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A finished run that this machine's mirror began to bring to an experiment. */
    private RunDirectory run(String experiment) throws IOException {
        Path path = Files.createDirectories(folder.resolve("2026010" + ++runs + "-000000-" + experiment));
        Files.writeString(path.resolve("run.json"), "{}");
        RunDirectory run = RunDirectory.open(path);
        run.writeRecord(Records.running(run.id()));
        TrackingState.read(run, server.uri(), experiment).write(run);
        MirroredRuns.addEpoch(run, 0, 0.25);
        MirroredRuns.finish(run, 70 + runs);
        return run;
    }

    private RunSync.Summary sync(RunDirectory... runs) {
        return new RunSync(server.server(), Optional.empty()).run(List.of(runs), progress, () -> false);
    }

    private List<String> arrived() {
        return server.active().stream()
                .filter(run -> run.tags.containsKey(RunMirror.MIRRORED))
                .map(run -> run.tags.get("metaprompt.run_id"))
                .toList();
    }

    private void delete(String experiment) {
        server.experiments.put(experiment, Integer.toString(server.experiments.size() + 1));
        server.deletedExperiments.add(experiment);
    }

    @Test
    void anExperimentThatWasDeletedKeepsNoOtherRunBack() throws IOException {
        delete("gone");
        RunDirectory bad = run("gone");
        RunDirectory good = run("here");
        RunSync.Summary summary = sync(bad, good);
        assertEquals(List.of(good.id()), arrived());
        assertEquals(1, summary.sent());
        assertEquals(1, summary.refused());
        assertTrue(summary.leftOut().get(0).startsWith("run " + bad.id() + ": "), summary.toString());
        assertTrue(summary.leftOut().get(0).contains("experiment gone is deleted there"), summary.toString());
        server.deletedExperiments.clear();
        assertEquals(new RunSync.Summary(1, 1, List.of(), 0), sync(bad, good));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofARunThatIsTooLargeComesWhatCan(boolean breaks) throws IOException {
        server.mostBytes = 50_000;
        server.breaksAtTooLarge = breaks;
        RunDirectory large = run("here");
        Files.write(large.file(RunDirectory.LEARNED), new byte[20_000_000]);
        RunDirectory good = run("here");
        RunSync.Summary summary = sync(large, good);
        assertEquals(List.of(good.id()), arrived());
        assertEquals(1, summary.refused());
        String line = summary.leftOut().get(0);
        assertTrue(line.startsWith("run " + large.id() + ": ") && line.contains("learned.safetensors"), line);
        assertTrue(line.contains(breaks ? "of 20000000 bytes; it answers other calls" : "413"), line);
        FakeMlflow.StoredRun there = server.active().stream()
                .filter(run -> large.id().equals(run.tags.get("metaprompt.run_id")))
                .findFirst()
                .orElseThrow();
        assertEquals(
                EpochMetrics.read(large, large.readRecord(), Long.MAX_VALUE).size(), there.metrics.size());
        assertEquals(large.readRecord().config().size(), there.params.size());
        assertEquals(List.of("run.json", "report.html", "predictions.csv"), List.copyOf(there.files.keySet()));
        assertEquals("FINISHED", there.status);
        server.mostBytes = Integer.MAX_VALUE;
        assertEquals(new RunSync.Summary(1, 1, List.of(), 0), sync(large, good));
    }

    /** Curves that are too large at once, and a parameter that is too large by itself. */
    @Test
    void figuresThatAreTooLargeAtOnceComeInParts() throws IOException {
        RunDirectory large = run("here");
        for (int epoch = 1; epoch < 200; epoch++) {
            MirroredRuns.addEpoch(large, epoch, 0.25);
        }
        RunRecord record = large.readRecord();
        Map<String, Object> config = new HashMap<>(record.config());
        config.put("prompt.template", "ä".repeat(490));
        large.writeRecord(Records.running(large.id(), config));
        MirroredRuns.finish(large, 71.5);
        server.mostBytes = 900;
        RunSync.Summary summary = sync(large);
        assertEquals(1, summary.refused(), summary.toString());
        assertTrue(summary.leftOut().get(0).contains("413"), summary.toString());
        FakeMlflow.StoredRun there = server.active().get(0);
        assertEquals(
                EpochMetrics.read(large, large.readRecord(), Long.MAX_VALUE).size(), there.metrics.size());
        assertEquals(config.size() - 1, there.params.size());
        server.mostBytes = 9000;
        assertEquals(1, sync(large).sent());
        MirroredRuns.assertMirrored(server, large);
    }

    @Test
    void aFaultThatMayBeTheServersIsTriedWithTheNextRun() throws IOException {
        server.brokenExperiments.add("broken");
        RunDirectory bad = run("broken");
        RunDirectory good = run("here");
        RunSync.Summary summary = sync(bad, good);
        assertEquals(List.of(good.id()), arrived());
        assertTrue(summary.leftOut().get(0).startsWith("run " + bad.id() + ": "), summary.toString());
        assertEquals(1, summary.refused());
        // Alone it may be the server, as before.
        String message =
                assertThrows(InvalidInputException.class, () -> sync(bad)).getMessage();
        assertTrue(message.contains("answers 500"), message);
        server.fail(FakeMlflow.Fault.ERROR);
        server.calls.clear();
        assertThrows(InvalidInputException.class, () -> sync(bad, good, bad, good));
        assertEquals(3, server.calls.size(), "a broken server is asked for two runs, for itself, and no more");
    }

    @Test
    void badNeighboursKeepNoOtherRunBack() throws IOException {
        server.brokenExperiments.add("broken");
        List<RunDirectory> bad = List.of(run("broken"), run("broken"), run("broken"));
        RunDirectory good = run("here");
        RunDirectory last = run("broken");
        RunSync.Summary summary = sync(bad.get(0), bad.get(1), bad.get(2), good, last);
        assertEquals(List.of(good.id()), arrived());
        assertEquals(1, summary.sent());
        assertEquals(4, summary.refused());
        assertEquals(
                List.of(bad.get(0).id(), bad.get(1).id(), bad.get(2).id(), last.id()),
                summary.leftOut().stream()
                        .map(line -> line.replaceFirst("run (\\S+): .*", "$1"))
                        .toList());
    }

    @Test
    void theBacklogAfterATrainingGoesOn() throws IOException {
        delete("gone");
        RunDirectory bad = run("gone");
        RunDirectory good = run("here");
        RunDirectory own = run("here");
        LiveMirror.start(own, server.server(), Optional.empty(), progress).end(false);
        assertEquals(List.of(good.id(), own.id()), arrived().stream().sorted().toList());
        assertTrue(
                told.stream().anyMatch(line -> line.contains(bad.id()) && line.contains("left out")), told.toString());
    }

    /** The training's own run is the one that the server does not take. */
    @Test
    void theBacklogIsSentAfterARunThatIsNotTaken() throws IOException {
        delete("gone");
        RunDirectory good = run("here");
        RunDirectory own = run("gone");
        LiveMirror.start(own, server.server(), Optional.empty(), progress).end(false);
        assertEquals(List.of(good.id()), arrived());
        assertEquals(
                1,
                told.stream().filter(line -> line.contains("is deleted there")).count(),
                told.toString());
    }

    @Test
    void theCellsOfAnExperimentGoOn() throws IOException {
        delete("gone");
        RunDirectory bad = run("gone");
        RunDirectory good = run("here");
        new CellInfo("n-way", PLAN, "c1", Map.of("way", "5")).write(bad.path());
        new CellInfo("n-way", PLAN, "c2", Map.of("way", "6")).write(good.path());
        ExperimentRecord.Facts facts = ExperimentRecord.Facts.of("n-way", "N", PLAN, List.of(Map.of("way", "5")));
        ExperimentRun run =
                ExperimentRun.begin(Optional.of(server.server()), Optional.of("here"), folder, facts, progress);
        assertTrue(run.end(RunStatus.FINISHED, Map.of(), false).isPresent());
        assertTrue(arrived().contains(good.id()), arrived().toString());
        assertFalse(arrived().contains(bad.id()));
        assertTrue(told.stream().anyMatch(line -> line.contains(bad.id())), told.toString());
    }
}
