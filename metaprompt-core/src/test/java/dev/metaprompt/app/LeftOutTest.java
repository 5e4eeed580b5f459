package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a run's data lacks, and what it has that older versions left out, is told, recorded and compared. */
class LeftOutTest {
    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeClassFolders() throws IOException {
        dataset = SmallDataset.write(folder.resolve("small"));
        Files.delete(dataset.resolve("split_zhou_Small.json"));
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "4",
                "train.iterations", "2",
                "evaluate.episodes", "10",
                "augment", "none"));
        options.addAll(Arrays.asList(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private RunDirectory train(TestContext context) {
        new TrainCommand().run(context);
        return RunDirectory.newest(folder.resolve("runs"));
    }

    private void addToSubfolder(String name) throws IOException {
        Path images = dataset.resolve("images").resolve(name);
        Path below = Files.createDirectories(images.resolve("more"));
        for (int i = 0; i < 3; i++) {
            Files.copy(images.resolve(name + "_" + i + ".png"), below.resolve(i + ".png"));
        }
    }

    private void addWebp(String name) throws IOException {
        try (InputStream in = LeftOutTest.class.getResourceAsStream("/golden/webp/lossy-70.webp")) {
            Files.copy(in, dataset.resolve("images").resolve(name).resolve("photo.webp"));
        }
    }

    private void addFile(String path) throws IOException {
        Files.writeString(dataset.resolve("images").resolve(path), "II*");
    }

    @Test
    void warningsReachConsoleRecordAndReportOnce() throws IOException {
        addFile("banded/scan.tif");
        addFile("dotted/scan.TIF");
        addFile("woven/scan.heic");
        addToSubfolder("grid");
        TestContext context = context();
        RunDirectory run = train(context);
        List<String> told = context.phases.stream()
                .filter(line -> line.startsWith("warning: "))
                .map(line -> line.substring("warning: ".length()))
                .toList();
        assertEquals(2, told.size(), told.toString());
        assertTrue(told.get(0).startsWith("2 files .tif below "), told.get(0));
        assertTrue(told.get(0).contains("(banded 1, dotted 1)"), told.get(0));
        assertTrue(told.get(1).startsWith("1 file .heic below "), told.get(1));
        // What counts is told, and no warning.
        assertTrue(
                context.phases.stream().anyMatch(line -> line.startsWith("3 of the 81 images in ")),
                context.phases.toString());
        assertEquals(told, run.readRecord().warnings());
        assertTrue(Files.readString(run.file("run.json")).contains("\"warnings\": ["));
        String report = Files.readString(run.file(RunDirectory.REPORT));
        assertTrue(report.contains("<li>Warning: 2 files .tif below "), report.substring(0, 3000));
    }

    @Test
    void webpIsLearnedFromAndTestedOn() throws IOException {
        for (String name : SmallDataset.CLASSES) {
            addWebp(name);
        }
        RunDirectory run = train(context());
        assertEquals(RunStatus.FINISHED, run.readRecord().status());
        assertEquals(List.of(), run.readRecord().warnings());
        String files = Files.readString(run.file("run.json")) + Files.readString(run.file(RunDirectory.PREDICTIONS));
        assertTrue(files.contains("photo.webp"), "no draw and no test has any");
    }

    @Test
    void aRunOfTheFolderWithoutSubfoldersDoesNotGoOnSilently() throws IOException {
        TestContext begun = context().interruptAfter(2);
        RunDirectory run = train(begun);
        assertEquals(RunStatus.INTERRUPTED, run.readRecord().status());
        byte[] before = Files.readAllBytes(run.file("run.json"));
        addToSubfolder("grid");
        addWebp("woven");
        TestContext again = new TestContext(
                folder, "run", run.id(), "cache", folder.resolve("cache").toString());
        String message = assertThrows(InvalidInputException.class, () -> new TrainCommand().run(again))
                .getMessage();
        assertEquals(1, message.lines().count());
        assertTrue(
                message.contains("left out WebP files and images in subfolders of class folders; they count now"),
                message);
        assertTrue(message.contains("Move these images out of the folder, or start a new run."), message);
        assertEquals(new String(before), Files.readString(run.file("run.json")), "the run was touched");
    }

    @Test
    void aFinishedRunOfItIsNotEvaluatedOnOtherImages() throws IOException {
        RunDirectory run = train(context());
        addToSubfolder("grid");
        TestContext evaluated = new TestContext(
                folder, "run", run.id(), "cache", folder.resolve("cache").toString());
        String message = assertThrows(InvalidInputException.class, () -> new EvaluateCommand().run(evaluated))
                .getMessage();
        assertTrue(message.contains("subfolders of class folders; they count now"), message);
        RunRecord newer = train(context()).readRecord();
        assertEquals(
                Optional.of(run.readRecord().dataset().sha256()),
                newer.dataset().olderSha256());
    }

    @Test
    void aCellOfItIsAnotherCellAndTheUserHearsWhy() throws IOException {
        Files.writeString(folder.resolve("m.yaml"), "axes:\n  seed: [1]\n");
        TestContext context = context("experiment", "m.yaml");
        Cell before = plan(context);
        Files.createDirectories(folder.resolve("runs/m").resolve(before.folder()));
        assertFalse(String.join("\n", context.phases).contains("computed anew"));
        addToSubfolder("grid");
        TestContext later = context("experiment", "m.yaml");
        assertFalse(before.id().equals(plan(later).id()));
        assertEquals(
                1,
                later.phases.stream()
                        .filter(line -> line.startsWith("warning: cell " + before.folder() + " was computed or begun")
                                && line.contains("computed anew"))
                        .count(),
                later.phases.toString());
    }

    private static Cell plan(TestContext context) {
        return new ExperimentPlanner(context)
                .plan(ExperimentMatrix.read(context, Settings.withoutModel(context)))
                .cells()
                .get(0);
    }

    @Test
    void aPackRemembersWhatWasLeftOutAndNotWhere() throws IOException {
        addFile("banded/scan.tif");
        Path pack = folder.resolve("small.pack");
        new PrepareCommand().run(context("pack", pack.toString()));
        dataset = pack;
        TestContext context = context();
        RunRecord record = train(context).readRecord();
        assertEquals(1, record.warnings().size(), record.warnings().toString());
        String line = record.warnings().get(0);
        assertTrue(line.startsWith("1 file .tif below small/images is left out (banded 1)"), line);
        assertTrue(context.phases.contains("warning: " + line), context.phases.toString());
        dataset = folder.resolve("small");
        TestContext again = context("pack", pack.toString());
        new PrepareCommand().run(again);
        assertTrue(again.results.toString().contains("is there already and whole"), again.results.toString());
    }

    @Test
    void oneNewClassIsAWarning() throws IOException {
        for (String name : SmallDataset.CLASSES.subList(3, 6)) {
            deleteClass(name);
        }
        TestContext context = context("way", "2");
        RunDirectory run = train(context);
        assertTrue(
                run.readRecord().warnings().stream()
                        .anyMatch(line -> line.startsWith("there is one new class, ") && line.contains("100 %")),
                run.readRecord().warnings().toString());
    }

    private void deleteClass(String name) throws IOException {
        Path images = dataset.resolve("images").resolve(name);
        try (var files = Files.list(images)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(images);
    }

    @Test
    void encodeTellsWhatItLeavesOut() throws IOException {
        addFile("banded/scan.tif");
        addFile("banded/.DS_Store");
        addWebp("banded");
        addToSubfolder("banded");
        Path out = folder.resolve("out/features.safetensors");
        TestContext context = new TestContext(
                folder,
                "images",
                dataset.resolve("images/banded").toString(),
                "cache",
                folder.resolve("cache").toString(),
                "out",
                out.toString());
        new EncodeCommand().run(context);
        assertEquals(
                1,
                context.phases.stream()
                        .filter(line -> line.startsWith("warning: "))
                        .count(),
                context.phases.toString());
        assertTrue(
                context.phases.stream().anyMatch(line -> line.startsWith("warning: 1 file .tif below ")),
                context.phases.toString());
        List<String> names = JsonParser.parseString(Files.readString(out.resolveSibling("features.json")))
                .getAsJsonObject()
                .getAsJsonArray("images")
                .asList()
                .stream()
                .map(name -> name.getAsString())
                .toList();
        assertEquals(13 + 1 + 3, names.size());
        assertTrue(names.contains("photo.webp") && names.contains("more/2.png"), names.toString());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void encodeLeavesOutAsTrainDoes() throws IOException {
        Path images = dataset.resolve("images/banded");
        Path hidden = Files.createDirectories(images.resolve(".ipynb_checkpoints"));
        Files.copy(images.resolve("banded_0.png"), hidden.resolve("banded_0-checkpoint.png"));
        Files.createSymbolicLink(images.resolve("gone.png"), folder.resolve("nowhere.png"));
        Files.createSymbolicLink(images.resolve("up"), images);
        TestContext context = new TestContext(
                folder,
                "images",
                images.toString(),
                "cache",
                folder.resolve("cache").toString(),
                "out",
                folder.resolve("features.safetensors").toString());
        new EncodeCommand().run(context);
        String told = String.join("\n", context.phases);
        assertTrue(told.contains("warning: 1 broken link .png below "), told);
        assertTrue(told.contains("warning: 1 hidden file .png below "), told);
        assertTrue(told.contains("warning: 1 linked folder that leads back to a folder above it below "), told);
        assertTrue(context.results.get(0).startsWith("encoded 13 images "), context.results.toString());
    }
}
