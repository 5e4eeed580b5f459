package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A matrix computed by workers in processes of their own, on a real Temporal server. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class TemporalIT {
    private static final int KILLS = Integer.getInteger("it.kills", 3);
    private static final List<String> COMPUTED =
            List.of("learned.safetensors", "metrics.jsonl", "episodes.jsonl", "predictions.csv");
    private static final String MATRIX = """
            title: Distributed
            settings:
              augment: none
              train.epochs: %d
              train.warmupEpochs: 0
              evaluate.episodes: 20
            axes:
              method: [metaprompt, coop]
              seed: 1..%d
            """;

    @TempDir
    private Path folder;

    private TemporalServer server;
    private MavenBuild submitter;
    private final List<MavenBuild.Started> workers = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        Optional<String> program = TemporalServer.program();
        assumeTrue(
                program.isPresent(), "name a Temporal server's program with -Dit.temporal, or set -Dit.python=install");
        server = TemporalServer.start(program.get(), folder.resolve("server"));
        submitter = MavenBuild.project("plain", folder.resolve("submitter"));
    }

    @AfterEach
    void stop() {
        workers.forEach(TemporalIT::kill);
        if (server != null) {
            server.close();
        }
    }

    private void matrix(MavenBuild build, int seeds) throws IOException {
        matrix(build, 30, seeds);
    }

    private void matrix(MavenBuild build, int epochs, int seeds) throws IOException {
        Files.writeString(build.directory().resolve("spread.yaml"), String.format(MATRIX, epochs, seeds));
    }

    private static String[] local() {
        return new String[] {"metaprompt:experiment", "-Dmetaprompt.experiment=spread.yaml", "-Dmetaprompt.threads=1"};
    }

    private String[] distributed(String... more) {
        return Stream.concat(
                        Stream.of(
                                "metaprompt:experiment",
                                "-Dmetaprompt.experiment=spread.yaml",
                                "-Dmetaprompt.runner=temporal"),
                        Stream.concat(Stream.of(place()), Stream.of(more)))
                .toArray(String[]::new);
    }

    private String[] place() {
        return new String[] {
            "-Dmetaprompt.temporal.address=" + server.address(),
            "-Dmetaprompt.temporal.heartbeat=8",
            "-Dmetaprompt.experiment.store=file:" + folder.resolve("store")
        };
    }

    private MavenBuild.Started worker(int number) throws IOException {
        MavenBuild build = MavenBuild.project("plain", folder.resolve("worker" + number));
        return build.start(Stream.concat(Stream.of("metaprompt:worker", "-Dmetaprompt.threads=1"), Stream.of(place()))
                .toArray(String[]::new));
    }

    private Runs cells() {
        return new Runs(folder.resolve("store").resolve("spread"));
    }

    /** Ends a build and all processes it has started, without warning. */
    private static void kill(MavenBuild.Started build) {
        List<ProcessHandle> all = build.process().descendants().toList();
        build.process().destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private MavenBuild undisturbed(int seeds) throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder.resolve("undisturbed"));
        matrix(build, seeds);
        MavenBuild.Result result = build.run(local());
        assertEquals(0, result.exitCode(), result.text());
        return build;
    }

    private void assertSame(MavenBuild undisturbed) throws IOException {
        Runs expected = new Runs(undisturbed.directory().resolve("runs/spread"));
        List<Path> found = cells().all();
        assertEquals(
                expected.all().stream().map(Path::getFileName).toList(),
                found.stream().map(Path::getFileName).toList());
        for (Path run : expected.all()) {
            Path other = cells().folder().resolve(run.getFileName());
            Runs.assertSame(run, other, COMPUTED);
            assertEquals(1, Runs.finishes(other), "computed to its end more than once: " + other);
        }
        assertArrayEquals(
                Files.readAllBytes(expected.folder().resolve("summary.json")),
                Files.readAllBytes(cells().folder().resolve("summary.json")));
    }

    @Test
    void whateverIsKilledTheResultIsTheLocalRunners() throws Exception {
        // Twice as many cells, so that there is work left when the last is killed.
        int seeds = Math.max(4, KILLS / 2 + 2);
        MavenBuild undisturbed = undisturbed(seeds);
        matrix(submitter, seeds);
        workers.add(worker(1));
        workers.add(worker(2));
        MavenBuild.Started submitted = submitter.start(distributed());
        Random random = new Random(KILLS);
        int killed = 0;
        while (killed < KILLS && allFinished() < 2L * seeds) {
            awaitProgress(random.nextInt(40));
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
            submitted = kill(killed++ % 6, random, submitted);
        }
        assertEquals(KILLS, killed, "the matrix was done before all were killed");
        MavenBuild.Result result = submitted.await();
        assertEquals(0, result.exitCode(), result.text());
        assertSame(undisturbed);
    }

    private MavenBuild.Started kill(int what, Random random, MavenBuild.Started submitted) throws Exception {
        int number = random.nextInt(2);
        switch (what) {
            case 0 -> {
                kill(workers.get(number));
                workers.set(number, worker(number + 1));
            }
            case 1 -> {
                server.kill();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3000));
                server.restart();
            }
            case 2 -> {
                kill(submitted);
                return submitter.start(distributed());
            }
            // The process that computes, below the worker: the worker itself goes on.
            case 3 -> workers.get(number).cellProcesses().forEach(ProcessHandle::destroyForcibly);
            case 4 -> workers.get(number).cellProcesses().forEach(ProcessHandle::destroy);
            default -> {
                terminate(workers.get(number), random.nextBoolean());
                workers.set(number, worker(number + 1));
            }
        }
        return submitted;
    }

    /** Asks a build to end, as a console does of all its processes or a service manager of the first one. */
    private static void terminate(MavenBuild.Started build, boolean all) throws Exception {
        List<ProcessHandle> below = build.process().descendants().toList();
        build.process().destroy();
        if (all) {
            below.forEach(ProcessHandle::destroy);
        }
        build.process().onExit().get(60, TimeUnit.SECONDS);
        for (ProcessHandle process : below) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    private long allFinished() throws IOException {
        long finished = 0;
        for (Path run : cells().all()) {
            finished += Runs.status(run).equals("finished") ? 1 : 0;
        }
        return finished;
    }

    /** Waits until some more steps have been computed, wherever. */
    private void awaitProgress(int steps) throws Exception {
        long before = steps();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (steps() < before + steps && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertTrue(steps() >= before + steps, "nothing is computed any more");
    }

    private long steps() throws IOException {
        long steps = 0;
        for (Path run : cells().all()) {
            steps += Runs.steps(run);
        }
        return steps;
    }

    @Test
    void anExperimentIsPausedResumedAndCancelledFromElsewhere() throws Exception {
        // Long enough that it is not done before it is cancelled.
        matrix(submitter, 2000, 2);
        workers.add(worker(1));
        MavenBuild.Started submitted = submitter.start(distributed());
        awaitProgress(1);
        for (String what : List.of("status", "pause", "resume", "cancel")) {
            MavenBuild.Result steered = submitter.run(distributed("-Dmetaprompt.attach=" + what));
            assertEquals(0, steered.exitCode(), steered.text());
            assertTrue(steered.text().contains("0 of 4 cells finished"), steered.text());
            assertEquals(what.equals("pause"), steered.text().contains("paused"), steered.text());
            assertEquals(what.equals("status"), steered.text().contains(", worker "), steered.text());
        }
        MavenBuild.Result result = submitted.await();
        assertNotEquals(0, result.exitCode(), result.text());
        assertTrue(result.error().contains("was canceled"), result.text());
        Path begun = cells().only();
        // It stops at its next sign of life, which the server need not wait for.
        for (int i = 0; i < 300 && Runs.status(begun).equals("running"); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertEquals("interrupted", Runs.status(begun));
        assertTrue(Files.isDirectory(begun.resolve("checkpoint")));
    }

    @Test
    void aServerThatIsNotThereIsNamedBeforeAnythingIsComputed() throws Exception {
        matrix(submitter, 2);
        server.kill();
        MavenBuild.Result result = submitter.run(distributed());
        assertTrue(result.error().contains("temporal.address is " + server.address()), result.text());
    }
}
