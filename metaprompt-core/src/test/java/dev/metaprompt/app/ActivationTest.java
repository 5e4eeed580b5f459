package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.Checkpoints;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The activation of a bare weight file: asked for, told, and never mixed with another. */
class ActivationTest {
    @TempDir
    Path folder;

    private Path dataset;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"), SmallDataset.GOLDEN_CLASSES);
        SmallDataset.addValidation(dataset, SmallDataset.GOLDEN_CLASSES);
        model = Checkpoints.unpack(folder.resolve("checkpoints")).resolve("openai-fp16.pt");
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [1]\n");
    }

    private TestContext context(String... more) {
        List<String> options =
                new ArrayList<>(List.of("cache", folder.resolve("cache").toString(), "model", model.toString()));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private static String refusal(Runnable action) {
        String message = assertThrows(InvalidInputException.class, action::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private TestContext prepare(String activation, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset",
                dataset.toString(),
                "way",
                "3",
                "dataset.shots",
                "6",
                "episode.imagesPerClass",
                "6",
                "augment",
                "none",
                "model.activation",
                activation));
        options.addAll(List.of(more));
        TestContext context = context(options.toArray(String[]::new));
        new PrepareCommand().run(context);
        return context;
    }

    private TestContext encode(String out, String... more) {
        List<String> options =
                new ArrayList<>(List.of("images", dataset.resolve("images").toString(), "out", out));
        options.addAll(List.of(more));
        TestContext context = context(options.toArray(String[]::new));
        new EncodeCommand().run(context);
        return context;
    }

    @Test
    void aFileThatDoesNotTellItsActivationStopsUntilItIsSaid() {
        String message = refusal(() -> encode("none.safetensors"));
        assertTrue(message.startsWith(model.toString()), message);
        assertTrue(message.contains("-Dmetaprompt.model.activation="), message);
        assertFalse(Files.exists(folder.resolve("none.safetensors")));
        assertTrue(refusal(() -> encode("none.safetensors", "model.activation", "relu"))
                .contains("allowed: gelu or quickgelu"));
    }

    @Test
    void whatIsAssumedIsTold() {
        TestContext context = encode("one.safetensors", "model.activation", "gelu");
        List<String> warnings = context.phases.stream()
                .filter(line -> line.startsWith("warning: model " + model + ": "))
                .toList();
        assertEquals(2, warnings.size(), context.phases.toString());
        assertTrue(warnings.get(0).contains("attention heads of 64 channels"), warnings.toString());
        assertTrue(warnings.get(1).contains("no file of the model says how images are prepared"), warnings.toString());
    }

    @Test
    void twoActivationsShareNoFeatures() {
        encode("gelu.safetensors", "model.activation", "gelu");
        encode("quick.safetensors", "model.activation", "quickgelu");
        assertNotEquals(first("gelu.safetensors"), first("quick.safetensors"));
        assertTrue(keptAtStart(prepare("quickgelu")).contains("none is kept already"));
        assertTrue(keptAtStart(prepare("gelu")).contains("none is kept already"));
        assertTrue(keptAtStart(prepare("quickgelu")).contains("all are kept already"));
    }

    private float first(String file) {
        try (Safetensors tensors = Safetensors.open(folder.resolve(file))) {
            return tensors.readFloats("image")[0];
        }
    }

    private static String keptAtStart(TestContext context) {
        return context.phases.stream()
                .filter(line -> line.contains("kept already"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPackIsOfOneActivation() throws IOException {
        Path pack = folder.resolve("quick.pack");
        prepare("quickgelu", "pack", pack.toString());
        use(pack, "quickgelu");
        String message = refusal(() -> use(pack, "gelu"));
        assertTrue(message.contains("activation=quickgelu") && message.contains("activation=gelu"), message);
        Path other = folder.resolve("gelu.pack");
        prepare("gelu", "pack", other.toString());
        assertTrue(refusal(() -> use(other, "quickgelu")).contains("image tower"));
    }

    /** Earlier versions made packs of such a file with QuickGELU alone, and did not say so. */
    @Test
    void aPackThatDoesNotTellIsOfTheOneThatEarlierVersionsTook() throws IOException {
        Path pack = folder.resolve("old.pack");
        prepare("quickgelu", "pack", pack.toString());
        forget(pack, "model.tower");
        forget(pack, "image.colorOrder");
        use(pack, "quickgelu");
        assertTrue(refusal(() -> use(pack, "gelu")).contains("does not say what image tower"));
        byte[] bytes = Files.readAllBytes(pack);
        prepare("quickgelu", "pack", pack.toString());
        assertArrayEquals(bytes, Files.readAllBytes(pack), "a pack that is as good as a new one is left alone");
        prepare("gelu", "pack", pack.toString());
        use(pack, "gelu");
    }

    private void use(Path pack, String activation) {
        prepare(activation, "dataset", pack.toString());
    }

    /** Takes the fact out, with spaces for it at the header's end, and makes the pack's digest of itself right again. */
    private static void forget(Path pack, String fact) throws IOException {
        byte[] bytes = Files.readAllBytes(pack);
        int end = Long.BYTES
                + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String header = text.substring(Long.BYTES, end);
        String shorter = header.strip().replaceFirst("\"" + Pattern.quote(fact) + "\":\"[^\"]*\",", "");
        assertTrue(shorter.length() < header.strip().length());
        text = text.substring(0, Long.BYTES)
                + shorter
                + " ".repeat(header.length() - shorter.length())
                + text.substring(end);
        int at = text.indexOf("\"content.sha256\":\"") + "\"content.sha256\":\"".length();
        String stated = text.substring(at, at + 64);
        String zeroed = text.replace(stated, "0".repeat(stated.length()));
        String digest = Sha256.hex(zeroed.getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(pack, text.replace(stated, digest), StandardCharsets.ISO_8859_1);
        FeaturePack.open(pack);
    }

    private Plan plan(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "experiment", folder.resolve("test.yaml").toString(),
                "dataset", dataset.toString(),
                "method", "coop",
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "train.epochs", "2",
                "train.iterations", "1",
                "augment", "none",
                "threads", "1"));
        options.addAll(List.of(more));
        TestContext context = context(options.toArray(String[]::new));
        return new ExperimentPlanner(context)
                .planWithContents(ExperimentMatrix.read(context, Settings.withoutModel(context)));
    }

    private String cell(String... more) {
        return plan(more).cells().get(0).id();
    }

    /** The id is what the version before the key computed for this file, without asking. */
    @Test
    void aCellIsOfOneActivation() throws IOException {
        dataset = SmallDataset.write(folder.resolve("before/dtd-small"));
        SmallDataset.addValidation(dataset);
        String before = "13c4d680fbd2df2818aa49fd47402c92512a54de76a4c1bdea6d3bcb6bfe99c8";
        assertEquals(before, cell("model.activation", "quickgelu"));
        assertNotEquals(before, cell("model.activation", "gelu"));
        model = model.resolveSibling("script.pt");
        assertEquals(cell(), cell("model.activation", "quickgelu"));
    }

    @Test
    void anExperimentOfAFileThatDoesNotTellIsNotPlanned() {
        assertTrue(refusal(() -> plan()).contains("-Dmetaprompt.model.activation="));
        model = model.resolveSibling("script.pt");
        assertTrue(refusal(() -> plan("model.activation", "gelu")).contains("archive of OpenAI"));
    }

    @Test
    void aRunsSettingHasTheActivationUnlessEarlierVersionsTookIt() {
        Map<String, Object> plain = Map.of("method", "coop", "model", "m", "dataset", "d");
        Map<String, Object> quick =
                Map.of("method", "coop", "model", "m", "dataset", "d", "model.activation", "quickgelu");
        Map<String, Object> exact = Map.of("method", "coop", "model", "m", "dataset", "d", "model.activation", "gelu");
        RunSetting before = RunSetting.of(Records.running("r", plain));
        assertEquals(before, RunSetting.of(Records.running("r", quick)));
        assertFalse(before.agreesWith(RunSetting.of(Records.running("r", exact))));
        assertArrayEquals(
                new Object[] {"model.activation"},
                before.differingKeys(RunSetting.of(Records.running("r", exact))).toArray());
    }
}
