package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a training is stopped from outside. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class EndIT {
    private static final String[] LONG = {
        "metaprompt:train", "-Dmetaprompt.augment=none", "-Dmetaprompt.train.epochs=2000"
    };
    private static final int EPOCHS = 13;
    private static final int STEPS = EPOCHS * 10;
    private static final int KILLS = 10;

    @TempDir
    private Path folder;

    private static void awaitSteps(MavenBuild build, long steps, MavenBuild.Started started) throws Exception {
        while (Runs.of(build).steps() < steps) {
            if (!started.process().isAlive()) {
                throw new AssertionError(
                        "the build ended early:\n" + started.await().text());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void aMavenThatIsKilledTakesItsForkedJvmWithIt() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started started = build.start(LONG);
        awaitSteps(build, 1, started);
        ProcessHandle child = started.child();
        started.process().destroyForcibly().waitFor();
        child.onExit().get(30, TimeUnit.SECONDS);
        assertEquals("interrupted", Runs.status(Runs.of(build).only()));
    }

    @Test
    void aMavenThatIsTerminatedLetsTheRunBeMarkedInterrupted() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started started = build.start(LONG);
        awaitSteps(build, 1, started);
        ProcessHandle child = started.child();
        started.process().destroy();
        MavenBuild.Result result = started.await();
        assertNotEquals(0, result.exitCode(), result.text());
        assertTrue(!child.isAlive(), "the forked JVM outlived Maven");
        assertEquals("interrupted", Runs.status(Runs.of(build).only()));
    }

    @Test
    void aForkedJvmThatIsKilledIsExplained() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started started = build.start(LONG);
        awaitSteps(build, 1, started);
        started.child().destroyForcibly();
        MavenBuild.Result result = started.await();
        assertTrue(result.error().contains("ended without a word, exit code 137"), result.text());
        assertTrue(result.text().contains("fork.log"), result.text());
    }

    @Test
    void aRunKilledAtTenMomentsAndResumedEndsAsTheUndisturbedOne() throws Exception {
        String[] options = {"metaprompt:train", "-Dmetaprompt.augment=none", "-Dmetaprompt.train.epochs=" + EPOCHS};
        MavenBuild undisturbed = MavenBuild.project("plain", folder.resolve("undisturbed"));
        MavenBuild.Result result = undisturbed.run(options);
        assertEquals(0, result.exitCode(), result.text());

        MavenBuild killed = MavenBuild.project("plain", folder.resolve("killed"));
        String[] next = options;
        for (int kill = 1; kill <= KILLS; kill++) {
            killAfter(killed, kill * (long) STEPS / (KILLS + 1), next);
            String id = Runs.of(killed).only().getFileName().toString();
            next = new String[] {"metaprompt:train", "-Dmetaprompt.run=" + id};
        }
        result = killed.run(next);
        assertEquals(0, result.exitCode(), result.text());
        assertEquals("finished", Runs.status(Runs.of(killed).only()));
        for (String file : List.of("learned.safetensors", "metrics.jsonl", "episodes.jsonl", "predictions.csv")) {
            assertArrayEquals(read(undisturbed, file), read(killed, file), file);
        }

        result = killed.run(next);
        assertEquals(0, result.exitCode(), result.text());
        assertTrue(result.text().contains("finished"), result.text());
        assertArrayEquals(read(undisturbed, "learned.safetensors"), read(killed, "learned.safetensors"));
    }

    /** Starts or resumes a training and kills its JVM, not Maven, once it has logged some steps. */
    private static void killAfter(MavenBuild build, long steps, String... arguments) throws Exception {
        MavenBuild.Started started = build.start(arguments);
        ProcessHandle child = started.child();
        awaitSteps(build, steps, started);
        child.destroyForcibly();
        child.onExit().get(30, TimeUnit.SECONDS);
        started.await();
        assertNotEquals("finished", Runs.status(Runs.of(build).only()), "killed too late at step " + steps);
    }

    private static byte[] read(MavenBuild build, String file) throws IOException {
        return Files.readAllBytes(Runs.of(build).only().resolve(file));
    }
}
