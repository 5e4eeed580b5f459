package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prepares packs, and trains from them as from images. */
class FeaturePackTest {
    private static final List<String> SAME =
            List.of("metrics.jsonl", "episodes.jsonl", "initial.safetensors", "learned.safetensors", "predictions.csv");

    @TempDir
    Path folder;

    private Path dataset;
    private Path pack;

    @BeforeEach
    void writeDataset() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
        SmallDataset.addValidation(dataset);
        pack = folder.resolve("small.pack");
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "6",
                "episode.imagesPerClass", "6"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private TestContext prepare(String... more) {
        TestContext context = context(more);
        new PrepareCommand().run(context);
        return context;
    }

    private TestContext preparePack(String... more) {
        List<String> options = new ArrayList<>(List.of("dataset", dataset.toString(), "pack", pack.toString()));
        options.addAll(List.of(more));
        return prepare(options.toArray(String[]::new));
    }

    private TestContext training(Path data, String runs, String... more) {
        List<String> options = new ArrayList<>(
                List.of("dataset", data.toString(), "runs", runs, "train.epochs", "4", "train.iterations", "2"));
        options.addAll(List.of("evaluate.episodes", "10", "train.select", "best-val"));
        options.addAll(List.of(more));
        return context(options.toArray(String[]::new));
    }

    private RunDirectory train(Path data, String runs, String... more) {
        new TrainCommand().run(training(data, runs, more));
        return RunDirectory.newest(folder.resolve(runs));
    }

    private static void assertSame(RunDirectory one, RunDirectory two) throws IOException {
        for (String file : SAME) {
            assertArrayEquals(Files.readAllBytes(one.file(file)), Files.readAllBytes(two.file(file)), file);
        }
        RunRecord images = one.readRecord();
        RunRecord packed = two.readRecord();
        assertEquals(images.results(), packed.results());
        assertEquals(images.dataset().name(), packed.dataset().name());
        assertEquals(images.dataset().sha256(), packed.dataset().sha256());
        assertEquals(images.dataset().shots(), packed.dataset().shots());
        assertEquals(
                images.dataset().content().orElseThrow(),
                packed.dataset().content().orElseThrow());
        assertEquals(images.config().get("feature.precision"), packed.config().get("feature.precision"));
    }

