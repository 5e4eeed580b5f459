package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ExperimentRunTest {
    private static final String PLAN = "ab".repeat(32);

    @TempDir
    private Path runs;

    private final List<String> told = new ArrayList<>();
    private FakeMlflow server;
    private Path folder;

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
        folder = Files.createDirectories(runs.resolve("n-way"));
        Files.writeString(folder.resolve("experiment.json"), "{}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ExperimentRecord.Facts facts() {
        List<Map<String, String>> coordinates = new ArrayList<>();
        for (String way : List.of("5", "10")) {
            for (String seed : List.of("1", "2", "3")) {
                Map<String, String> cell = new LinkedHashMap<>();
                cell.put("way", way);
                cell.put("seed", seed);
                coordinates.add(cell);
            }
        }
        return ExperimentRecord.Facts.of("n-way", "Accuracy and N", PLAN, coordinates);
    }

    private ExperimentRun begin() {
        return ExperimentRun.begin(Optional.of(server.server()), Optional.empty(), folder, facts(), progress);
    }

    private RunDirectory cell(String name, String cellId) throws IOException {
        return cell(name, cellId, PLAN);
    }

    private RunDirectory cell(String name, String cellId, String plan) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        RunDirectory made = MirroredRuns.finished(place, 2);
        // One level up, as the cells of an experiment lie.
        Path here = folder.resolve(name + "-run");
        Files.move(made.path(), here);
        Files.delete(place);
        new CellInfo("n-way", plan, cellId, Map.of("way", "5", "seed", "1")).write(here);
        return RunDirectory.open(here);
    }

    private RunSync.Summary sync() {
        return new RunSync(server.server(), Optional.empty())
                .run(RunSync.experiments(runs), RunDirectory.list(folder), Progress.SILENT, () -> false);
    }

    private List<FakeMlflow.StoredRun> parents() {
        return server.active().stream()
                .filter(run -> run.tags.containsKey("metaprompt.cells"))
                .toList();
    }

    private List<FakeMlflow.StoredRun> children() {
        return server.active().stream()
                .filter(run -> run.tags.containsKey("metaprompt.cell"))
                .toList();
    }

    @Test
    void anExperimentIsThereBeforeItsCellsAndWholeAtItsEnd() throws IOException {
        ExperimentRun run = begin();
        FakeMlflow.StoredRun parent = parents().get(0);
        assertEquals(Optional.of(server.uri() + "/#/experiments/1/runs/" + parent.id), run.link());
        assertEquals(Map.of("metaprompt/n-way", "1"), server.experiments);
        assertEquals("n-way", parent.name);
        assertEquals("RUNNING", parent.status);
        assertEquals(Map.of("way", "5, 10", "seed", "1, 2, 3"), parent.params);
        assertEquals("6", parent.tags.get("metaprompt.cells"));
        assertEquals("n-way", parent.tags.get("metaprompt.experiment"));
        assertEquals(PLAN, parent.tags.get("metaprompt.experimentId"));
        assertEquals("Accuracy and N", parent.tags.get("metaprompt.title"));
        RunDirectory cell = cell("a", "c1");
        sync();
        assertEquals(parent.id, children().get(0).tags.get("mlflow.parentRunId"));
        assertEquals("5", children().get(0).tags.get("metaprompt.axis.way"));
        Files.writeString(folder.resolve("summary.csv"), "a,b\n");
        Files.writeString(folder.resolve("claims.json"), "{}");
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Map<String, Double> figures =
                Map.of("harmonic_mean/way=5", 200 / 3.0, "p value", Double.NaN, "gap", Double.POSITIVE_INFINITY);
        assertEquals(run.link(), run.end(RunStatus.FINISHED, figures, false));
        assertEquals("FINISHED", parent.status);
        assertEquals(1, parent.metrics.size());
        assertEquals("harmonic_mean/way_5", parent.metrics.get(0).get("key").getAsString());
        assertEquals(200 / 3.0, parent.metrics.get(0).get("value").getAsDouble());
        assertEquals(List.of("experiment.json", "claims.json", "summary.csv"), List.copyOf(parent.files.keySet()));
        assertEquals(List.of(), told);
        assertEquals(2, server.active().size());
        assertEquals(RunStatus.FINISHED, cell.readRecord().status());
    }

    @Test
    void theSameExperimentAgainIsTheSameRunWithItsNewFigures() throws IOException {
        begin().end(RunStatus.INTERRUPTED, Map.of("mean", 1.5, "cells", 3.0), false);
        assertEquals("KILLED", parents().get(0).status);
        Files.delete(folder.resolve(ExperimentRecord.FILE));
        ExperimentRun again = begin();
        assertEquals("RUNNING", parents().get(0).status);
        again.end(RunStatus.FINISHED, Map.of("mean", 2.5, "cells", 3.0), false);
        assertEquals(1, server.runs.size());
        List<String> points = parents().get(0).metrics.stream()
                .map(m -> m.get("key").getAsString() + " "
                        + (m.has("step") ? m.get("step").getAsLong() : 0) + " "
                        + m.get("value").getAsDouble())
                .sorted()
                .toList();
        assertEquals(List.of("cells 0 3.0", "mean 0 1.5", "mean 1 2.5"), points);
        server.calls.clear();
        assertEquals(new RunSync.Summary(0, 1, List.of(), 0), sync());
        assertTrue(server.calls.stream().noneMatch(call -> call.contains("log-batch") || call.startsWith("PUT")));
    }

    @Test
    void ofTwoParentsOfOnePlanTheOldestStays() {
        begin();
        FakeMlflow.StoredRun first = parents().get(0);
        FakeMlflow.StoredRun second = new FakeMlflow.StoredRun("other", "1", "twin");
        second.tags.putAll(first.tags);
        second.tags.put(RunFinder.CREATED, "9" + first.tags.get(RunFinder.CREATED));
        server.runs.add(second);
        begin();
        assertEquals(List.of(first), parents());
        assertEquals("deleted", second.stage);
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"ERROR", "ERROR_AFTERWARDS", "NO_ANSWER", "UNAUTHORIZED", "HTML"})
    void aBadServerHarmsNothingIsWarnedOfOnceAndGetsEverythingLater(FakeMlflow.Fault fault) throws IOException {
        server.fail(fault);
        ExperimentRun run = begin();
        assertEquals(Optional.empty(), run.link());
        cell("a", "c1");
        assertEquals(Optional.empty(), run.end(RunStatus.FINISHED, Map.of("mean", 1.5), false));
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).startsWith("warning: tracking server " + server.uri()), told.toString());
        assertTrue(told.get(0).contains("mvn metaprompt:sync"), told.toString());
        server.heal();
        assertEquals(2, sync().sent());
        assertEquals("FINISHED", parents().get(0).status);
        assertEquals(1.5, parents().get(0).metrics.get(0).get("value").getAsDouble());
        assertEquals(1, children().size());
        assertEquals(parents().get(0).id, children().get(0).tags.get("mlflow.parentRunId"));
        assertEquals(new RunSync.Summary(0, 2, List.of(), 0), sync());
    }

    /** The server fails at each call in turn; the next synchronisation leaves one parent with one child. */
    @ParameterizedTest
    @EnumSource(
            value = FakeMlflow.Fault.class,
            names = {"ERROR_AFTERWARDS", "NO_ANSWER"})
    void afterAFaultAtAnyCallThereIsOneParentWithItsFiguresOnce(FakeMlflow.Fault fault) {
        boolean failed = true;
        int call = 0;
        for (; failed; call++) {
            server.runs.clear();
            told.clear();
            ExperimentRun run = begin();
            server.failAfter(call, fault);
            failed = run.end(RunStatus.FINISHED, Map.of("mean", 1.5), false).isEmpty();
            assertEquals(failed ? 1 : 0, told.size(), told.toString());
            server.heal();
            sync();
            assertEquals(1, parents().size());
            assertEquals(1, parents().get(0).metrics.size());
            assertEquals("FINISHED", parents().get(0).status);
        }
        assertTrue(call > 5, "only " + call + " calls were tried");
    }

    @Test
    void aServerThatHangsHoldsUpSecondsOnly() {
        server.fail(FakeMlflow.Fault.HANG);
        long start = System.nanoTime();
        begin();
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos(), "the experiment was held up");
        assertEquals(1, told.size(), told.toString());
    }

    @Test
    void cellsThatCameBeforeTheirParentAreLinkedAtTheEnd() throws IOException {
        server.fail(FakeMlflow.Fault.ERROR);
        ExperimentRun run = begin();
        server.heal();
        cell("a", "c1");
        new RunSync(server.server(), Optional.empty()).run(RunDirectory.list(folder), Progress.SILENT, () -> false);
        assertEquals(1, children().size());
        assertTrue(!children().get(0).tags.containsKey("mlflow.parentRunId"));
        run.end(RunStatus.FINISHED, Map.of(), false);
        assertEquals(1, children().size());
        assertEquals(parents().get(0).id, children().get(0).tags.get("mlflow.parentRunId"));
        assertEquals(new RunSync.Summary(0, 2, List.of(), 0), sync());
    }

    @Test
    void aLongerPlanTakesItsCellsOver() throws IOException {
        begin().end(RunStatus.FINISHED, Map.of(), false);
        RunDirectory cell = cell("a", "c1");
        sync();
        String first = children().get(0).tags.get("mlflow.parentRunId");
        ExperimentRecord.Facts longer =
                new ExperimentRecord.Facts("n-way", "", "cd".repeat(32), 7, Map.of("way", List.of("5")));
        ExperimentRun next =
                ExperimentRun.begin(Optional.of(server.server()), Optional.empty(), folder, longer, progress);
        new CellInfo("n-way", "cd".repeat(32), "c1", Map.of("way", "5", "seed", "1")).write(cell.path());
        next.end(RunStatus.FINISHED, Map.of(), false);
        assertEquals(2, parents().size());
        assertEquals(1, children().size());
        assertNotEquals(first, children().get(0).tags.get("mlflow.parentRunId"));
    }

    @Test
    void twoAttemptsAtACellAreOneRunAndTheFinishedOneStays() throws IOException {
        begin();
        RunDirectory finished = cell("a", "c1");
        sync();
        FakeMlflow.StoredRun child = children().get(0);
        Path elsewhere = Files.createDirectories(runs.resolve("elsewhere"));
        RunDirectory late = MirroredRuns.running(elsewhere, 1);
        new CellInfo("n-way", PLAN, "c1", Map.of("way", "5", "seed", "1")).write(late.path());
        late.writeRecord(late.readRecord().failed(dev.metaprompt.run.Records.START.plusSeconds(9), "lost"));
        RunSync.Summary summary =
                new RunSync(server.server(), Optional.empty()).run(List.of(late), Progress.SILENT, () -> false);
        assertEquals(new RunSync.Summary(0, 1, List.of(), 0), summary);
        assertEquals(List.of(child), children());
        assertEquals("FINISHED", child.status);
        assertTrue(!child.tags.containsKey("error"));
        assertEquals(
                EpochMetrics.read(finished, finished.readRecord(), Long.MAX_VALUE)
                        .size(),
                child.metrics.size());
    }

    @Test
    void aParentIsNoBaseline() throws IOException {
        ExperimentRun run = begin();
        RunDirectory cell = cell("a", "c1");
        sync();
        run.end(RunStatus.FINISHED, Map.of("harmonic_mean", 99.0), false);
        parents().get(0).tags.put(BaselineRuns.TAG, "all of it");
        List<RunDirectory> fetched = BaselineRuns.fetch(server.server(), "metaprompt/n-way", runs.resolve("baseline"));
        assertEquals(1, fetched.size());
        assertEquals(cell.readRecord(), fetched.get(0).readRecord());
    }

    @Test
    void aRunDeletedThereStaysDeletedAndIsWarnedOf() {
        begin();
        parents().get(0).stage = "deleted";
        assertEquals(Optional.empty(), begin().end(RunStatus.FINISHED, Map.of(), false));
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains("was deleted"), told.toString());
        assertTrue(sync().leftOut().get(0).contains("experiment n-way was deleted on the server"));
        assertTrue(parents().isEmpty());
    }

    @Test
    void withoutAServerTheRecordIsKeptAndADamagedOneIsNamed() throws IOException {
        ExperimentRun run = ExperimentRun.begin(Optional.empty(), Optional.of("mine"), folder, facts(), progress);
        assertEquals(Optional.empty(), run.end(RunStatus.FAILED, Map.of("mean", 1.5), false));
        ExperimentRecord record = ExperimentRecord.read(folder).orElseThrow();
        assertEquals(facts(), record.facts());
        assertEquals(RunStatus.FAILED, record.status());
        assertEquals("mine", record.trackingExperiment(Optional.empty()));
        assertEquals(new RunSync.Summary(1, 0, List.of(), 0), sync());
        assertEquals(Map.of("mine", "1"), server.experiments);
        assertEquals("FAILED", parents().get(0).status);
        Files.writeString(folder.resolve(ExperimentRecord.FILE), "{\"status\":");
        String message = assertThrows(InvalidInputException.class, () -> ExperimentRecord.read(folder))
                .getMessage();
        assertTrue(message.contains(ExperimentRecord.FILE), message);
        assertEquals(1, sync().leftOut().size());
        assertEquals(
                RunStatus.RUNNING,
                ExperimentRecord.read(beginAgain()).orElseThrow().status());
    }

    private Path beginAgain() {
        begin();
        return folder;
    }
}
