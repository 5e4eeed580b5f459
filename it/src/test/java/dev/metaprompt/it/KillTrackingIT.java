package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Server, trainer, syncer and the process of a cell killed or asked to end at random moments: no run is doubled, no value
 * lost or doubled. How many kills is {@code it.kills}; profile {@code kill-tracking} does 30.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the harness finds the forked JVM by its arguments")
class KillTrackingIT {
    @RegisterExtension
    private static final MlflowServer SERVER = new MlflowServer();

    private static final int KILLS = Integer.getInteger("it.kills");
    private static final int EPOCHS = 12;
    private static final int STEPS = EPOCHS * 10;
    private static final String MATRIX = """
            title: Two seeds
            settings:
              augment: none
              train.epochs: %d
            axes:
              seed: 1..2
            """;

    @TempDir
    private static Path folder;

    private enum Victim {
        TRAINER,
        SERVER,
        SYNCER,
        CELL
    }

    @TestFactory
    Stream<DynamicTest> killedAtRandomMomentsNothingIsLostOrDoubled() {
        return IntStream.range(0, KILLS).mapToObj(number -> {
            Victim victim = Victim.values()[number % Victim.values().length];
            return DynamicTest.dynamicTest("kill " + number + ": " + victim, () -> kill(victim, number));
        });
    }

    private void kill(Victim victim, int number) throws Exception {
        String experiment = "kill/" + number;
        Random random = new Random(number);
        MavenBuild build = MavenBuild.project("plain", folder.resolve("kill" + number));
        SERVER.proxy().heal();
        switch (victim) {
            case TRAINER -> killTrainer(build, experiment, random);
            case SERVER -> killServer(build, experiment, random);
            case SYNCER -> killSyncer(build, experiment, random);
            case CELL -> killCell(build, experiment, random);
        }
        succeed(build.run(sync(experiment)));
        int runs = 1;
        if (victim == Victim.CELL) {
            runs = assertFamily(experiment, new Runs(build.directory().resolve("runs/two")));
        } else {
            Mirrored.assertOnce(SERVER.rest(), experiment, Runs.of(build).only());
        }
        MavenBuild.Result again = build.run(sync(experiment));
        succeed(again);
        assertTrue(again.text().contains("0 sent, " + runs + " were there already"), again.text());
    }

    /** Asserts that an experiment's run and those of its cells are there once; returns how many they are. */
    private static int assertFamily(String experiment, Runs cells) throws Exception {
        List<MlflowRest.Run> there = SERVER.rest().runs(experiment);
        List<Path> here = cells.all();
        assertEquals(2, here.size());
        assertEquals(here.size() + 1, there.size(), "runs of " + experiment);
        for (Path cell : here) {
            String id = cell.getFileName().toString();
            List<MlflowRest.Run> found = there.stream()
                    .filter(run -> id.equals(run.tags().get("metaprompt.run_id")))
                    .toList();
            assertEquals(1, found.size(), id);
            Mirrored.assertWhole(SERVER.rest(), found.get(0), cell);
            assertEquals(1, Runs.finishes(cell), "computed to its end more than once: " + cell);
        }
        return there.size();
    }

    private static String[] train(String experiment) {
        return new String[] {
            "metaprompt:train",
            "-Dmetaprompt.augment=none",
            "-Dmetaprompt.train.epochs=" + EPOCHS,
            "-Dmetaprompt.tracking.uri=" + SERVER.uri(),
            "-Dmetaprompt.tracking.experiment=" + experiment
        };
    }

    private static String[] sync(String experiment) {
        return new String[] {
            "metaprompt:sync",
            "-Dmetaprompt.tracking.uri=" + SERVER.uri(),
            "-Dmetaprompt.tracking.experiment=" + experiment
        };
    }

    private static void succeed(MavenBuild.Result result) {
        assertEquals(0, result.exitCode(), result.text());
    }

    /** Killed, then asked to end, then trained to its end. */
    private static void killTrainer(MavenBuild build, String experiment, Random random) throws Exception {
        String[] next = train(experiment);
        for (int kill = 1; kill <= 2; kill++) {
            MavenBuild.Started started = build.start(next);
            ProcessHandle child = started.child();
            awaitSteps(build, random.nextInt(STEPS / 2), child);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
            end(child, started, kill == 1);
            String id = Runs.of(build).only().getFileName().toString();
            next = new String[] {
                "metaprompt:train", "-Dmetaprompt.run=" + id, "-Dmetaprompt.tracking.uri=" + SERVER.uri()
            };
        }
        succeed(build.run(next));
    }

    private static void killServer(MavenBuild build, String experiment, Random random) throws Exception {
        MavenBuild.Started started = build.start(train(experiment));
        ProcessHandle child = started.child();
        awaitSteps(build, random.nextInt(STEPS), child);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
        SERVER.kill();
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3000));
        } finally {
            SERVER.restart();
        }
        succeed(started.await());
    }

    /** Killed, asked to end and killed again while it sends a finished run. */
    private static void killSyncer(MavenBuild build, String experiment, Random random) throws Exception {
        succeed(build.run("metaprompt:train", "-Dmetaprompt.augment=none", "-Dmetaprompt.train.epochs=" + EPOCHS));
        Path lock = Runs.of(build).only().resolve("tracking.lock");
        for (int kill = 1; kill <= 3; kill++) {
            Files.deleteIfExists(lock);
            MavenBuild.Started started = build.start(sync(experiment));
            ProcessHandle child = started.child();
            while (!Files.exists(lock) && child.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(900));
            end(child, started, kill != 2);
        }
    }

    /** A signal that was meant for the process that computes alone: the experiment goes on without being asked. */
    private static void killCell(MavenBuild build, String experiment, Random random) throws Exception {
        Files.writeString(build.directory().resolve("two.yaml"), String.format(MATRIX, EPOCHS));
        Runs cells = new Runs(build.directory().resolve("runs/two"));
        MavenBuild.Started started = build.start(
                "metaprompt:experiment",
                "-Dmetaprompt.experiment=two.yaml",
                "-Dmetaprompt.tracking.uri=" + SERVER.uri(),
                "-Dmetaprompt.tracking.experiment=" + experiment);
        int wanted = random.nextInt(STEPS);
        while (cells.steps() < Math.max(1, wanted) && started.process().isAlive()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        List<ProcessHandle> processes = started.cellProcesses();
        assertEquals(1, processes.size(), "processes that compute");
        if (random.nextInt(4) > 0) {
            processes.get(0).destroy();
        } else {
            processes.get(0).destroyForcibly();
        }
        MavenBuild.Result result = started.await();
        succeed(result);
        assertFalse(result.text().contains("Incomplete"), result.text());
    }

    private static void end(ProcessHandle child, MavenBuild.Started started, boolean byForce) throws Exception {
        if (byForce) {
            child.destroyForcibly();
        } else {
            child.destroy();
        }
        child.onExit().get(30, TimeUnit.SECONDS);
        started.await();
    }

    private static void awaitSteps(MavenBuild build, long steps, ProcessHandle child)
            throws IOException, InterruptedException {
        while (Runs.of(build).steps() < Math.max(1, steps) && child.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