    private String refused(Runnable action) {
        String message = assertThrows(InvalidInputException.class, action::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private void deleteImagesAndCache() throws IOException {
        for (Path root : List.of(dataset, folder.resolve("cache").resolve("features"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"fp32, views:3, metaprompt", "fp16, views:2, metaprompt", "fp16, none, coop"})
    void aPackGivesTheBytesOfTheImages(String precision, String augment, String method) throws IOException {
        String[] options = {"feature.precision", precision, "augment", augment, "method", method};
        RunDirectory images = train(dataset, "one", options);
        preparePack("feature.precision", precision, "augment", augment);
        deleteImagesAndCache();
        // The precision is the pack's, without being asked for.
        RunDirectory packed = train(pack, "two", "augment", augment, "method", method);
        assertSame(images, packed);
        assertEquals(pack.toString(), packed.readRecord().dataset().path());
    }

    @Test
    void fullPrecisionIsRoundedWhereHalfIsAskedFor() throws IOException {
        preparePack("augment", "views:2");
        RunDirectory images = train(dataset, "one", "feature.precision", "fp16", "augment", "views:2");
        assertSame(images, train(pack, "two", "feature.precision", "fp16", "augment", "views:2"));
    }

    @Test
    void aRunFromAPackGoesOnAndIsEvaluated() throws IOException {
        preparePack("feature.precision", "fp16", "augment", "views:4");
        RunDirectory whole = train(pack, "whole", "augment", "views:2");
        deleteImagesAndCache();
        new TrainCommand().run(training(pack, "runs", "augment", "views:2").interruptAfter(2));
        RunDirectory run = RunDirectory.newest(folder.resolve("runs"));
        assertEquals(RunStatus.INTERRUPTED, run.readRecord().status());
        String cache = folder.resolve("cache").toString();
        new TrainCommand().run(new TestContext(folder, "run", run.id(), "cache", cache));
        assertSame(whole, run);
        TestContext evaluated = new TestContext(folder, "run", run.id(), "cache", cache);
        new EvaluateCommand().run(evaluated);
        TestContext first = training(pack, "third", "augment", "views:2");
        new TrainCommand().run(first);
        assertEquals(first.results.get(0), evaluated.results.get(0));
    }

    @Test
    void prepareTellsSizesAndDoesNothingTwice() throws IOException {
        TestContext first = preparePack("augment", "views:2", "pack.licence", "CC0");
        assertTrue(
                first.phases.stream()
                        .anyMatch(line -> line.startsWith("encoding 78 images × 1 view and 48 × 2, about 0.09 MB")
                                && line.endsWith("none is kept already")),
                first.phases.toString());
        assertTrue(first.results.get(1).contains("78 images"), first.results.toString());
        byte[] bytes = Files.readAllBytes(pack);
        Object time = Files.getLastModifiedTime(pack);
        TestContext second = preparePack("augment", "views:2", "pack.licence", "CC0");
        assertTrue(second.results.get(1).contains("already and whole"), second.results.toString());
        assertEquals(time, Files.getLastModifiedTime(pack));
        preparePack("augment", "views:2", "pack.licence", "CC-BY");
        assertFalse(Arrays.equals(bytes, Files.readAllBytes(pack)));
        Files.delete(pack);
        preparePack("augment", "views:2", "pack.licence", "CC0");
        assertArrayEquals(bytes, Files.readAllBytes(pack));
        TestContext plain = prepare("dataset", dataset.toString(), "augment", "views:2");
        assertTrue(
                plain.phases.stream().anyMatch(line -> line.endsWith("all are kept already and whole")),
                plain.phases.toString());
        TestContext clean = prepare("dataset", dataset.toString(), "augment", "none", "cache.clean", "true");
        assertTrue(clean.phases.get(0).startsWith("removed 0.1"), clean.phases.toString());
        assertTrue(clean.phases.stream().anyMatch(line -> line.endsWith("none is kept already")));
        TestContext verified = prepare("dataset", pack.toString(), "augment", "views:2");
        assertTrue(verified.results.get(0).startsWith("verified feature pack"), verified.results.toString());
    }

    @Test
    void anyChangedOrMissingByteIsRefusedByName() throws IOException {
        preparePack("augment", "views:2", "feature.precision", "fp16");
        byte[] bytes = Files.readAllBytes(pack);
        RandomStream random = RandomStream.of(5, "tamper");
        for (int i = 0; i < 300; i++) {
            int place = i < 60 ? i : random.nextInt(bytes.length);
            byte[] changed = i % 5 == 4 ? Arrays.copyOf(bytes, place) : bytes.clone();
            if (i % 5 != 4) {
                changed[place] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = folder.resolve("tampered.pack");
            Files.write(file, changed);
            String message = refused(() -> dev.metaprompt.feature.FeaturePack.open(file));
            assertTrue(message.contains("tampered.pack"), message);
        }
        Files.write(pack, Arrays.copyOf(bytes, bytes.length + 8));
        assertTrue(refused(() -> train(pack, "runs", "augment", "none")).contains("small.pack"));
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void theHeadersWordsAreUnderTheDigest() throws IOException {
        preparePack("augment", "none");
        tamper("banded", "bonded");
        assertTrue(refused(() -> train(pack, "runs", "augment", "none")).contains("was changed since it was made"));
        preparePack("augment", "none");
        tamper("\"metaprompt.pack\":\"1\"", "\"metaprompt.pack\":\"9\"");
        assertTrue(refused(() -> train(pack, "runs", "augment", "none")).contains("version 9"));
    }

    @Test
    void aPrecisionThatNoPackHasIsThePacksFault() throws IOException {
        preparePack("augment", "none", "feature.precision", "fp16");
        tamper("\"feature.precision\":\"fp16\"", "\"feature.precision\":\"fp99\"");
        sign();
        String message = refused(() -> train(pack, "runs", "augment", "none"));
        assertTrue(message.contains("small.pack says that feature.precision is fp99"), message);
    }

    /** Makes the pack's digest of itself right again. */
    private void sign() throws IOException {
        String text = Files.readString(pack, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"content.sha256\":\"") + "\"content.sha256\":\"".length();
        String stated = text.substring(at, at + 64);
        String zeroed = text.replace(stated, "0".repeat(stated.length()));
        String digest = Sha256.hex(zeroed.getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(pack, text.replace(stated, digest), StandardCharsets.ISO_8859_1);
    }

    private void tamper(String from, String to) throws IOException {
        String text = Files.readString(pack, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from));
        Files.writeString(pack, text.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatAPackCannotDoIsRefusedBeforeARunExists() throws IOException {
        preparePack("augment", "views:2", "feature.precision", "fp16");
        assertTrue(refused(() -> train(pack, "runs", "augment", "views:3")).contains("has 2 views"));
        assertTrue(refused(() -> train(pack, "runs", "augment", "online")).contains("augment is online"));
        assertTrue(refused(() -> train(pack, "runs", "augment", "none", "feature.precision", "fp32"))
                .contains("holds fp16"));
        assertTrue(refused(() -> train(pack, "runs", "augment", "none", "dataset.split", "x.json"))
                .contains("has its own split"));
        assertTrue(refused(() -> train(folder.resolve("no.pack"), "runs")).contains("no.pack does not exist"));
        assertTrue(refused(() -> preparePack("pack", "no-suffix")).contains(".pack"));
        assertTrue(refused(() -> prepare("dataset", pack.toString(), "pack", "other.pack"))
                .contains("feature pack itself"));
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void aPackOfAnotherModelOrPreprocessingIsRefused() throws IOException {
        preparePack("augment", "none");
        ModelFolder nano = Models.find(Models.NANO_CLIP, folder, folder.resolve("cache"));
        Path other = folder.resolve("other-model");
        Files.createDirectories(other);
        try (Stream<Path> files = Files.list(nano.path())) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Path config = other.resolve("preprocessor_config.json");
        String text = Files.readString(config);
        String changed = text.replaceFirst("(?s)\"image_mean\":\\s*\\[[^\\]]*\\]", "\"image_mean\": [0.1, 0.2, 0.3]");
        assertFalse(changed.equals(text));
        Files.writeString(config, changed);
        String model = other.toString();
        assertTrue(refused(() -> train(pack, "runs", "augment", "none", "model", model))
                .contains("another preprocessing"));
        Path weights = other.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 4] ^= 1;
        Files.write(weights, bytes);
        assertTrue(refused(() -> train(pack, "runs", "augment", "none", "model", model))
                .contains("was made with the model nano-clip"));
    }
}
