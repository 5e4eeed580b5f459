package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer counts by what it holds, wherever it lies. */
class TokenizerIdentityTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeFiles() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1]\n");
        for (String place : List.of("here", "there")) {
            Files.createDirectories(folder.resolve(place));
            try (InputStream in = RunSetting.class.getResourceAsStream("/dev/metaprompt/nano-clip/tokenizer.json")) {
                Files.copy(in, folder.resolve(place).resolve("tokenizer.json"));
            }
        }
    }

    private TestContext context(String tokenizer, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "experiment", folder.resolve("test.yaml").toString(),
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "tokenizer", tokenizer,
                "method", "coop",
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "2",
                "train.iterations", "1",
                "augment", "none",
                "threads", "1"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private Plan plan(String tokenizer) {
        TestContext context = context(tokenizer);
        return new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    /** Takes a word from the vocabulary. */
    private void change(String tokenizer) throws IOException {
        Path file = folder.resolve(tokenizer).resolve("tokenizer.json");
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        json.getAsJsonObject("model").getAsJsonObject("vocab").remove("zigzagged");
        Files.writeString(file, json.toString());
    }

    private CellEnd compute(Plan plan, String tokenizer) {
        Cell cell = plan.cells().get(0);
        Path run = folder.resolve("runs/test").resolve(cell.folder()).toAbsolutePath();
        CellRequest request = new CellRequest("test", plan.id(), plan.options(), cell, run.toString());
        TestContext machine = context(tokenizer);
        return new CellCommand(request)
                .run(new CellContext(
                        CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(machine))),
                        folder,
                        machine.facts(),
                        1,
                        machine.progress(),
                        new Interruption(Duration.ofSeconds(1), () -> {})));
    }

    @Test
    void aWorkerWhoseTokenizerLiesElsewhereComputesAndOneWithAnotherDoesNot() throws IOException {
        Plan plan = plan("here");
        assertEquals(plan.experimentId(), plan("there").experimentId());
        assertEquals(
                plan.cells().get(0).id(),
                plan("there/tokenizer.json").cells().get(0).id());
        change("there");
        assertNotEquals(plan.id(), plan("there").id());
        CellEnd other = compute(plan, "there");
        assertEquals(CellEnd.Kind.INVALID, other.kind());
        assertTrue(other.message().contains("model, data or options of this machine"), other.message());
        Files.copy(
                folder.resolve("here/tokenizer.json"),
                Files.createDirectories(folder.resolve("elsewhere")).resolve("tokenizer.json"));
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(plan, "elsewhere"));
    }

    /** The id is of the place "here", as older versions computed it. */
    @Test
    void anExperimentThatAnOlderVersionBeganGoesOnInItsFolders() throws IOException {
        String before = "d639653c0003e2f36f4927955c55af433373c3d532a11a630848daad12f8f2dd";
        Plan plan = plan("here");
        assertNotEquals(before, plan.cells().get(0).id());
        String folderBefore = plan.cells()
                .get(0)
                .folder()
                .replace(plan.cells().get(0).id().substring(0, 12), before.substring(0, 12));
        Files.createDirectories(folder.resolve("runs/test").resolve(folderBefore));
        Plan old = plan("here");
        assertEquals(before, old.cells().get(0).id());
        assertEquals(folderBefore, old.cells().get(0).folder());
        assertEquals(new CellEnd(CellEnd.Kind.FINISHED, ""), compute(old, "here"));
    }

    @Test
    void runsWithOneTokenizerInTwoPlacesAreOneSetting() throws IOException {
        RunSetting here = trained("here");
        assertEquals(here, trained("there"));
        change("there");
        RunSetting other = trained("there");
        assertNotEquals(here, other);
        assertFalse(here.agreesWith(other));
        // What an older version recorded: the place alone.
        Map<String, Object> config = new TreeMap<>(here.config());
        config.put("tokenizer", "here");
        RunSetting old = new RunSetting(here.data(), here.method(), config);
        assertTrue(old.agreesWith(here) && here.agreesWith(old));
        config.put("tokenizer", "there");
        assertFalse(old.agreesWith(new RunSetting(here.data(), here.method(), config)));
        config.remove("tokenizer");
        assertFalse(here.agreesWith(new RunSetting(here.data(), here.method(), config)));
    }

    private RunSetting trained(String tokenizer) {
        String runs = "runs" + System.nanoTime();
        new TrainCommand().run(context(tokenizer, "runs", runs));
        return RunSetting.of(RunDirectory.newest(folder.resolve(runs)).readRecord());
    }

    @Test
    void aRunGoesOnWithItsTokenizerElsewhereAndNotWithAnother() throws IOException {
        new TrainCommand().run(context("here").interruptAfter(1));
        RunDirectory run = RunDirectory.newest(folder.resolve("runs"));
        change("here");
        String[] resumed = {"run", run.id(), "cache", folder.resolve("cache").toString()};
        String message = assertThrows(
                        InvalidInputException.class, () -> new TrainCommand().run(new TestContext(folder, resumed)))
                .getMessage();
        assertTrue(message.contains("was started with a tokenizer of digest"), message);
        new TrainCommand()
                .run(new TestContext(folder, resumed[0], resumed[1], resumed[2], resumed[3], "tokenizer", "there"));
        assertTrue(run.isFinished());
    }
}
