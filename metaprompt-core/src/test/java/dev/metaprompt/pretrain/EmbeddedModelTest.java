package dev.metaprompt.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import com.google.gson.GsonBuilder;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.textures.TextureBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model must leave prompts something to find: zero-shot informed, images better than words. */
class EmbeddedModelTest {
    /** Not the seed that the design was chosen on. */
    private static final long FRESH_SEED = 4;

    @TempDir
    static Path cache;

    @Test
    void zeroShotIsInformedAndTheProbeIsFarAboveIt() throws Exception {
        Dataset textures =
                Datasets.open(TextureBenchmark.prepare(cache, FRESH_SEED, Progress.SILENT), Optional.empty());
        ModelFolder nano = Models.find(Models.NANO_CLIP, cache, cache);
        try (ClipModel model = ClipModel.open(nano, nano.path(), Device.cpu(), DataType.FLOAT32)) {
            assertTrue(Files.size(model.folder().weights()) <= 8_000_000);
            assertEquals(6, model.tokenizer().encode("a photo of a").length);
            Map<String, Headroom.Half> figures = new Headroom(model, textures).measure(16, 1, 2, 3, 4, 5);
            Files.writeString(
                    Path.of("target/nano-clip-headroom.json"),
                    new GsonBuilder().setPrettyPrinting().create().toJson(figures));
            figures.forEach((half, figure) -> figure.zeroShot()
                    .forEach(accuracy -> assertTrue(accuracy >= 40 && accuracy <= 70, half + " " + figures)));
            double stronger = figures.get("base").zeroShot().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElseThrow();
            assertTrue(
                    figures.get("base").probe().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .average()
                                    .orElseThrow()
                            >= stronger + 15,
                    figures.toString());
        }
    }

    @Test
    void theRecordNamesTheShippedOptions() throws Exception {
        try (var in = EmbeddedModelTest.class.getResourceAsStream("/dev/metaprompt/nano-clip/training-record.json")) {
            String record = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            PretrainingOptions shipped = PretrainingOptions.SHIPPED;
            for (String entry : List.of(
                    "\"steps\": " + shipped.steps(),
                    "\"seed\": " + shipped.seed(),
                    "\"groups\": " + shipped.groups())) {
                assertTrue(record.contains(entry), entry);
            }
        }
    }
}
