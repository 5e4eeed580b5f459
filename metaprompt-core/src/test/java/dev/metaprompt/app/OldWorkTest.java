package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commit f709ce5 wrote stays valid: a key that an old record lacks counts as what the code did then. */
class OldWorkTest {
    private static final String[] PACKED = {
        "way", "3", "dataset.shots", "6", "episode.imagesPerClass", "6", "feature.precision", "fp16",
        "train.learningRate", "0.1", "augment", "views:2", "train.epochs", "2", "train.iterations", "2",
        "evaluate.episodes", "10", "threads", "1", "cache", "cache"
    };

    @TempDir
    private Path folder;

    @BeforeEach
    void unpack() throws IOException {
        OldWork.unpack(folder);
    }

    private TestContext context(String... options) {
        return new TestContext(folder, options);
    }

    private TestContext packed(String... more) {
        List<String> options = new ArrayList<>(Arrays.asList(PACKED));
        options.addAll(List.of(more));
        return context(options.toArray(String[]::new));
    }

    private RunDirectory run(String runs) {
        return RunDirectory.newest(folder.resolve(runs));
    }

    private Map<String, String> files(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            Map<String, String> all = new LinkedHashMap<>();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().matches("\\.lock|report\\.html"))
                    .sorted()
                    .toList()) {
                all.put(path.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
            return all;
        }
    }

    private void assertReplays(String runs, String cache) {
        TestContext context = context("runs", runs, "run", run(runs).id(), "cache", cache);
        new ReplayCommand().run(context);
        assertTrue(context.results.get(0).startsWith("no difference"), context.results.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "nano", "mixed"})
    void runsAreRepeatedToTheSameNumbers(String runs) throws IOException {
        Map<String, String> before = files(folder.resolve(runs));
        assertReplays(runs, "cache");
        assertEquals(before, files(folder.resolve(runs)));
    }

    /** Features that were kept then serve what they were made for. */
    @Test
    void keptFeaturesServeTheRunTheyWereKeptFor() {
        assertReplays("mixed", "cache-alpha");
    }

    @Test
    void aHalfFinishedRunGoesOn() throws IOException {
        RunDirectory half = run("half");
        String begun = Files.readString(half.file(RunDirectory.EPISODES));
        byte[] initial = Files.readAllBytes(half.file(RunDirectory.INITIAL));
        assertEquals(RunStatus.INTERRUPTED, half.readRecord().status());
        new TrainCommand().run(context("runs", "half", "run", half.id(), "cache", "cache"));
        assertEquals(RunStatus.FINISHED, half.readRecord().status());
        String draws = Files.readString(half.file(RunDirectory.EPISODES));
        assertTrue(draws.startsWith(begun));
        assertEquals(Files.readString(run("whole").file(RunDirectory.EPISODES)), draws);
        assertArrayEquals(initial, Files.readAllBytes(half.file(RunDirectory.INITIAL)));
        assertReplays("half", "cache");
        assertEquals(
                run("whole").readRecord().results().orElseThrow(),
                half.readRecord().results().orElseThrow());
    }

    @Test
    void theGateComesToTheSameVerdict() throws Exception {
        String[] options = {"runs", "gate", "check.baseline", "baseline.json"};
        new CheckCommand().run(context(options));
        JsonObject expected = json("expected/check.json");
        JsonObject found = json("gate/check/check.json");
        assertContains(expected, found, "check.json");
        String refused = assertThrows(
                        InvalidInputException.class,
                        () -> new CheckCommand().run(context("runs", "gate", "check.minBase", "50")))
                .getMessage();
        assertTrue(refused.contains("1 of 1 configuration failed the gate (3-way 2-shot)"), refused);
    }

    /** A run of now at the keys' defaults is one more seed of the same configuration. */
    @Test
    void aRunOfNowBelongsToTheConfigurationOfOldRuns() throws Exception {
        new TrainCommand().run(packed("model", "model", "dataset", "small.pack", "runs", "gate", "seed", "4"));
        new CheckCommand().run(context("runs", "gate", "check.minBase", "10", "check.mixed", "join"));
        JsonObject check = json("gate/check/check.json");
        assertEquals(1, check.getAsJsonArray("configurations").size());
        assertEquals(
                4,
                check.getAsJsonArray("configurations")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("base")
                        .get("seeds")
                        .getAsInt());
    }

    /** Its images are RGB, so that its features are those of either order. */
    @ParameterizedTest
    @ValueSource(strings = {"", "resize-first"})
    void aPackIsAsGoodAsANewOne(String order) throws IOException {
        byte[] before = Files.readAllBytes(folder.resolve("small.pack"));
        assertTrue(prepare(order).contains("is there already and whole"));
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("small.pack")));
    }

    /** Used with it, the old one is refused: it does not say that the order makes no difference. */
    @Test
    void aPackIsMadeAnewForAnOrderThatIsAskedFor() {
        assertFalse(prepare("convert-first").contains("is there already"));
        assertTrue(prepare("convert-first").contains("is there already and whole"));
    }

    private String prepare(String order) {
        List<String> options =
                new ArrayList<>(List.of("model", "model", "dataset", "images/dtd-small", "pack", "small.pack"));
        if (!order.isEmpty()) {
            options.addAll(List.of("image.colorOrder", order));
        }
        TestContext context = packed(options.toArray(String[]::new));
        new PrepareCommand().run(context);
        return String.join("\n", context.results);
    }

    private TestContext experiment() {
        return packed("experiment", "old.yaml", "runs", "cells");
    }

    private static List<String> ids(JsonObject plan) {
        List<String> ids = new ArrayList<>();
        for (JsonElement cell : plan.getAsJsonArray("cells")) {
            ids.add(cell.getAsJsonObject().get("id").getAsString());
        }
        return ids;
    }

    @Test
    void aHalfFinishedExperimentGoesOn() throws Exception {
        List<String> ids = ids(json("cells/old/experiment.json"));
        TestContext planned = experiment();
        assertEquals(
                ids,
                new ExperimentPlanner(planned)
                                .planWithContents(ExperimentMatrix.read(planned, Settings.withoutModel(planned)))
                                .cells()
                                .stream()
                                .map(Cell::id)
                                .toList());
        Map<String, Map<String, String>> finished = new LinkedHashMap<>();
        try (Stream<Path> cells = Files.list(folder.resolve("cells/old"))) {
            for (Path cell : cells.filter(Files::isDirectory).toList()) {
                finished.put(cell.getFileName().toString(), files(cell));
            }
        }
        assertEquals(3, finished.size());
        new ExperimentCommand().run(experiment());
        for (Map.Entry<String, Map<String, String>> cell : finished.entrySet()) {
            assertEquals(cell.getValue(), files(folder.resolve("cells/old").resolve(cell.getKey())), cell.getKey());
        }
        assertEquals(ids, ids(json("cells/old/experiment.json")));
        assertContains(json("expected/summary.json"), json("cells/old/summary.json"), "summary.json");
    }

    private JsonObject json(String file) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(file))).getAsJsonObject();
    }

    /** Requires whatever stood in a file then, at its place; there may be more. */
    private static void assertContains(JsonElement expected, JsonElement found, String place) {
        if (expected.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry :
                    expected.getAsJsonObject().entrySet()) {
                JsonElement there = found.getAsJsonObject().get(entry.getKey());
                assertTrue(there != null, place + "." + entry.getKey() + " is missing");
                assertContains(entry.getValue(), there, place + "." + entry.getKey());
            }
        } else if (place.endsWith(".notes")) {
            expected.getAsJsonArray()
                    .forEach(note -> assertTrue(found.getAsJsonArray().contains(note), place + ": " + found));
        } else if (expected.isJsonArray()) {
            assertEquals(
                    expected.getAsJsonArray().size(), found.getAsJsonArray().size(), place);
            for (int i = 0; i < expected.getAsJsonArray().size(); i++) {
                assertContains(
                        expected.getAsJsonArray().get(i), found.getAsJsonArray().get(i), place + "[" + i + "]");
            }
        } else {
            assertEquals(expected, found, place);
        }
    }
}
