package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.Checkpoints;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs and plans that do not say the activation of their model: those of earlier versions, which took quickgelu of a bare
 * weight file, and those whose model says it itself.
 */
class EarlierActivationTest {
    private static final String KEY = "model.activation";
    private static final String BARE = "checkpoints/openai-fp16.pt";
    private static final String EXACT = "checkpoints/open_clip_exact";
    private static final String QUICK = "checkpoints/transformers";

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        List<String> classes = SmallDataset.GOLDEN_CLASSES;
        SmallDataset.addValidation(SmallDataset.write(folder.resolve("dtd-small"), classes), classes);
        Checkpoints.unpack(folder.resolve("checkpoints"));
        // Images are prepared as for its bare copy.
        Path config = folder.resolve(EXACT).resolve("open_clip_config.json");
        JsonObject json = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
        json.remove("preprocess_cfg");
        Files.writeString(config, json.toString());
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1]\n");
    }

    private TestContext context(String... options) {
        List<String> all =
                new ArrayList<>(List.of("cache", folder.resolve("cache").toString()));
        all.addAll(List.of(options));
        return new TestContext(folder, all.toArray(String[]::new));
    }

    private TestContext computing(String model, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "model",
                model,
                "dataset",
                "dtd-small",
                "method",
                "coop",
                "way",
                "3",
                "dataset.shots",
                "6",
                "augment",
                "none",
                "train.epochs",
                "2",
                "train.iterations",
                "1",
                "evaluate.episodes",
                "2",
                "threads",
                "1"));
        options.addAll(List.of(more));
        return context(options.toArray(String[]::new));
    }

    private RunDirectory run() {
        return RunDirectory.newest(folder.resolve("runs"));
    }

    /** Takes the key out of the newest run's record: it becomes one of an earlier version. */
    private RunDirectory forget() throws IOException {
        Path file = run().file(RunDirectory.RECORD);
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertTrue(json.getAsJsonObject("config").has(KEY));
        json.getAsJsonObject("config").remove(KEY);
        json.getAsJsonObject("origins").remove(KEY);
        Files.writeString(file, json.toString());
        return run();
    }

    private TestContext replay(String... more) {
        List<String> options = new ArrayList<>(List.of("run", run().id()));
        options.addAll(List.of(more));
        TestContext context = context(options.toArray(String[]::new));
        new ReplayCommand().run(context);
        assertTrue(context.results.get(0).startsWith("no difference"), context.results.toString());
        return context;
    }

    private static long warnings(TestContext context) {
        return context.phases.stream()
                .filter(line -> line.startsWith("warning: ") && line.contains("nothing says its activation"))
                .filter(line -> line.contains("assumed is quickgelu"))
                .count();
    }

    @Test
    void aRunOfABareFileIsRepeatedAndGoesOn() throws IOException {
        new TrainCommand().run(computing(BARE, KEY, "quickgelu").interruptAfter(1));
        RunDirectory half = forget();
        TestContext context = context("run", half.id());
        new TrainCommand().run(context);
        assertEquals(RunStatus.FINISHED, half.readRecord().status());
        assertEquals(1, warnings(context), context.phases.toString());
        assertEquals(1, warnings(replay()));
        replay(KEY, "quickgelu");
        String message = assertThrows(InvalidInputException.class, () -> replay(KEY, "gelu"))
                .getMessage();
        assertTrue(message.contains("was started with \"quickgelu\""), message);
    }

    /** The record does not say what the model's configuration said. */
    @Test
    void aRunWhoseModelSaidItIsRepeatedOnABareCopy() throws IOException {
        new TrainCommand().run(computing(EXACT));
        assertFalse(run().readRecord().config().containsKey(KEY));
        replay("model", bare(), KEY, "gelu");
        assertEquals(0, warnings(replay()));
        String message = assertThrows(InvalidInputException.class, () -> replay("model", bare()))
                .getMessage();
        assertTrue(message.contains("-Dmetaprompt." + KEY + "="), message);
    }

    /** A weight file with a configuration beside it is named like a bare one. */
    @Test
    void aConfigurationBesideTheFileCounts() throws IOException {
        new TrainCommand().run(computing(EXACT + "/open_clip_pytorch_model.bin"));
        assertEquals(0, warnings(replay()));
    }

    /** The weights of the exact model without its configuration. */
    private String bare() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        for (String name : List.of("open_clip_pytorch_model.bin", "tokenizer.json")) {
            if (!Files.exists(bare.resolve(name))) {
                Files.copy(folder.resolve(EXACT).resolve(name), bare.resolve(name));
            }
        }
        return "bare/open_clip_pytorch_model.bin";
    }

    private String bareQuick() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("quick"));
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(folder.resolve(QUICK).resolve(name), bare.resolve(name));
        }
        return "quick/model.safetensors";
    }

    private Plan plan(TestContext context) {
        return new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    private Plan plan(String model, String... more) {
        List<String> options = new ArrayList<>(List.of("experiment", "test.yaml"));
        options.addAll(List.of(more));
        return plan(computing(model, options.toArray(String[]::new)));
    }

    private static Plan without(Plan plan, String... keys) {
        List<Assignment> options = plan.options().stream()
                .filter(setting -> !List.of(keys).contains(setting.key()))
                .toList();
        return Plan.of(plan.name(), plan.title(), options, plan.compare(), plan.cells());
    }

    private CellEnd compute(Plan plan, String runs, TestContext machine) {
        Cell cell = plan.cells().get(0);
        Path run = folder.resolve(runs).resolve(cell.folder()).toAbsolutePath();
        CellRequest request = new CellRequest("test", plan.id(), plan.options(), cell, run.toString());
        return new CellCommand(request)
                .run(new CellContext(
                        CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(machine))),
                        folder,
                        machine.facts(),
                        1,
                        machine.progress(),
                        new Interruption(Duration.ofSeconds(1), () -> {})));
    }

    private RunRecord record(Plan plan, String runs) {
        return RunDirectory.open(
                        folder.resolve(runs).resolve(plan.cells().get(0).folder()))
                .readRecord();
    }

    private static final CellEnd FINISHED = new CellEnd(CellEnd.Kind.FINISHED, "");

    @Test
    void aWorkerComputesACellOfAnEarlierPlan() {
        Plan plan = without(plan(BARE, KEY, "quickgelu"), KEY, ColorOrders.KEY);
        TestContext machine = context();
        assertEquals(FINISHED, compute(plan, "one", machine));
        assertEquals(1, warnings(machine), machine.phases.toString());
        assertEquals("quickgelu", record(plan, "one").config().get(KEY));
        assertEquals(FINISHED, compute(plan, "two", context(KEY, "quickgelu")));
    }

    @Test
    void whatTheExperimentsModelSaysHoldsForAWorkersBareFile() throws IOException {
        Plan exact = plan(EXACT);
        assertEquals(FINISHED, compute(exact, "one", context()));
        assertNull(record(exact, "one").config().get(KEY));
        assertEquals(FINISHED, compute(exact, "two", context("model", bare())));
        assertEquals("gelu", record(exact, "two").config().get(KEY));
        // This machine's file has what the experiment says, whatever was typed for those of other experiments.
        assertEquals(FINISHED, compute(exact, "three", context("model", bare(), KEY, "quickgelu")));
        Plan quick = plan(QUICK);
        String file = bareQuick();
        assertEquals(FINISHED, compute(quick, "one", context("model", file)));
        assertEquals(FINISHED, compute(quick, "two", context("model", file, KEY, "quickgelu")));
        CellEnd other = compute(quick, "three", context("model", file, KEY, "gelu"));
        assertEquals(CellEnd.Kind.INVALID, other.kind());
        assertTrue(
                other.message().contains("has the activation gelu, that of the experiment quickgelu"), other.message());
    }

    /** The digest of the weights does not tell. */
    @Test
    void aWorkersOtherConfigurationIsRefused() throws IOException {
        Plan exact = plan(EXACT);
        Path config = folder.resolve(EXACT).resolve("open_clip_config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceFirst("\"quick_gelu\": *false", "\"quick_gelu\": true"));
        assertFalse(text.equals(Files.readString(config)), text);
        CellEnd end = compute(exact, "one", context());
        assertEquals(CellEnd.Kind.INVALID, end.kind());
        assertTrue(end.message().contains("has the activation quickgelu, that of the experiment gelu"), end.message());
    }

    @Test
    void anEarlierPlanIsPlannedOn() throws IOException {
        Plan said = plan(BARE, KEY, "quickgelu");
        PlanFile.write(Files.createDirectories(folder.resolve("runs/test")), without(said, KEY, ColorOrders.KEY));
        TestContext context = computing(BARE, "experiment", "test.yaml");
        Plan now = plan(context);
        assertEquals(said.cells().get(0).id(), now.cells().get(0).id());
        assertEquals(1, warnings(context), context.phases.toString());
        assertEquals(FINISHED, compute(now, "one", context()));
    }
}
