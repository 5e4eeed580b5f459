package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The goal {@code encode} on a random CLIP of ViT-B/16's size, in every format, against the features that transformers
 * and open_clip compute of 32 photos and 100 texts. The photos are those of the property {@code it.photos}.
 */
@EnabledIfSystemProperty(
        named = Python.PROPERTY,
        matches = ".+",
        disabledReason =
                "-Dit.python=install, or =<a Python with torch, transformers, tokenizers and pillow>, is not given")
class FormatsIT {
    private static final double TOLERANCE = 1e-4;
    private static final int PHOTOS = 32;
    private static final int TEXTS = 100;
    private static final long LIMIT_MINUTES = 10;

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        String photos = System.getProperty("it.photos", "../../shared/data/dtd-mini/images");
        Path log = folder.resolve("python.log");
        Python.open()
                .run(
                        "checkpoints.py",
                        log,
                        LIMIT_MINUTES,
                        folder.toString(),
                        Path.of(photos).toAbsolutePath().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "transformers, features,",
        "bin, features,",
        "open_clip, features features-open_clip,",
        "openai.pt, features, quickgelu",
        "script.pt, features-half,",
    })
    void encodeGivesPyTorchsFeatures(String name, String expected, String activation) throws Exception {
        Path model = folder.resolve(name);
        Path out = folder.resolve("encoded.safetensors");
        MavenBuild.Result result = MavenBuild.without(folder.resolve("build"))
                .run(
                        MavenBuild.PLUGIN + ":encode",
                        "-Dmodel=" + model,
                        "-Dmetaprompt.device=cpu",
                        "-Dmetaprompt.config=" + options(activation),
                        "-Dmetaprompt.images=" + folder.resolve("images"),
                        "-Dmetaprompt.texts=" + folder.resolve("texts.txt"),
                        "-Dmetaprompt.out=" + out);
        assertEquals(0, result.exitCode(), result.text());
        assertNames(out.resolveSibling("encoded.json"));
        for (String features : expected.split(" ")) {
            Path file = folder.resolve(features + ".safetensors");
            // A Python without open_clip has said so and written no features of it.
            if (Files.exists(file)) {
                compare(file, out);
            } else {
                assertTrue(Python.text(folder.resolve("python.log")).contains("open_clip is not installed"), features);
            }
        }
        delete(model);
        Files.delete(out);
    }

    /** A file of options: of the one file that has no configuration and is no archive of OpenAI's, the activation. */
    private static Path options(String activation) throws IOException {
        String text = activation == null ? "" : "model.activation=" + activation + "\n";
        return Files.writeString(folder.resolve("options.properties"), text);
    }

    private static void assertNames(Path file) throws IOException {
        JsonObject names = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertEquals(TEXTS, names.getAsJsonArray("texts").size());
        List<String> images = names.getAsJsonArray("images").asList().stream()
                .map(image -> image.getAsString())
                .toList();
        assertEquals(PHOTOS, images.size());
        assertEquals(images.stream().sorted().toList(), images);
    }

    private static void compare(Path expectedFile, Path actualFile) {
        try (Safetensors expected = Safetensors.open(expectedFile);
                Safetensors actual = Safetensors.open(actualFile)) {
            for (String kind : List.of("image", "text")) {
                assertArrayEquals(expected.shape(kind), actual.shape(kind), kind);
                int width = (int) expected.shape(kind)[1];
                float[] a = expected.readFloats(kind);
                float[] b = actual.readFloats(kind);
                double largest = 0;
                for (int row = 0; row < a.length; row += width) {
                    // Both rows by the length of the expected one: a wrong scale shows, too.
                    double length = length(a, row, width);
                    assertTrue(length > 0, kind);
                    for (int i = row; i < row + width; i++) {
                        largest = Math.max(largest, Math.abs(a[i] - b[i]) / length);
                    }
                }
                double difference = largest;
                assertTrue(
                        difference <= TOLERANCE,
                        () -> actualFile + " differs from " + expectedFile + " in " + kind + " by " + difference);
            }
        }
    }

    private static double length(float[] values, int start, int width) {
        double sum = 0;
        for (int i = start; i < start + width; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    // Six hundred megabytes each: none stays longer than it is needed.
    private static void delete(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
