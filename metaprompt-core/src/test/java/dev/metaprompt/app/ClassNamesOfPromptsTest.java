package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a model cannot tell apart, or cannot take, wherever they come from; found before anything is computed. */
class ClassNamesOfPromptsTest {
    private static final String LONG = "matted and woven by hand in the old way of the mountains";

    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("small"));
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "2",
                "episode.imagesPerClass", "2",
                "shot", "1",
                "train.epochs", "1",
                "train.iterations", "1",
                "evaluate.episodes", "2",
                "augment", "none"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private String refusal(Command command, String... more) {
        TestContext context = context(more);
        String message = assertThrows(InvalidInputException.class, () -> command.run(context))
                .getMessage();
        assertFalse(Files.exists(folder.resolve("runs")), "a run was begun");
        assertFalse(Files.exists(folder.resolve("cache/features")), "images were encoded");
        assertEquals(0, context.updates.size(), context.updates.toString());
        return message;
    }

    private void rename(String from, String to) throws IOException {
        Path split = dataset.resolve("split_zhou_Small.json");
        Files.writeString(split, Files.readString(split).replace("\"" + from + "\"", "\"" + to + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaprompt", "coop", "clip", "linear-probe"})
    void aSplitFileThatTellsTwoClassesApartByCaseIsRefused(String method) throws IOException {
        rename("dotted", "Banded");
        String message = refusal(new TrainCommand(), "method", method);
        assertTrue(message.startsWith("classes \"banded\" and \"Banded\" have the same tokens"), message);
    }

    @Test
    void soAreABaseAndANewClass() throws IOException {
        rename("woven", "banded_");
        assertTrue(refusal(new TrainCommand()).startsWith("classes \"banded\" and \"banded_\""), "across the halves");
        assertTrue(refusal(new PrepareCommand()).startsWith("classes \"banded\" and \"banded_\""), "by prepare");
        String named = refusal(
                new TrainCommand(),
                "dataset.classes.base",
                "banded,grid,lined",
                "dataset.classes.new",
                "dotted,banded_");
        assertTrue(named.startsWith("classes \"banded\" and \"banded_\""), named);
    }

    /** Earlier versions took such names; their runs are evaluated, and what is wrong with the figures is said. */
    @Test
    void aRunThatAnEarlierVersionMadeIsStillEvaluated() throws IOException {
        new TrainCommand().run(context());
        RunDirectory run = RunDirectory.newest(folder.resolve("runs"));
        rename("woven", "banded_");
        JsonObject json = JsonParser.parseString(Files.readString(run.file(RunDirectory.RECORD)))
                .getAsJsonObject();
        JsonObject data = json.getAsJsonObject("dataset");
        data.remove("contentSha256");
        data.remove("testContentSha256");
        data.addProperty("sha256", Sha256.hex(Files.readAllBytes(dataset.resolve("split_zhou_Small.json"))));
        Files.writeString(run.file(RunDirectory.RECORD), json.toString().replace("\"woven\"", "\"banded_\""));
        TestContext again = new TestContext(
                folder, "run", run.id(), "cache", folder.resolve("cache").toString());
        new EvaluateCommand().run(again);
        assertTrue(
                again.phases.stream()
                        .anyMatch(line -> line.startsWith("warning: classes \"banded\" and \"banded_\" have the same")),
                again.phases.toString());
    }

    @Test
    void aClassThatIsLeftOutDoesNotCount() throws IOException {
        rename("woven", "Banded");
        new TrainCommand()
                .run(context("dataset.classes.base", "banded,grid,lined", "dataset.classes.new", "dotted,matted"));
    }

    @Test
    void foldersAndListsOfNamesAreLookedAtToo() throws IOException {
        Path plain = folder.resolve("plain");
        for (String name : List.of("Banded", "a banded", "dotted")) {
            Files.createDirectories(plain);
            Files.move(
                    dataset.resolve("images")
                            .resolve(name.equals("dotted") ? "dotted" : name.equals("Banded") ? "banded" : "grid"),
                    plain.resolve(name));
        }
        Files.move(dataset.resolve("images/lined"), plain.resolve("banded"));
        dataset = plain;
        assertTrue(
                refusal(new TrainCommand()).startsWith("classes \"Banded\" and \"banded\" have the same tokens"),
                "folders");
        Files.writeString(plain.resolve("classnames.txt"), "spots\nstripes\nSTRIPES\nlines\n");
        String listed = refusal(new TrainCommand());
        assertTrue(listed.startsWith("classes \"stripes\" and \"STRIPES\""), listed);
        Files.writeString(plain.resolve("classnames.txt"), "spots\nstripes\nstripes\nlines\n");
        String twice = refusal(new TrainCommand());
        assertTrue(twice.contains("gives the class folders a banded and banded one name, stripes"), twice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaprompt", "coop", "clip", "linear-probe"})
    void aNameThatDoesNotFitIsRefusedByEveryMethod(String method) throws IOException {
        rename("woven", LONG);
        String message = refusal(new TrainCommand(), "method", method);
        assertTrue(message.startsWith("class name \"" + LONG), message);
        assertTrue(message.contains("; the model allows 24. Shorten the name"), message);
    }

    @Test
    void theDataSetsOwnTemplateCountsThoughAnotherIsChosen() throws IOException {
        // "{} texture." is usual for it; spelled letter by letter the name fits the template that is given alone
        rename("woven", "qxzqxzqxzqxzqxzqxzqx");
        String message = refusal(new TrainCommand(), "prompt.template", "{}", "method", "linear-probe");
        assertTrue(message.contains("in the template \"a photo of a {}.\""), message);
    }
}
