package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixFileTest {
    @TempDir
    Path folder;

    private Matrix read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("m.yaml"), text);
        return MatrixFile.read(file, "m.yaml");
    }

    private String refused(String text) {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> read(text), text);
        assertEquals(1, e.getMessage().lines().count());
        return e.getMessage();
    }

    @Test
    void aWholeFileIsRead() throws IOException {
        Matrix matrix = read("""
                title: Everything
                vars: {epochs: 7}
                settings:
                  train:
                    epochs: ${epochs}
                  augment: none
                axes:
                  variant:
                    ours: {}
                    best: {method: coop, train.select: best-val}
                  way: [5, 10]
                  seed: 1..3
                exclude:
                  - {variant: best, way: [10]}
                compare:
                  reference: {variant: best}
                """);
        assertEquals("m", matrix.name());
        assertEquals("Everything", matrix.title());
        assertEquals(
                List.of(
                        new Assignment("train.epochs", "7", "m.yaml line 5"),
                        new Assignment("augment", "none", "m.yaml line 6")),
                matrix.settings());
        assertEquals(12, matrix.size());
        List<Point> points = matrix.points();
        assertEquals(9, points.size());
        assertEquals(
                Map.of("variant", "ours", "way", "10", "seed", "3"),
                points.get(5).coordinates());
        assertEquals("m.yaml line 11", points.get(3).settings().get(2).origin());
        assertEquals(Map.of("variant", "best"), matrix.compare().reference());
        assertEquals(List.of("seed"), matrix.compare().over());
    }

    @Test
    void whatIncludesIsStrongerThanWhatIsIncluded() throws IOException {
        Files.writeString(
                folder.resolve("base.yaml"), "title: base\nsettings: {augment: none, shot: 1}\naxes: {seed: 1..2}\n");
        Matrix matrix = read("include: base.yaml\nsettings: {shot: 4}\naxes: {way: [5]}\n");
        assertEquals("base", matrix.title());
        assertEquals(2, matrix.size());
        assertEquals(
                List.of("augment=none base.yaml line 2", "shot=4 m.yaml line 2"),
                matrix.settings().stream()
                        .map(setting -> setting.key() + "=" + setting.value() + " " + setting.origin())
                        .toList());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anIncludeLeavesItsFolderThroughNoLinkAndIsAFile() throws Exception {
        Files.createSymbolicLink(folder.resolve("environ.yaml"), Path.of("/proc/self/environ"));
        Files.createSymbolicLink(folder.resolve("zero.yaml"), Path.of("/dev/zero"));
        Path pipe = folder.resolve("pipe.yaml");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.createDirectory(folder.resolve("folder.yaml"));
        for (String name : List.of("environ.yaml", "zero.yaml", "pipe.yaml", "folder.yaml", "../m.yaml")) {
            InvalidInputException e = assertTimeoutPreemptively(
                    Duration.ofMinutes(2),
                    () -> assertThrows(
                            InvalidInputException.class, () -> read("include: " + name + "\naxes: {seed: 1..2}\n")));
            assertTrue(e.getMessage().startsWith("m.yaml line 1: " + name + " cannot be read ("), e.getMessage());
        }
        Path matrix = Files.createSymbolicLink(folder.resolve("linked.yaml"), Path.of("/proc/self/environ"));
        assertThrows(InvalidInputException.class, () -> MatrixFile.read(matrix, "linked.yaml"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "axis: {way: [5]}; m.yaml line 1: axis is unknown",
                "`settings:\\n  train.epoch: 3`; m.yaml line 2",
                "`settings:\\n  train.epoch: 3`; did you mean train.epochs",
                "`axes:\\n  way: [5, 010]`; way is \"010\" (m.yaml line 2)",
                "`axes:\\n  way: [5, 1]`; way is \"1\" (m.yaml line 2)",
                "`axes:\\n  way: []`; m.yaml line 2: axes.way is empty",
                "`axes:\\n  way: [5, 5]`; m.yaml line 2: axes.way has \"5\" twice",
                "`axes:\\n  seed: 5..1`; m.yaml line 2: axes.seed is \"5..1\"",
                "`axes:\\n  seed: 1..9999999`; m.yaml line 2: axes.seed",
                "`axes:\\n  seed: 7`; m.yaml line 2: axes.seed is \"7\"",
                "`axes:\\n  seed: [[1]]`; m.yaml line 2: axes.seed has a value that is a list",
                "`axes:\\n  way: {five: {way: 5}}`; m.yaml line 2: axes.way is a map, but way is a key",
                "`axes:\\n  variant: [a, b]`; Unknown key \"variant\" with value \"a\" (m.yaml line 2)",
                "`axes:\\n  variant: {a: 3}`; m.yaml line 2: axes.variant.a is \"3\"",
                "`axes:\\n  runs: [a, b]`; m.yaml line 2",
                "`axes:\\n  tracking.experiment: [x]`; m.yaml line 2",
                "`settings:\\n  experiment.parallel: 2`; m.yaml line 2",
                "`axes: {way: [5]}\\nexclude:\\n  - {shot: 1}`; m.yaml line 3: exclude.shot is no axis",
                "`axes: {way: [5]}\\nexclude:\\n  - {way: 7}`; m.yaml line 3: exclude.way is \"7\"",
                "`axes: {way: [5]}\\nexclude: 3`; m.yaml line 2: exclude is \"3\"",
                "`axes: {way: [5]}\\ncompare: {reference: {way: 6}}`; m.yaml line 2: compare.reference.way is \"6\"",
                "`axes: {way: [5]}\\ncompare: {over: [seed]}`; m.yaml line 2: compare.over has \"seed\"",
                "`axes: {way: [5]}\\ncompare: {by: way}`; m.yaml line 2: compare.by is unknown",
                "include: gone.yaml; m.yaml line 1: gone.yaml cannot be read",
                "include: ../m.yaml; m.yaml line 1: ../m.yaml cannot be read",
                "include: m.yaml; m.yaml line 1: include: a cycle, m.yaml includes m.yaml",
                "`settings:\\n  way: 5\\n  way: 6`; m.yaml line 3",
                "`settings:\\n  way: ${gone}`; m.yaml line 2: \"${gone}\" names no variable",
                "`settings:\\n  tokenizer: ${env:HOME}`; m.yaml line 2",
                "`settings:\\n  tokenizer: ${sys:user.home}`; m.yaml line 2",
                "`settings:\\n  tokenizer: ${script:js:1}`; m.yaml line 2",
                "`settings:\\n  tokenizer: ${file:UTF-8:/etc/passwd}`; m.yaml line 2",
                "`vars:\\n  a: ${a}`; m.yaml line 2: vars.a names a variable",
                "- a; m.yaml: not a map",
                "`settings: {way: 5`; m.yaml line 1",
                "`settings: &a {way: 5}\\naxes: *a`; m.yaml",
            })
    void whatIsWrongIsNamedWithFileLineAndKey(String text, String expected) {
        String message = refused(text.replace("\\n", "\n"));
        assertTrue(message.contains(expected), message);
        assertTrue(message.contains("m.yaml"), message);
    }

    @Test
    void aCycleOfIncludesShowsItsChain() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "include: b.yaml\n");
        Files.writeString(folder.resolve("b.yaml"), "title: b\ninclude: m.yaml\n");
        assertTrue(
                refused("include: a.yaml\n")
                        .contains(
                                "b.yaml line 2: include: a cycle, m.yaml includes a.yaml includes b.yaml includes m.yaml"),
                refused("include: a.yaml\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "n-way,15",
        "baselines,15",
        "kl,30",
        "shots,20",
        "ablation,80",
        "augment,30",
        "paper,84",
        "paper-dtd,45",
        "eleven,99",
        "smoke,4"
    })
    void everyBuiltInMatrixHasItsCells(String name, int cells) {
        assertEquals(cells, BuiltInMatrices.open(name, "test").points().size());
        assertTrue(BuiltInMatrices.NAMES.contains(name));
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        InvalidInputException e = assertThrows(
                InvalidInputException.class, () -> BuiltInMatrices.open("nway", "-Dmetaprompt.experiment"));
        assertTrue(e.getMessage().contains("did you mean n-way?"), e.getMessage());
    }

    @Test
    void theCommandLineReplacesAnAxis() {
        Matrix matrix = BuiltInMatrices.open("baselines", "test");
        assertEquals(30, MatrixOverrides.seeds(matrix, "1..10", "-D").points().size());
        assertEquals(
                List.of("3", "7"),
                MatrixOverrides.seeds(matrix, "3,7", "-D").axes().get(1).values().stream()
                        .map(value -> value.label())
                        .toList());
        Matrix one = MatrixOverrides.oneValue(matrix, "method", "coop", "-Dmethod");
        assertEquals(5, one.points().size());
        assertEquals(Map.of(), one.compare().reference());
        assertEquals(matrix, MatrixOverrides.oneValue(matrix, "model", "x", "-Dmodel"));
        assertThrows(InvalidInputException.class, () -> MatrixOverrides.seeds(matrix, "5..1", "-D"));
        assertThrows(InvalidInputException.class, () -> MatrixOverrides.seeds(matrix, "1,1", "-D"));
    }

    @Test
    void seedsAreAddedWhereAMatrixHasNone() throws IOException {
        Matrix matrix = MatrixOverrides.seeds(read("axes: {way: [5, 10]}\n"), "1..3", "-D");
        assertEquals(6, matrix.points().size());
        assertEquals(List.of("seed"), matrix.compare().over());
    }
}
