package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentMatrixTest {
    @TempDir
    Path folder;

    private Matrix read(String text, String... options) throws IOException {
        Files.writeString(folder.resolve("m.yaml"), text);
        String[] all = new String[options.length + 2];
        all[0] = "experiment";
        all[1] = "m.yaml";
        System.arraycopy(options, 0, all, 2, options.length);
        TestContext context = new TestContext(folder, all);
        return ExperimentMatrix.read(context, Settings.withoutModel(context));
    }

    @Test
    void aMillionCellsAreRefusedUnlessTheyAreMeant() throws IOException {
        String million = "axes:\n  seed: 1..1000\n  dataset.seed: 1..1000\n";
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> read(million));
        assertTrue(
                e.getMessage().startsWith("m.yaml: axes make 1000000 cells (seed: 1000 at m.yaml line 2,"),
                e.getMessage());
        assertTrue(e.getMessage().contains("experiment.allowLarge"), e.getMessage());
        assertEquals(1_000_000, read(million, "experiment.allowLarge", "true").size());
        assertEquals(10_000, read("axes:\n  seed: 1..10000\n").size());
    }

    @Test
    void theCommandLineReplacesAnAxisAndSeeds() throws IOException {
        String text = "axes:\n  way: [5, 10]\n  seed: 1..3\n";
        assertEquals(3, read(text, "way", "10").size());
        assertEquals(8, read(text, "experiment.seeds", "4..7").size());
        assertEquals(6, read(text, "loss.klWeight", "0.1").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "settings: {dataset.draw: 'file:/proc/self/environ'}",
                "settings: {dataset.draw: 'file:../outside/list.txt'}",
                "settings: {dataset.draw: 'file:link/list.txt'}",
                "settings: {dataset.split: /proc/self/environ}",
                "settings: {dataset: /}",
                "settings: {dataset: link}",
                "settings: {dataset.root: ..}",
                "settings: {tokenizer: link}",
                "settings: {model: ../outside}",
                "settings: {dataset: inner}",
                "settings: {dataset: dtd}",
                "settings: {dataset.root: inner}",
                "settings: {model: inner}",
                "settings: {model: beside/model.safetensors}",
                "axes: {model: [nano-clip, link]}",
                "axes: {which: {a: {}, b: {dataset.draw: 'file:/proc/self/environ'}}}"
            })
    void aMatrixNamesPlacesBelowItsFolderAlone(String text) throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("list.txt"), "TOKEN=secret");
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.createSymbolicLink(project.resolve("link"), outside);
        Files.createSymbolicLink(project.resolve("dtd"), outside);
        Files.createDirectories(project.resolve("inner/striped"));
        Files.createSymbolicLink(project.resolve("inner/striped/classes.txt"), outside.resolve("list.txt"));
        Files.createDirectories(project.resolve("beside"));
        Files.writeString(project.resolve("beside/model.safetensors"), "");
        Files.createSymbolicLink(project.resolve("beside/metaprompt.yaml"), outside.resolve("list.txt"));
        String matrix = text.startsWith("axes") ? text + "\n" : text + "\naxes: {seed: 1..2}\n";
        Files.writeString(project.resolve("m.yaml"), matrix);
        TestContext context = new TestContext(project, "experiment", "m.yaml");
        InvalidInputException e = assertThrows(
                InvalidInputException.class, () -> ExperimentMatrix.read(context, Settings.withoutModel(context)));
        assertTrue(e.getMessage().startsWith("m.yaml line 1: "), e.getMessage());
        assertTrue(e.getMessage().contains("not open to a matrix"), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @Test
    void placesBelowTheMatrixAndThoseOfTheCommandLineAreTaken() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.createSymbolicLink(folder.resolve("data/within"), folder.resolve("data"));
        assertEquals(
                2,
                read("settings: {dataset: data, model: org/name}\naxes: {seed: 1..2}\n")
                        .size());
        assertEquals(
                2,
                read("settings: {dataset: dtd, dataset.draw: coop}\naxes: {seed: 1..2}\n")
                        .size());
        String elsewhere = "settings: {dataset: /somewhere}\naxes: {seed: 1..2}\n";
        assertEquals(2, read(elsewhere, "dataset", "/data").size());
    }

    @Test
    void withoutAMatrixTheBuiltInOnesAreListed() {
        TestContext context = new TestContext(folder);
        InvalidInputException e = assertThrows(
                InvalidInputException.class, () -> ExperimentMatrix.read(context, Settings.withoutModel(context)));
        assertTrue(e.getMessage().contains("n-way, baselines"), e.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        TestContext context = new TestContext(folder, "experiment", "gone.yaml");
        InvalidInputException e = assertThrows(
                InvalidInputException.class, () -> ExperimentMatrix.read(context, Settings.withoutModel(context)));
        assertTrue(e.getMessage().startsWith("gone.yaml cannot be read (there is no such file). Name"), e.getMessage());
    }
}
