package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    private static void images(Path classFolder, int colour) throws Exception {
        Files.createDirectories(classFolder);
        for (int i = 0; i < 12; i++) {
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < 32 * 32; at++) {
                image.setRGB(at % 32, at / 32, colour * (at / 32 + i));
            }
            ImageIO.write(image, "png", classFolder.resolve(i + ".png").toFile());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8", disabledReason = "Java cannot name it")
    void inTheLocaleCNamesOfClassFoldersAreReadAndTypedOnesRefused() throws Exception {
        MavenBuild build = MavenBuild.project("plain", folder).with("LC_ALL", "C");
        images(folder.resolve("photos/Café crème"), 5);
        images(folder.resolve("photos/banded"), 0x50000);
        MavenBuild.Result result = build.run(
                train("metaprompt:train", "-Dmethod=clip", "-Ddataset=photos", "-Dmetaprompt.dataset.shots=2"));
        assertEquals(0, result.exitCode(), result.text());
        Path record = Runs.of(build).only().resolve("run.json");
        assertTrue(Files.readString(record).contains("Café crème"), Files.readString(record));
        MavenBuild.Result typed = build.run(train("metaprompt:train", "-Ddataset=photos/Café crème"));
        assertEquals(1, typed.exitCode(), typed.text());
        assertTrue(
                typed.text()
                        .contains("metaprompt.dataset (from -Ddataset) has characters that Maven cannot read in its"
                                + " locale (LC_ALL=C, encoding ANSI_X3.4-1968)"),
                typed.text());
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
