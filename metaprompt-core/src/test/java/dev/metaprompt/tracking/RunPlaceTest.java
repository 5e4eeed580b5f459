package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Progress;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who says in which of MLflow's experiments a run is: the user and this machine, and no record. */
class RunPlaceTest {
    private static final String PLAN = "ab".repeat(32);

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private FakeMlflow server;

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

    /** A finished run whose record says that it was trained with this experiment. */
    private RunDirectory recorded(Path runs, String experiment) throws IOException {
        RunDirectory run = MirroredRuns.running(runs, 1);
        Map<String, Object> config = new HashMap<>(run.readRecord().config());
        config.put("tracking.experiment", experiment);
        run.writeRecord(Records.running(run.id(), config));
        MirroredRuns.finish(run, 71.5);
        return run;
    }

    private RunSync.Summary sync(Optional<String> asked, RunDirectory run) {
        return new RunSync(server.server(), asked).run(List.of(run), progress, () -> false);
    }

    @Test
    void aStrangersRecordEntersNoBaselinesExperiment() throws IOException {
        RunDirectory run = recorded(folder, "production");
        assertEquals(1, sync(Optional.empty(), run).sent());
        assertEquals(Set.of("metaprompt/textures"), server.experiments.keySet());
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains("goes to experiment metaprompt/textures, not to \"production\""), told.get(0));
        assertEquals(1, sync(Optional.empty(), run).complete());
        assertEquals(1, told.size(), "said once");
    }

    @Test
    void norWhileItIsGoneOnWith() throws IOException {
        RunDirectory run = recorded(folder, "production");
        LiveMirror.start(run, server.server(), Optional.empty(), progress).end(false);
        assertEquals(Set.of("metaprompt/textures"), server.experiments.keySet());
    }

    @Test
    void itsWishIsQuotedInPart() throws IOException {
        sync(Optional.empty(), recorded(folder, "x".repeat(500) + "\u001b[31m"));
        assertFalse(told.get(0).contains("x".repeat(81)), told.get(0));
    }

    @Test
    void whatTheUserAsksForHolds() throws IOException {
        RunDirectory run = recorded(folder, "production");
        sync(Optional.of("mine"), run);
        assertEquals(Set.of("mine"), server.experiments.keySet());
        assertEquals(List.of(), told);
    }

    @Test
    void aRunOfThisMachineIsFoundWhereItsTrainingBroughtIt() throws IOException {
        RunDirectory run = recorded(folder, "mine");
        LiveMirror.start(run, server.server(), Optional.of("mine"), Progress.SILENT)
                .end(false);
        assertEquals(1, sync(Optional.empty(), run).complete());
        // What a training had no time for goes there too.
        Files.writeString(run.file(RunDirectory.REPORT), "<html>again");
        assertEquals(1, sync(Optional.empty(), run).sent());
        assertEquals(Set.of("mine"), server.experiments.keySet());
        assertEquals(List.of(), told);
    }

    @Test
    void whatAnotherServersMirrorNotedDoesNotHold() throws IOException {
        RunDirectory run = recorded(folder, "production");
        TrackingState.read(run, "http://127.0.0.1:1", "production").write(run);
        sync(Optional.empty(), run);
        assertEquals(Set.of("metaprompt/textures"), server.experiments.keySet());
    }

    @Test
    void aCellGoesWhereItsExperimentIs() throws IOException {
        ExperimentRecord.Facts facts = ExperimentRecord.Facts.of("n-way", "N", PLAN, List.of(Map.of("way", "5")));
        ExperimentRecord.begin(folder, facts, Optional.of("mine"), Instant.now());
        RunDirectory run = recorded(folder, "production");
        new CellInfo("n-way", PLAN, "c1", Map.of("way", "5")).write(run.path());
        sync(Optional.empty(), run);
        assertEquals(Set.of("mine"), server.experiments.keySet());
        new CellInfo("other", PLAN, "c1", Map.of("way", "5")).write(run.path());
        Files.delete(run.file(TrackingState.FILE));
        sync(Optional.empty(), run);
        assertEquals(Set.of("mine", "metaprompt/other"), server.experiments.keySet());
    }
}
