package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A matrix of configurations on this machine. */
class ExperimentIT {
    private static final String MATRIX = """
            title: Two methods, two seeds
            settings:
              augment: none
              train.epochs: %d
              train.warmupEpochs: 0
              evaluate.episodes: 20
            axes:
              method: [metaprompt, coop]
              seed: 1..2
            """;
    private static final List<String> COMPUTED =
            List.of("learned.safetensors", "metrics.jsonl", "episodes.jsonl", "predictions.csv");

    @TempDir
    private Path folder;

    private MavenBuild build(String name, int epochs) throws IOException {
        MavenBuild build = MavenBuild.project("plain", folder.resolve(name));
        Files.writeString(build.directory().resolve("small.yaml"), String.format(MATRIX, epochs));
        return build;
    }

    private static String[] goal(String... more) {
        return Stream.concat(
                        Stream.of(
                                "metaprompt:experiment",
                                "-Dmetaprompt.experiment=small.yaml",
                                "-Dmetaprompt.threads=1"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static Runs cells(MavenBuild build) {
        return new Runs(build.directory().resolve("runs/small"));
    }

    @Test
    void aMatrixIsPlannedComputedOnceAndSummarised() throws Exception {
        MavenBuild build = build("once", 2);
        MavenBuild.Result dry = build.run(goal("-Dmetaprompt.dryRun"));
        assertEquals(0, dry.exitCode(), dry.text());
        assertTrue(dry.text().contains("4 cells, 4 to compute"), dry.text());
        assertFalse(Files.exists(build.directory().resolve("runs")));

        MavenBuild.Result first = build.run(goal("-Dmetaprompt.experiment.parallel=2"));
        assertEquals(0, first.exitCode(), first.text());
        assertEquals(4, cells(build).all().size());
        for (Path run : cells(build).all()) {
            assertEquals("finished", Runs.status(run));
        }
        for (String file : List.of("experiment.json", "summary.json", "summary.csv", "summary.md", "report.html")) {
            assertTrue(Files.exists(cells(build).folder().resolve(file)), file);
        }
        assertEquals(
                1,
                JsonParser.parseString(Files.readString(cells(build).folder().resolve("summary.json")))
                        .getAsJsonObject()
                        .get("schema")
                        .getAsInt());

        byte[] summary = Files.readAllBytes(cells(build).folder().resolve("summary.json"));
        MavenBuild.Result again = build.run(goal());
        assertEquals(0, again.exitCode(), again.text());
        assertTrue(again.text().contains("4 of them finished before"), again.text());
        assertArrayEquals(summary, Files.readAllBytes(cells(build).folder().resolve("summary.json")));

        MavenBuild.Result more = build.run(goal("-Dmetaprompt.experiment.seeds=1..3"));
        assertEquals(0, more.exitCode(), more.text());
        assertTrue(more.text().contains("6 cells, 4 of them finished before"), more.text());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
    void whateverIsKilledTheMatrixEndsTheSame() throws Exception {
        MavenBuild undisturbed = build("undisturbed", 12);
        MavenBuild.Result result = undisturbed.run(goal());
        assertEquals(0, result.exitCode(), result.text());

        MavenBuild killed = build("killed", 12);
        killAt(killed, 0, true);
        killAt(killed, 1, false);
        killAt(killed, 2, true);
        result = killed.run(goal());
        assertEquals(0, result.exitCode(), result.text());
        assertTrue(result.text().contains("finished before"), result.text());
        List<Path> expected = cells(undisturbed).all();
        List<Path> found = cells(killed).all();
        assertEquals(
                expected.stream().map(Path::getFileName).toList(),
                found.stream().map(Path::getFileName).toList());
        for (int i = 0; i < expected.size(); i++) {
            Runs.assertSame(expected.get(i), found.get(i), COMPUTED);
            assertEquals(1, Runs.finishes(found.get(i)), "computed to its end more than once: " + found.get(i));
        }
        assertArrayEquals(
                Files.readAllBytes(cells(undisturbed).folder().resolve("summary.json")),
                Files.readAllBytes(cells(killed).folder().resolve("summary.json")));
    }

    /** Kills the forked JVM, or the process that computes, in the middle of the cell that comes after so many. */
    private static void killAt(MavenBuild build, int finished, boolean worker) throws Exception {
        MavenBuild.Started started = build.start(goal());
        ProcessHandle fork = started.child();
        awaitMidCell(build, finished, started);
        if (!worker) {
            fork.destroyForcibly();
            assertNotEquals(0, started.await().exitCode());
            return;
        }
        fork.descendants().forEach(ProcessHandle::destroyForcibly);
        // A crashed process is replaced once, and the cell goes on.
        TimeUnit.MILLISECONDS.sleep(500);
        started.process().destroy();
        started.await();
    }

    private static void awaitMidCell(MavenBuild build, int finished, MavenBuild.Started started) throws Exception {
        while (true) {
            List<Path> all = cells(build).all();
            if (all.size() > finished) {
                Path last =
                        all.stream().filter(run -> !isFinished(run)).findFirst().orElse(null);
                if (last != null && Runs.steps(last) > 30) {
                    return;
                }
            }
            if (!started.process().isAlive()) {
                throw new AssertionError(
                        "the build ended early:\n" + started.await().text());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static boolean isFinished(Path run) {
        try {
            return Runs.status(run).equals("finished");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneFailedCellDoesNotStopTheRestAndIsNamed() throws Exception {
        MavenBuild build = build("failing", 2);
        Files.writeString(
                build.directory().resolve("small.yaml"),
                String.format(MATRIX, 2).replace("method: [metaprompt, coop]", "prompt.init: [a photo of a, a photo]"));
        MavenBuild.Result result = build.run(goal());
        assertNotEquals(0, result.exitCode(), result.text());
        assertTrue(result.error().contains("2 of 4 cells failed"), result.text());
        assertTrue(result.error().contains("prompt.init=a photo "), result.text());
        assertEquals(
                2, cells(build).all().stream().filter(ExperimentIT::isFinished).count(), result.text());
        assertTrue(Files.exists(cells(build).folder().resolve("summary.md")));
    }

    @Test
    void aBadMatrixStopsBeforeAnythingIsComputed() throws Exception {
        MavenBuild build = build("bad", 2);
        Files.writeString(
                build.directory().resolve("small.yaml"),
                String.format(MATRIX, 2).replace("train.epochs", "train.epoch"));
        MavenBuild.Result result = build.run(goal());
        assertTrue(result.error().contains("small.yaml line 4"), result.text());
        assertTrue(result.error().contains("train.epochs"), result.text());
        assertFalse(Files.exists(build.directory().resolve("runs")));
    }
}
