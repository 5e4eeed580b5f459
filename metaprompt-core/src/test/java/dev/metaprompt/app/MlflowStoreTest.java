package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Axis;
import dev.metaprompt.experiment.AxisValue;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.CellWatcher;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.fetch.Archive;
import dev.metaprompt.run.Attempts;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.tracking.ArtifactStore;
import dev.metaprompt.tracking.FakeMlflow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowStoreTest {
    private static final List<String> REPEATABLE = List.of(
            "metrics.jsonl",
            "episodes.jsonl",
            "initial.safetensors",
            "learned.safetensors",
            "contexts.safetensors",
            "predictions.csv");

    @TempDir
    Path folder;

    private final Set<Long> packed = new ConcurrentSkipListSet<>();
    private FakeMlflow server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A machine's part of the store: its own folder on its own disk. */
    private MlflowStore machine(String name) {
        return new MlflowStore(server.server(), "test", folder.resolve(name).resolve("runs/test"));
    }

    /** A run that has come to a step, with a line for each and some more behind. */
    private static RunDirectory run(Path place, long step) throws IOException {
        RunDirectory run = RunDirectory.at(place);
        Files.createDirectories(run.file(RunDirectory.CHECKPOINT));
        byte[] header = ("{\"__metadata__\":{\"step\":\"" + step + "\"}}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer state = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        state.putLong(header.length).put(header);
        Files.write(run.file(RunDirectory.CHECKPOINT).resolve("state.safetensors"), state.array());
        Files.writeString(run.file(RunDirectory.METRICS), "{\"step\":" + step + "}\n");
        run.writeRecord(Records.running(run.id()));
        return run;
    }

    private static void finish(RunDirectory run) {
        RunRecord record = run.readRecord();
        run.writeRecord(record.finished(Records.START.plusSeconds(9), Records.results(70, 60, 65), Map.of()));
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aTrainingGoesOnOnAnotherMachineToTheSameBytes() throws Exception {
        Path dataset = SmallDataset.write(folder.resolve("dtd-small"));
        TestContext here = context("here", dataset);
        TestContext there = context("there", dataset);
        Axis seeds =
                new Axis("seed", List.of(new AxisValue("5", List.of(new Assignment("seed", "5", "test")))), "test");
        Plan plan = new ExperimentPlanner(here)
                .plan(new Matrix(
                        "test",
                        "A test",
                        List.of(),
                        List.of(seeds),
                        List.of(),
                        new Comparison(Map.of(), List.of("seed"))));
        Cell cell = plan.cells().get(0);
        AtomicBoolean kept = new AtomicBoolean();
        // While the training goes on, as a worker does; this machine is then taken for lost.
        CellWatcher keeper = (what, done, total, detail) -> {
            if (what.equals("epoch")) {
                assertPacksWhole(machine("here").folder(cell), done);
                if (done >= 3 && !kept.getAndSet(true)) {
                    machine("here").keep(cell);
                }
            }
        };
        compute(here, plan, cell, machine("here").folder(cell), keeper);
        assertTrue(kept.get(), "no epoch was seen");
        assertTrue(packed.size() > 3, "packed at steps " + packed);
        machine("there").fetch(cell);
        RunDirectory fetched = RunDirectory.open(machine("there").folder(cell));
        long step = RunArchive.position(fetched.path()).step();
        assertTrue(step > 0 && step < 90, "step " + step);
        assertFalse(Files.exists(fetched.file(RunDirectory.PREDICTIONS)));
        compute(there, plan, cell, fetched.path(), (what, done, total, detail) -> {});
        RunDirectory whole = RunDirectory.open(machine("here").folder(cell));
        TrainedFiles.assertSame(whole, fetched, REPEATABLE);
        assertEquals(
                List.of("begin", "begin", "finished"),
                JsonLines.read(fetched.file(Attempts.FILE)).stream()
                        .map(line -> line.get("event").getAsString())
                        .toList());
        machine("there").keep(cell);
        machine("here").keep(cell);
        machine("third").fetch(cell);
        Path third = machine("third").folder(cell);
        assertArrayEquals(
                Files.readAllBytes(fetched.file(RunDirectory.RECORD)),
                Files.readAllBytes(third.resolve(RunDirectory.RECORD)));
        assertEquals(
                names(fetched.path()).stream()
                        .filter(name -> !name.startsWith("."))
                        .toList(),
                names(third).stream().filter(name -> !name.startsWith(".")).toList());
    }

    /** Packs a run that goes on: its lines must be those of the checkpoint or more. */
    private void assertPacksWhole(Path run, long time) {
        Path work = folder.resolve("packed" + time);
        Path archive = folder.resolve("packed" + time + ".tar.gz");
        try {
            RunArchive.Position position =
                    RunArchive.pack(run, Files.createDirectories(work), archive).orElseThrow();
            Path content = new Archive(archive, Archive.Limits.USUAL, Progress.SILENT)
                    .unpack(folder.resolve("unpacked" + time), "");
            for (String file : List.of(RunDirectory.METRICS, RunDirectory.EPISODES)) {
                long lines = JsonLines.read(content.resolve(file)).size();
                assertTrue(lines >= position.step(), file + " has " + lines + " lines at step " + position.step());
            }
            packed.add(position.step());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestContext context(String machine, Path dataset) throws IOException {
        return new TestContext(
                Files.createDirectories(folder.resolve(machine)),
                "dataset",
                dataset.toString(),
                "cache",
                folder.resolve(machine).resolve("cache").toString(),
                "way",
                "3",
                "dataset.shots",
                "8",
                "episode.imagesPerClass",
                "6",
                "train.epochs",
                "60",
                "train.iterations",
                "3",
                "evaluate.episodes",
                "20",
                "threads",
                "1");
    }

    private static void compute(TestContext context, Plan plan, Cell cell, Path place, CellWatcher watcher) {
        try (CellProcesses processes =
                CellProcessCommand.processes(context, 1, CellOptions.ofMachine(Settings.withoutModel(context)))) {
            assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), processes.compute(plan, cell, place, watcher));
        }
    }

    @Test
    void whatIsHereGivesWayToWhatHasComeFurtherOnly() throws IOException {
        Cell cell = Cells.cell(1);
        RunDirectory here = run(machine("here").folder(cell), 20);
        Files.writeString(here.file("tracking.json"), "{}");
        machine("here").keep(cell);
        RunDirectory there = run(machine("there").folder(cell), 20);
        Files.writeString(there.file("own.txt"), "mine");
        machine("there").fetch(cell);
        assertTrue(Files.exists(there.file("own.txt")));
        run(there.path(), 10);
        try (RunLock lock = there.lock()) {
            machine("there").fetch(cell);
            assertTrue(Files.exists(there.file("own.txt")), "a run that is worked on was replaced");
        }
        machine("there").fetch(cell);
        assertEquals(
                List.of(".lock", "checkpoint/state.safetensors", "metrics.jsonl", "run.json"), names(there.path()));
        assertEquals(20, RunArchive.position(there.path()).step());
        finish(there);
        machine("there").keep(cell);
        run(here.path(), 90);
        machine("here").keep(cell);
        machine("here").fetch(cell);
        assertTrue(RunArchive.position(here.path()).finished());
        machine("there").fetch(cell);
        assertEquals(here.readRecord(), there.readRecord());
        try (Stream<Path> left = Files.list(folder.resolve("here/runs/test"))) {
            assertEquals(List.of(here.path()), left.toList());
        }
    }

    @Test
    void whoWorkedHereStaysKnownWhenAnothersRunComes() throws IOException {
        Cell cell = Cells.cell(1);
        RunDirectory here = run(machine("here").folder(cell), 20);
        String shared = "{\"event\":\"begin\",\"time\":\"2026-01-01T10:00:00Z\",\"host\":\"there\",\"pid\":1}\n";
        String others = "{\"event\":\"begin\",\"time\":\"2026-01-01T11:00:00.5Z\",\"host\":\"here\",\"pid\":2}\n";
        String own = "{\"event\":\"begin\",\"time\":\"2026-01-01T10:30:00.25Z\",\"host\":\"there\",\"pid\":3}\n";
        Files.writeString(here.file(Attempts.FILE), shared + others);
        machine("here").keep(cell);
        RunDirectory there = run(machine("there").folder(cell), 10);
        Files.writeString(there.file(Attempts.FILE), shared + own + "{\"event\":\"beg");
        machine("there").fetch(cell);
        assertEquals(20, RunArchive.position(there.path()).step());
        assertEquals(shared + own + others, Files.readString(there.file(Attempts.FILE)));
    }

    @Test
    void aFinishedRunWithoutACheckpointIsKept() throws IOException {
        Cell cell = Cells.cell(1);
        RunDirectory here = run(machine("here").folder(cell), 20);
        Files.delete(here.file(RunDirectory.CHECKPOINT).resolve("state.safetensors"));
        machine("here").keep(cell);
        assertTrue(server.uploads().isEmpty(), "nothing was worth to be kept");
        finish(here);
        try (RunLock lock = here.lock()) {
            machine("here").keep(cell);
            assertTrue(server.uploads().isEmpty(), "its report may not be written yet");
        }
        machine("here").keep(cell);
        machine("there").fetch(cell);
        assertTrue(RunArchive.position(machine("there").folder(cell)).finished());
    }

    @Test
    void whatAKilledFetchLeftBehindIsNoRun() throws IOException {
        Cell cell = Cells.cell(1);
        RunDirectory there = run(machine("there").folder(cell), 50);
        Files.delete(there.file(RunDirectory.RECORD));
        machine("there").fetch(cell);
        assertEquals(List.of(".lock"), names(there.path()));
        run(there.path(), 50);
        Files.delete(there.file(RunDirectory.RECORD));
        run(machine("here").folder(cell), 20);
        machine("here").keep(cell);
        machine("there").fetch(cell);
        assertEquals(20, RunArchive.position(there.path()).step());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/tmp/evil", "a/../../evil", "link"})
    void anArchiveThatLeavesItsFolderIsRefusedAndChangesNothing(String name) throws IOException {
        Cell cell = Cells.cell(1);
        Path archive = folder.resolve("evil.tar.gz");
        try (OutputStream out = Files.newOutputStream(archive);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            TarArchiveEntry entry = name.equals("link")
                    ? new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK)
                    : new TarArchiveEntry(name, true);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        new ArtifactStore(server.server(), "metaprompt-store/test")
                .put("cell|" + cell.id(), "evil", Map.of(), 99, false, archive);
        RunDirectory here = run(machine("here").folder(cell), 20);
        List<String> before = names(folder);
        assertThrows(InvalidInputException.class, () -> machine("here").fetch(cell));
        assertEquals(before, names(folder));
        assertEquals(20, RunArchive.position(here.path()).step());
    }

    @Test
    void aPlanComesBackAsItWas() {
        Plan plan = Cells.plan(Cells.cell(1, "way", "5"), Cells.cell(2, "way", "10"));
        MlflowStore store = machine("here");
        assertEquals(Optional.empty(), store.fetchPlan(plan.id()));
        store.keepPlan(plan);
        store.keepPlan(plan);
        assertEquals(Optional.of(plan), machine("there").fetchPlan(plan.id()));
        assertEquals(1, server.uploads().size());
    }
}
