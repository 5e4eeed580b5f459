package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.app.MixedDataset.Palettes;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.report.RunsTable;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key {@code image.colorOrder} in everything that prepares images, and in what is told of it. */
class ColorOrderTest {
    private static final String ORDER = "image.colorOrder";
    private static final List<String> COMPUTED = List.of(
            RunDirectory.INITIAL,
            RunDirectory.EPISODES,
            RunDirectory.METRICS,
            RunDirectory.LEARNED,
            RunDirectory.PREDICTIONS);

    @TempDir
    Path folder;

    /** A place with the data set {@code mixed}, and one where images with a palette were converted before. */
    private Path place(String name, Palettes palettes, boolean converted) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        MixedDataset.write(place.resolve("mixed"), palettes);
        if (converted) {
            MixedDataset.convert(place.resolve("mixed"));
        }
        return place;
    }

    private static String[] with(String[] more, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    private static RunDirectory train(Path place, String runs, String... more) {
        new TrainCommand().run(OldOrderWork.context(place, with(more, "runs", runs)));
        return RunDirectory.newest(place.resolve(runs));
    }

    private static boolean sameBytes(RunDirectory one, RunDirectory two) throws IOException {
        for (String file : COMPUTED) {
            if (!Arrays.equals(Files.readAllBytes(one.file(file)), Files.readAllBytes(two.file(file)))) {
                return false;
            }
        }
        return true;
    }

    private static RunRecord.Content content(RunDirectory run) {
        return run.readRecord().dataset().content().orElseThrow();
    }

    /** Centre crops, kept random views, fresh random views. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "views:2", "online"})
    void trainingOnPalettesIsTrainingOnTheirColours(String augment) throws IOException {
        Path palettes = place("palettes", Palettes.TRAINING_AND_TEST, false);
        Path converted = place("converted", Palettes.TRAINING_AND_TEST, true);
        RunDirectory expected = train(converted, "runs", "augment", augment);
        assertTrue(sameBytes(expected, train(palettes, "runs", "augment", augment)));
        assertFalse(sameBytes(expected, train(palettes, "other", "augment", augment, ORDER, "resize-first")));
        assertTrue(sameBytes(expected, train(converted, "other", "augment", augment, ORDER, "resize-first")));
    }

    private static float[] encode(Path place, String... more) {
        Path out = place.resolve("features" + System.nanoTime() + ".safetensors");
        Path cache = place.resolve("cache");
        new EncodeCommand()
                .run(new TestContext(
                        place, with(more, "images", "mixed", "out", out.toString(), "cache", cache.toString())));
        try (Safetensors tensors = Safetensors.open(out);
                NDManager manager = NDManager.newBaseManager()) {
            return tensors.read("image", manager).toFloatArray();
        }
    }

    @Test
    void encodeConvertsFirstUnlessToldOtherwise() throws IOException {
        Path palettes = place("palettes", Palettes.TRAINING_AND_TEST, false);
        float[] expected = encode(place("converted", Palettes.TRAINING_AND_TEST, true));
        assertArrayEquals(expected, encode(palettes));
        assertArrayEquals(expected, encode(palettes, ORDER, "convert-first"));
        assertFalse(Arrays.equals(expected, encode(palettes, ORDER, "resize-first")));
    }

    @Test
    void runsOfTwoOrdersAreToldApartWhereImagesDependOnIt() throws IOException {
        Path place = place("palettes", Palettes.TRAINING_AND_TEST, false);
        RunDirectory convert = train(place, "convert");
        RunDirectory resize = train(place, "resize", ORDER, "resize-first");
        assertEquals("convert-first", convert.readRecord().config().get(ORDER));
        assertEquals("default", convert.readRecord().origins().get(ORDER));
        assertEquals("resize-first", resize.readRecord().config().get(ORDER));
        assertEquals(Optional.of("convert-first"), content(convert).testColorOrder());
        assertEquals(Optional.empty(), content(resize).testColorOrder());
        assertEquals(content(convert).test(), content(resize).test());
        assertNotEquals(content(convert).all(), content(resize).all());
        RunSetting one = RunSetting.of(convert.readRecord());
        RunSetting two = RunSetting.of(resize.readRecord());
        assertFalse(one.agreesWith(two));
        assertEquals(ORDER + "=convert-first", one.differences(List.of(one, two)));
        assertEquals(ORDER + "=resize-first", two.differences(List.of(one, two)));
        // Zero-shot CLIP sees other test images, so the figures of the two stand apart.
        assertNotEquals(one.data(), two.data());
        assertEquals(one.data().inAnyOrder(), two.data());
        String table = RunsTable.of(List.of(convert, resize)).text();
        long rows =
                table.lines().filter(line -> line.contains("zero-shot CLIP")).count();
        assertEquals(
                2L * convert.readRecord().results().orElseThrow().zeroShot().size(), rows, table);
        assertTrue(table.lines().anyMatch(line -> line.contains("zero-shot CLIP") && line.contains(ORDER)), table);
    }

    @Test
    void runsOfTwoOrdersAreOneSettingOverImagesThatDoNotDependOnIt() throws IOException {
        Path place = place("rgb", Palettes.NONE, false);
        RunDirectory convert = train(place, "convert");
        RunDirectory resize = train(place, "resize", ORDER, "resize-first");
        assertEquals(content(convert), content(resize));
        assertEquals(RunSetting.of(convert.readRecord()), RunSetting.of(resize.readRecord()));
        assertTrue(sameBytes(convert, resize));
    }

    @Test
    void aRunGoesOnIsRepeatedAndEvaluatedInItsOrder() throws IOException {
        Path place = place("palettes", Palettes.TRAINING_AND_TEST, false);
        for (String order : List.of("convert-first", "resize-first")) {
            String runs = "runs-" + order;
            new TrainCommand()
                    .run(OldOrderWork.context(place, "runs", runs, ORDER, order).interruptAfter(1));
            RunDirectory run = RunDirectory.newest(place.resolve(runs));
            String[] named = {
                "run", run.id(), "runs", runs, "cache", place.resolve("cache").toString()
            };
            new TrainCommand().run(new TestContext(place, named));
            assertTrue(sameBytes(train(place, runs + "-whole", ORDER, order), run));
            TestContext replay = new TestContext(place, named);
            new ReplayCommand().run(replay);
            assertTrue(replay.results.get(0).startsWith("no difference"), replay.results.toString());
            TestContext evaluation = new TestContext(place, named);
            new EvaluateCommand().run(evaluation);
            TestContext again = new TestContext(place, with(named, ORDER, order));
            new EvaluateCommand().run(again);
            assertEquals(evaluation.results, again.results);
        }
    }

    @ParameterizedTest
    @EnumSource(Palettes.class)
    void aPackSaysItsOrder(Palettes palettes) throws IOException {
        Path place = place("place", palettes, false);
        new PrepareCommand().run(OldOrderWork.context(place, "pack", "mixed.pack"));
        RunDirectory images = train(place, "images");
        RunDirectory packed = train(place, "packed", "dataset", "mixed.pack");
        assertTrue(sameBytes(images, packed));
        assertEquals(content(images), content(packed));
        assertEquals("convert-first", packed.readRecord().config().get(ORDER));
        TestContext again = OldOrderWork.context(place, "pack", "mixed.pack");
        new PrepareCommand().run(again);
        assertTrue(again.results.toString().contains("is there already and whole"), again.results.toString());
        if (palettes == Palettes.NONE) {
            assertTrue(sameBytes(images, train(place, "other", "dataset", "mixed.pack", ORDER, "resize-first")));
            return;
        }
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> train(place, "other", "dataset", "mixed.pack", ORDER, "resize-first"))
                .getMessage();
        assertTrue(message.contains("was made with convert-first. Use " + ORDER + "=convert-first"), message);
        assertTrue(message.contains("make a pack with -Dmetaprompt." + ORDER + "=resize-first"), message);
        // As advised.
        new PrepareCommand().run(OldOrderWork.context(place, "pack", "mixed.pack", ORDER, "resize-first"));
        RunDirectory other = train(place, "other", "dataset", "mixed.pack");
        assertEquals("resize-first", other.readRecord().config().get(ORDER));
        assertTrue(sameBytes(train(place, "other-images", ORDER, "resize-first"), other));
        // A run of the other order, on this pack.
        String[] named = {
            "run",
            images.id(),
            "runs",
            "images",
            "cache",
            place.resolve("cache").toString()
        };
        String[] onPack = with(named, "dataset", "mixed.pack");
        new EvaluateCommand().run(new TestContext(place, with(onPack, ORDER, "resize-first")));
    }

    private static Plan experiment(Path place, String... more) throws Exception {
        new ExperimentCommand().run(OldOrderWork.context(place, with(more, "experiment", "test.yaml")));
        return PlanFile.read(place.resolve("runs/test"));
    }

    private static List<Object> orders(Path place, Plan plan) {
        List<Object> orders = new ArrayList<>();
        for (Cell cell : plan.cells()) {
            RunDirectory run = RunDirectory.open(place.resolve("runs/test").resolve(cell.folder()));
            assertTrue(run.isFinished());
            assertEquals(cell.content(), content(run).all());
            orders.add(run.readRecord().config().get(ORDER));
        }
        return orders;
    }

    @Test
    void aMatrixMayHaveBothOrders() throws Exception {
        Path place = place("palettes", Palettes.TRAINING_AND_TEST, false);
        Files.writeString(
                place.resolve("test.yaml"),
                "settings:\n  method: coop\naxes:\n  " + ORDER + ": [convert-first, resize-first]\n");
        Plan plan = experiment(place);
        assertEquals(List.of("convert-first", "resize-first"), orders(place, plan));
        assertEquals(plan, experiment(place));
    }

    /** A plan that lacks the key is an older version's, so one of this version never does. */
    @Test
    void aPlanSaysItsOrderThoughNobodyChoseIt() throws Exception {
        Path place = place("palettes", Palettes.TRAINING_AND_TEST, false);
        Files.writeString(place.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1, 2]\n");
        Plan plan = experiment(place);
        assertEquals(
                List.of("convert-first"),
                plan.options().stream()
                        .filter(setting -> setting.key().equals(ORDER))
                        .map(setting -> setting.value())
                        .toList());
        assertEquals(List.of("convert-first", "convert-first"), orders(place, plan));
        assertEquals(plan, experiment(place));
        // What older versions would compute under these ids is not taken for it, and is computed beside it.
        Plan other = experiment(place, ORDER, "resize-first");
        assertEquals(List.of("resize-first", "resize-first"), orders(place, other));
        assertNotEquals(plan.experimentId(), other.experimentId());
        assertEquals(plan, experiment(place));
    }

    @Test
    void cellsOnAPackHaveThePacksOrder() throws Exception {
        Path place = place("palettes", Palettes.TRAINING_AND_TEST, false);
        Files.writeString(place.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1, 2]\n");
        new PrepareCommand().run(OldOrderWork.context(place, "pack", "mixed.pack", ORDER, "resize-first"));
        Plan plan = experiment(place, "dataset", "mixed.pack");
        assertEquals(List.of("resize-first", "resize-first"), orders(place, plan));
        assertEquals(plan, experiment(place, "dataset", "mixed.pack"));
    }
}
