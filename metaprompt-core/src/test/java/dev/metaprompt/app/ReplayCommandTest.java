package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains once, changes copies of the record by hand, and repeats each. */
class ReplayCommandTest {
    @TempDir
    static Path folder;

    private static RunDirectory trained;
    private static int copies;

    private Path run;

    @BeforeAll
    static void train() throws IOException {
        SmallDataset.write(folder.resolve("dtd-small"));
        trained = train("runs");
    }

    private static RunDirectory train(String runs, String... more) {
        return train(Integer.MAX_VALUE, runs, more);
    }

    private static RunDirectory train(int epochs, String runs, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "runs", runs,
                "dataset", folder.resolve("dtd-small").toString(),
                "cache", folder.resolve("cache").toString(),
                "threads", "1",
                "way", "3",
                "dataset.shots", "8",
                "episode.imagesPerClass", "6",
                "episode.tasks", "2",
                "train.epochs", "3",
                "train.warmupEpochs", "1",
                "train.learningRate", "0.02",
                "train.iterations", "2",
                "evaluate.episodes", "20",
                "augment", "views:2"));
        options.addAll(List.of(more));
        new TrainCommand().run(new TestContext(folder, options.toArray(String[]::new)).interruptAfter(epochs));
        return RunDirectory.newest(folder.resolve(runs));
    }

    @BeforeEach
    void copyRecord() throws IOException {
        run = copy(trained);
    }

    private static Path copy(RunDirectory source) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copies/" + copies++).resolve(source.id()));
        try (Stream<Path> files = Files.list(source.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static String replay(Path run, String... more) {
        List<String> options = new ArrayList<>(
                List.of("run", run.toString(), "cache", folder.resolve("cache").toString()));
        options.addAll(List.of(more));
        TestContext context = new TestContext(folder, options.toArray(String[]::new));
        new ReplayCommand().run(context);
        assertEquals(1, context.results.size(), context.results.toString());
        return context.results.get(0);
    }

    private static String differenceOf(Path run) {
        String message =
                assertThrows(InvalidInputException.class, () -> replay(run)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private void edit(String file, UnaryOperator<String> change) throws IOException {
        String text = Files.readString(run.resolve(file));
        String changed = change.apply(text);
        assertTrue(!changed.equals(text), "the change changes nothing");
        Files.writeString(run.resolve(file), changed);
    }

    private static UnaryOperator<String> line(int number, UnaryOperator<String> change) {
        return text -> {
            List<String> lines = new ArrayList<>(text.lines().toList());
            String changed = change.apply(lines.get(number - 1));
            lines.remove(number - 1);
            if (!changed.isEmpty()) {
                lines.add(number - 1, changed);
            }
            return String.join("\n", lines) + "\n";
        };
    }

    /** Changes a field of a line of JSON, or of run.json, found by its path. */
    private static UnaryOperator<String> field(String path, UnaryOperator<String> change) {
        return text -> {
            JsonObject root = JsonParser.parseString(text).getAsJsonObject();
            JsonObject parent = root;
            String[] names = path.split("/");
            for (int i = 0; i < names.length - 1; i++) {
                parent = names[i].matches("\\d+")
                        ? parent
                        : (i + 1 < names.length - 1 && names[i + 1].matches("\\d+")
                                ? parent.getAsJsonArray(names[i])
                                        .get(Integer.parseInt(names[i + 1]))
                                        .getAsJsonObject()
                                : parent.getAsJsonObject(names[i]));
            }
            String last = names[names.length - 1];
            parent.add(
                    last, JsonParser.parseString(change.apply(parent.get(last).toString())));
            return root.toString();
        };
    }

    private static UnaryOperator<String> times(double factor) {
        return value -> String.valueOf(Double.parseDouble(value) * factor);
    }

    private static UnaryOperator<String> plus(double term) {
        double most = 100;
        return value -> {
            double number = Double.parseDouble(value);
            return String.valueOf(number + term > most ? number - term : number + term);
        };
    }

    private static Arguments change(String file, UnaryOperator<String> change, String... expected) {
        return Arguments.of(file, change, List.of(expected));
    }

    static Stream<Arguments> linesAndFigures() {
        return Stream.of(
                change(
                        "metrics.jsonl",
                        line(4, l -> ""),
                        "metrics.jsonl, line 4 (step 4), step",
                        "recorded 5, replayed 4"),
                change("metrics.jsonl", line(6, l -> ""), "metrics.jsonl, line 6 (step 6)", "recorded nothing"),
                change("metrics.jsonl", line(6, l -> l + "\n" + l), "metrics.jsonl, line 7", "replayed nothing"),
                change("metrics.jsonl", t -> t + "{\"step\":7", "metrics.jsonl, line 7", "unfinished line"),
                change("metrics.jsonl", line(3, l -> "{oops"), "metrics.jsonl", "line 3 is no JSON object"),
                change(
                        "metrics.jsonl",
                        line(5, field("loss", times(1.01))),
                        "line 5 (step 5), loss",
                        "1.0e-03 is allowed"),
                change(
                        "metrics.jsonl",
                        line(5, field("loss", v -> "NaN")),
                        "line 5 (step 5), loss",
                        "recorded \"NaN\""),
                change("metrics.jsonl", line(2, field("learningRate", times(1.001))), "(step 2), learningRate"),
                change(
                        "metrics.jsonl",
                        line(2, l -> l.replace("\"crossEntropy\"", "\"entropy\"")),
                        "crossEntropy",
                        "recorded nothing"),
                change("metrics.jsonl", line(2, l -> l.replace("}", ",\"more\":1}")), "more", "replayed nothing"),
                change(
                        "episodes.jsonl",
                        line(4, l -> l.replaceFirst("_(\\d)\\.png(.*)_(\\d)\\.png", "_$3.png$2_$1.png")),
                        "episodes.jsonl, line 4 (step 4), tasks[0], support[0][0]"),
                change(
                        "episodes.jsonl",
                        line(
                                1,
                                l -> l.replaceFirst(
                                        "\"views\":\\{\"support\":\\[\\[\\d", "\"views\":{\"support\":[[7")),
                        "tasks[0], views, support[0][0]",
                        "recorded 7"),
                change(
                        "episodes.jsonl",
                        line(2, l -> l.replaceFirst("banded\"", "woven\"")),
                        "(step 2), tasks[0], classes["),
                change("episodes.jsonl", line(3, l -> ""), "episodes.jsonl, line 3 (step 3), step"),
                change(
                        "epochs.jsonl",
                        line(3, field("textAccuracy", plus(100.0 / 12))),
                        "epochs.jsonl, line 3 (epoch 1), textAccuracy"),
                change("epochs.jsonl", line(2, field("loss", times(0.9))), "epochs.jsonl, line 2 (epoch 0), loss"),
                change("epochs.jsonl", line(1, l -> ""), "epochs.jsonl, line 1 (epoch -1), epoch"),
                change("predictions.csv", line(5, l -> l.replace(",0.", ",0.9")), "predictions.csv, line 5 ("),
                change("predictions.csv", line(9, l -> ""), "predictions.csv, line 9 (", "image"),
                change("predictions.csv", line(25, l -> ""), "predictions.csv, rows", "recorded 23, replayed 24"),
                change(
                        "predictions.csv",
                        line(4, l -> l.replaceFirst("[a-z]+$", "other")),
                        "line 4 (",
                        "zeroShotPredicted: recorded other"));
    }

    static Stream<Arguments> records() {
        return Stream.of(
                change("run.json", field("results/base", plus(3)), "run.json, results.base"),
                change("run.json", field("results/new", plus(3)), "run.json, results.new"),
                change("run.json", field("results/harmonicMean", plus(0.01)), "run.json, results.harmonicMean"),
                change("run.json", field("results/macroNew", plus(0.01)), "run.json, results.macroNew"),
                change("run.json", field("results/multimodalNew", plus(0.5)), "run.json, results.multimodalNew"),
                change("run.json", field("results/gap", plus(0.5)), "run.json, results.gap"),
                change("run.json", field("results/episodes/mean", plus(0.1)), "run.json, results.episodes.mean"),
                change("run.json", field("results/episodes/count", v -> "21"), "results.episodes: recorded 21"),
                change("run.json", field("results/perClass/grid", plus(25)), "results.perClass.grid"),
                change("run.json", field("results/zeroShot/1/base", plus(1)), "results.zeroShot[1].base"),
                change(
                        "run.json",
                        field("results/zeroShot/0/harmonicMean", plus(1)),
                        "results.zeroShot[0].harmonicMean"),
                change(
                        "run.json",
                        field("results/zeroShot/0/perClass/woven", plus(25)),
                        "results.zeroShot[0].perClass.woven"),
                change("run.json", field("status", v -> "\"interrupted\""), "status is recorded as interrupted"),
                change("run.json", field("model/sha256", v -> "\"00\""), "model.sha256: recorded 00"),
                change("run.json", field("dataset/sha256", v -> "\"00\""), "dataset.sha256: recorded 00"),
                change(
                        "run.json",
                        field("dataset/base", v -> v.replace("banded", "bonded")),
                        "dataset.base[0]: recorded bonded, replayed banded"),
                change(
                        "run.json",
                        field(
                                "dataset/shots/grid",
                                v -> v.replaceFirst("grid_(\\d)(.*)grid_(\\d)", "grid_$3$2grid_$1")),
                        "dataset.shots.grid[0]"),
                change("run.json", field("config/seed", v -> "2"), "config.seed"),
                change("run.json", field("config/way", v -> "2"), "config.way"),
                change("run.json", field("config/method", v -> "\"coop\""), "config.method"),
                change("run.json", field("config/threads", v -> "2"), "config.threads"),
                change("run.json", field("config/train.learningRate", v -> "0.03"), "(step 3), learningRate"),
                change("run.json", field("config/train.momentum", v -> "0.1"), "metrics.jsonl"),
                change("run.json", field("config/train.epochs", v -> "2"), "episodes.jsonl, line 5"),
                change("run.json", field("config/train.epochs", v -> "4"), "line 5 (step 5), learningRate"),
                change("run.json", field("config/loss.klWeight", v -> "0.9"), "metrics.jsonl", "loss"),
                change("run.json", field("config/augment", v -> "\"none\""), "views", "replayed nothing"),
                change("run.json", field("config/prompt.template", v -> "\"{} here.\""), "zeroShotPredicted"),
                change("run.json", field("config/evaluate.episodes", v -> "30"), "results.episodes"),
                change("run.json", field("config/mlp.ratio", v -> "\"x\""), "mlp.ratio"));
    }

    @ParameterizedTest
    @MethodSource({"linesAndFigures", "records"})
    void aChangeByHandIsFoundAndNamed(String file, UnaryOperator<String> change, List<String> expected)
            throws IOException {
        edit(file, change);
        String message = differenceOf(run);
        for (String part : expected) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.jsonl",
                "episodes.jsonl",
                "epochs.jsonl",
                "initial.safetensors",
                "learned.safetensors",
                "contexts.safetensors",
                "predictions.csv"
            })
    void aDeletedFileIsNamed(String file) throws IOException {
        Files.delete(run.resolve(file));
        String message = differenceOf(run);
        assertTrue(message.contains(file), message);
    }

    @Test
    void aBitOfTheInitialTensorsIsFound() throws IOException {
        flip("initial.safetensors", 1, 1);
        String message = differenceOf(run);
        assertTrue(message.contains("initial.safetensors, prompt.context["), message);
    }

    @Test
    void aChangedLearnedTensorIsFound() throws IOException {
        flip("learned.safetensors", 1, 0x40);
        String message = differenceOf(run);
        assertTrue(message.contains("learned.safetensors, prompt.context["), message);
    }

    // Values are little-endian: the last byte of a file holds the sign and the high bits of the exponent.
    private void flip(String file, int fromEnd, int mask) throws IOException {
        byte[] bytes = Files.readAllBytes(run.resolve(file));
        bytes[bytes.length - fromEnd] ^= (byte) mask;
        Files.write(run.resolve(file), bytes);
    }

    @Test
    void anUntouchedRecordHasNoDifferenceBitForBit() throws IOException {
        List<String> before = listing();
        assertEquals(
                "no difference: 6 steps, largest relative difference 0 (bit for bit); base, new and H equal",
                replay(run));
        assertEquals(before, listing());
    }

    private static List<String> listing() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")));
                Stream<Path> runs = Files.walk(folder.resolve("runs"))) {
            temporary
                    .map(Path::toString)
                    .filter(name -> name.contains("metaprompt-replay-"))
                    .forEach(names::add);
            runs.map(Path::toString).sorted().forEach(names::add);
        }
        return names;
    }

    @Test
    void theOrderOfKeysMeansNothing() throws IOException {
        edit("metrics.jsonl", line(2, l -> {
            JsonObject old = JsonParser.parseString(l).getAsJsonObject();
            JsonObject reversed = new JsonObject();
            List<String> keys = new ArrayList<>(old.keySet());
            java.util.Collections.reverse(keys);
            keys.forEach(key -> reversed.add(key, old.get(key)));
            return reversed.toString();
        }));
        assertTrue(replay(run).contains("bit for bit"));
    }

    @Test
    void aSmallDifferenceAgreesAndIsTold() throws IOException {
        edit("metrics.jsonl", line(4, field("loss", times(1 + 1e-5))));
        String result = replay(run);
        assertTrue(
                result.contains("largest relative difference 1.0e-05 (metrics.jsonl, line 4 (step 4), loss)"), result);
    }

    @Test
    void figuresOfARecordThatAgreesOnlyNearlyMustStillFollowFromEachOther() throws IOException {
        edit("metrics.jsonl", line(4, field("loss", times(1 + 1e-5))));
        edit("run.json", field("results/harmonicMean", plus(0.01)));
        String message = differenceOf(run);
        assertTrue(message.contains("contradicts itself: run.json, results.harmonicMean"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coop", "linear-probe", "clip"})
    void everyMethodCanBeRepeated(String method) throws IOException {
        run = copy(train("runs-" + method, "method", method));
        String steps = method.equals("clip") ? "0 steps" : "6 steps";
        String result = replay(run);
        assertTrue(result.startsWith("no difference: " + steps) && result.contains("bit for bit"), result);
        edit("predictions.csv", line(3, l -> l.replace("base,", "new,")));
        assertTrue(differenceOf(run).contains("predictions.csv, line 3"));
    }

    @Test
    void aMiniBatchImageIsCompared() throws IOException {
        run = copy(train("runs-batch", "method", "coop", "augment", "none"));
        edit("episodes.jsonl", line(2, l -> l.replaceFirst("_\\d\\.png", "_9.png")));
        String message = differenceOf(run);
        assertTrue(message.contains("episodes.jsonl, line 2 (step 2), images[0]"), message);
    }

    @Test
    void anUnfinishedRunIsComparedAsFarAsItGoes() throws IOException {
        run = copy(train(2, "runs-stopped"));
        assertEquals(
                "no difference up to where the run stopped (interrupted): 4 steps, largest relative difference 0"
                        + " (bit for bit)",
                replay(run));
        edit("metrics.jsonl", line(4, l -> ""));
        assertTrue(replay(run).contains(": 3 steps"), "a kill may leave one file a line behind");
        edit("metrics.jsonl", line(3, l -> ""));
        assertTrue(differenceOf(run).contains("metrics.jsonl, line 4 (step 4): recorded nothing"));
    }

    @Test
    void aChangeInAnUnfinishedRunIsFound() throws IOException {
        run = copy(train(2, "runs-stopped-2"));
        edit("epochs.jsonl", line(3, field("attentionEntropy", times(1.1))));
        assertTrue(differenceOf(run).contains("epochs.jsonl, line 3 (epoch 1), attentionEntropy"));
    }

    @Test
    void freshViewsAreRefused() throws IOException {
        edit("run.json", field("config/augment", v -> "\"online\""));
        assertTrue(differenceOf(run).contains("augment=online"));
    }

    @Test
    void theNewestFinishedRunIsTheDefaultAndTheMachineMayDiffer() {
        TestContext context =
                new TestContext(folder, "cache", folder.resolve("cache").toString(), "threads", "2");
        new ReplayCommand().run(context);
        assertTrue(context.results.get(0).startsWith("no difference: 6 steps"), context.results.toString());
    }

    @Test
    void anotherConfigurationThanTheRecordsIsRefused() {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> replay(run, "way", "2"));
        assertTrue(e.getMessage().contains("way"), e.getMessage());
    }
}
