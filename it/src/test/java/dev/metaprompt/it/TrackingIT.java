package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings that a real MLflow server mirrors, well and badly. */
class TrackingIT {
    @RegisterExtension
    private static final MlflowServer SERVER = new MlflowServer();

    private static final int EPOCHS = 3;

    @TempDir
    private Path folder;

    private static String[] arguments(String goal, String experiment, String... more) {
        return Stream.of(
                        new String[] {
                            goal,
                            "-Dmetaprompt.tracking.uri=" + SERVER.uri(),
                            "-Dmetaprompt.tracking.experiment=" + experiment
                        },
                        more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }

    private static String[] train(String experiment, int epochs, String... more) {
        String[] fast = {"-Dmetaprompt.augment=none", "-Dmetaprompt.train.epochs=" + epochs};
        return arguments(
                "metaprompt:train",
                experiment,
                Stream.of(fast, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private static void succeed(MavenBuild.Result result) {
        assertEquals(0, result.exitCode(), result.text());
    }

    @Test
    void everyWayArrivesWithItsFiguresToTheLastBit() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        for (int way : new int[] {5, 10, 20}) {
            MavenBuild.Result result = build.run(train("ways", EPOCHS, "-Dway=" + way));
            succeed(result);
            assertEquals(1, result.count("mirrored: " + SERVER.uri() + "/#/experiments/"), result.text());
            assertEquals(0, result.count("warning"), result.text());
        }
        List<MlflowRest.Run> there = SERVER.rest().runs("ways");
        List<Path> here = Runs.of(build).all();
        assertEquals(3, there.size());
        for (Path run : here) {
            String id = run.getFileName().toString();
            MlflowRest.Run mirrored = there.stream()
                    .filter(each -> id.equals(each.tags().get("metaprompt.run_id")))
                    .findFirst()
                    .orElseThrow();
            Mirrored.assertWhole(SERVER.rest(), mirrored, run);
            String way = Runs.config(run).get("way").getAsString();
            assertEquals("metaprompt " + way + "-way 2-shot s1", mirrored.info("run_name"));
            assertEquals(way, mirrored.tags().get("way"));
            assertEquals(EPOCHS, SERVER.rest().history(mirrored.id(), "loss").size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultProxy.Mode.class,
            names = {"ABSENT", "SLOW", "ANSWER_500", "ANSWER_401", "ANSWER_HTML"})
    void aBadServerHarmsNoTrainingAndGetsEverythingLater(FaultProxy.Mode mode) throws Exception {
        String experiment = "bad/" + mode;
        MavenBuild build = MavenBuild.project("plain", folder);
        SERVER.proxy().set(mode);
        MavenBuild.Result result = build.run(train(experiment, EPOCHS));
        succeed(result);
        Path run = Runs.of(build).only();
        assertEquals("finished", Runs.status(run));
        assertEquals(1, result.count("[WARNING] tracking server " + SERVER.uri()), result.text());
        if (mode != FaultProxy.Mode.SLOW) {
            MavenBuild.Result refused = build.run(arguments("metaprompt:sync", experiment));
            assertEquals(1, refused.exitCode(), refused.text());
            assertTrue(refused.error().contains("tracking server " + SERVER.uri()), refused.text());
            SERVER.proxy().heal();
        }
        result = build.run(arguments("metaprompt:sync", experiment));
        succeed(result);
        assertTrue(result.text().contains("1 runs, 1 sent, 0 were there already, 0 left out"), result.text());
        MlflowRest.Run once = Mirrored.assertOnce(SERVER.rest(), experiment, run);
        SERVER.proxy().heal();
        result = build.run(arguments("metaprompt:sync", experiment));
        succeed(result);
        assertTrue(result.text().contains("1 runs, 0 sent, 1 were there already, 0 left out"), result.text());
        assertEquals(
                once.json(), Mirrored.assertOnce(SERVER.rest(), experiment, run).json());
    }

    @Test
    void aServerThatIsKilledMidTrainingGetsTheRestLater() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started started = build.start(train("killed", 12));
        awaitSteps(build, 20);
        SERVER.kill();
        MavenBuild.Result result;
        try {
            result = started.await();
            succeed(result);
        } finally {
            SERVER.restart();
        }
        assertEquals(1, result.count("[WARNING] tracking server"), result.text());
        succeed(build.run(arguments("metaprompt:sync", "killed")));
        Mirrored.assertOnce(SERVER.rest(), "killed", Runs.of(build).only());
    }

    @Test
    void aServerThatIsRestartedMidTrainingHasEverythingInTheEnd() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started started = build.start(train("restarted", 150));
        awaitSteps(build, 20);
        SERVER.kill();
        SERVER.restart();
        MavenBuild.Result result = started.await();
        succeed(result);
        assertEquals(1, result.count("mirrored: "), result.text());
        Mirrored.assertOnce(SERVER.rest(), "restarted", Runs.of(build).only());
    }

    @Test
    void theGateComparesWithTheBestRunOnTheServer() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        succeed(build.run(train("gate", 1)));
        MavenBuild.Result result =
                build.run(arguments("metaprompt:check", "gate", "-Dmetaprompt.check.baseline=mlflow:gate"));
        succeed(result);
        assertTrue(result.text().contains("5-way 2-shot"), result.text());
        result = build.run(arguments("metaprompt:check", "gate", "-Dmetaprompt.check.baseline=mlflow:none"));
        assertEquals(1, result.exitCode(), result.text());
        assertTrue(result.error().contains("has no experiment \"none\""), result.error());
    }

    private static void awaitSteps(MavenBuild build, long steps) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (Runs.of(build).steps() < steps) {
            assertTrue(System.nanoTime() < end, "no training was seen");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
