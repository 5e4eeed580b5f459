package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Trainings from the command line to the last line, in the places users have their projects. */
class TrainIT {
    private static final String RESULT = "base \\d+\\.\\d +new \\d+\\.\\d +H \\d+\\.\\d .*zero-shot CLIP.*";
    private static final String[] SHORT = {"-Dmetaprompt.train.epochs=2", "-Dmetaprompt.augment=none"};

    @TempDir
    private Path folder;

    private static String[] train(String goal, String... more) {
        return Stream.of(new String[] {goal}, SHORT, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static void assertTrained(MavenBuild build, MavenBuild.Result result) throws Exception {
        assertEquals(0, result.exitCode(), result.text());
        assertEquals(
                1,
                result.lines().stream()
                        .filter(l -> l.matches("\\[INFO\\] " + RESULT))
                        .count(),
                result.text());
        Path run = Runs.of(build).only();
        assertEquals("finished", Runs.status(run));
        assertTrue(Files.exists(run.resolve("report.html")));
        assertTrue(result.text().contains(run.getFileName().toString()), result.text());
    }

    @Test
    void theFirstCommandOfTheReadmeEndsWithBaseNewAndHarmonicMean() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        assertTrained(build, build.run("metaprompt:train", "-Dway=5"));
    }

    @Test
    void quietPrintsTheResultAlone() throws Exception {
        MavenBuild.Result result = MavenBuild.project("plain", folder).run(train("metaprompt:train", "-q"));
        assertEquals(0, result.exitCode(), result.text());
        List<String> lines = result.lines().stream().filter(l -> !l.isBlank()).toList();
        assertTrue(lines.get(0).matches(RESULT), result.text());
        assertTrue(lines.get(lines.size() - 1).startsWith("run "), result.text());
        assertEquals(0, result.count("[INFO]"), result.text());
    }

    @Test
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8", disabledReason = "Java cannot name it")
    void aPathWithSpacesAndLettersOfOtherLanguagesIsNoTrouble() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder.resolve("Mein Projekt – тест"));
        assertTrained(build, build.run(train("metaprompt:train")));
    }

    @Test
    void withoutPomTheFullNameTrains() throws Exception {
        MavenBuild build = MavenBuild.without(folder);
        assertTrained(build, build.run(train(MavenBuild.PLUGIN + ":train")));
        assertEquals(List.of(folder.resolve("runs")), entries());
    }

    private List<Path> entries() throws Exception {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    @Test
    void theBaselinesTrainByTheSameCommand() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        for (String method : List.of("coop", "clip")) {
            MavenBuild.Result result = build.run(train("metaprompt:train", "-Dmethod=" + method));
            assertEquals(0, result.exitCode(), result.text());
            assertTrue(result.lines().stream().anyMatch(l -> l.matches("\\[INFO\\] base .*")), result.text());
        }
        assertEquals(2, Runs.of(build).all().size());
    }

    @Test
    void twoTrainingsAtOnceInOneFolderBothSucceed() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder);
        MavenBuild.Started one = build.start(train("metaprompt:train"));
        MavenBuild.Started two = build.start(train("metaprompt:train"));
        assertEquals(0, one.await().exitCode());
        assertEquals(0, two.await().exitCode());
        assertEquals(2, Runs.of(build).all().size());
    }
}
