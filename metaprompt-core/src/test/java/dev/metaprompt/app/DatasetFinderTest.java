package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.ConfigurationBuilder;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.ShotDraw;
import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFinderTest {
    @TempDir
    Path folder;

    private Configuration config(String... keysAndValues) {
        ConfigurationBuilder builder = Configuration.builder(folder);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.commandLine(keysAndValues[i], keysAndValues[i + 1], "-Dmetaprompt." + keysAndValues[i]);
        }
        return builder.resolve();
    }

    private Dataset open(String... keysAndValues) {
        return DatasetFinder.open(config(keysAndValues), folder.resolve("cache"), Progress.SILENT);
    }

    private String refusal(String... keysAndValues) {
        String message = assertThrows(InvalidInputException.class, () -> open(keysAndValues))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void dtdIsNotFetchedOffline() {
        String message = refusal("dataset", "dtd", "offline", "true");
        assertTrue(message.contains("dtd-r1.0.1.tar.gz"), message);
    }

    /** Two pets in CoOp's layout, eight training, four validation and four test images each. */
    private void pets(Path home) throws IOException {
        StringBuilder json = new StringBuilder();
        String[] keys = {"train", "val", "test"};
        int[] ends = {8, 12, 16};
        for (int list = 0, from = 0; list < 3; from = ends[list++]) {
            json.append(list == 0 ? "{" : ", ").append("\"").append(keys[list]).append("\": [");
            for (int i = from; i < ends[list]; i++) {
                for (int label = 0; label < 2; label++) {
                    String path = (label == 0 ? "pug_" : "sphynx_") + i + ".png";
                    Files.createDirectories(home.resolve("images"));
                    PngWriter.write(home.resolve("images").resolve(path), PixelImage.rgb(2, 2, new byte[12]));
                    json.append(i + label == from ? "" : ", ")
                            .append("[\"" + path + "\", " + label + ", \"" + (label == 0 ? "pug" : "sphynx") + "\"]");
                }
            }
            json.append("]");
        }
        Files.writeString(home.resolve("split_zhou_OxfordPets.json"), json + "}");
    }

    @Test
    void nameIsLookedUpBelowTheRoot() throws IOException {
        pets(folder.resolve("data/oxford_pets"));
        Dataset dataset = open("dataset", "oxford_pets", "dataset.root", "data");
        assertEquals("oxford_pets", dataset.name());
        assertEquals("a photo of a {}, a type of pet.", dataset.template());
        assertEquals(List.of("pug", "sphynx"), dataset.classes());
        assertEquals(dataset.template(), open("dataset", "data/oxford_pets").template());
        assertEquals(16, open("dataset", "data/oxford_pets/images").train().size());
    }

    @Test
    void splitOptionIsReadAgainstTheBaseDirectory() throws IOException {
        pets(folder.resolve("data/oxford_pets"));
        Files.move(folder.resolve("data/oxford_pets/split_zhou_OxfordPets.json"), folder.resolve("mine.json"));
        assertEquals(
                "mine.json",
                open("dataset", "oxford_pets", "dataset.root", "data", "dataset.split", "mine.json")
                        .splitName());
        assertTrue(refusal("dataset", "oxford_pets", "dataset.root", "data", "dataset.split", "official:0")
                .startsWith("dataset.split is official:0"));
    }

    @Test
    void whatIsNotThereIsNamedWithTheKeys() {
        String message = refusal("dataset", "flowers102", "dataset.root", "data");
        assertTrue(message.contains(folder.resolve("data/oxford_flowers").toString()), message);
        assertTrue(message.contains("dataset.root is data"), message);
        message = refusal("dataset", "eurosat");
        assertTrue(message.contains("-Dmetaprompt.dataset.root=<folder>"), message);
        message = refusal("dataset", "no-such-data");
        assertTrue(message.contains("textures, caltech101, ") && message.contains("imagenet"), message);
    }

    private Configuration fiveShots(String draw) {
        return config(
                "dataset",
                "oxford_pets",
                "dataset.shots",
                "5",
                "episode.imagesPerClass",
                "5",
                "shot",
                "1",
                "way",
                "2",
                "dataset.draw",
                draw);
    }

    @Test
    void planFollowsTheDrawInAllItsLists() throws IOException {
        pets(folder.resolve("oxford_pets"));
        Configuration config = fiveShots("coop:2");
        Dataset dataset = DatasetFinder.open(config, folder, Progress.SILENT);
        ShotDraw draw = DatasetFinder.draw(config, dataset);
        DataPlan plan = DataPlan.of(dataset, DatasetFinder.classSplit(config, dataset), 5, draw);
        assertEquals(draw.train(List.of("pug"), 5), plan.shots());
        assertEquals(draw.train(List.of("sphynx"), 5).get("sphynx"), plan.newSupport());
        assertEquals(draw.validation(List.of("pug")).get("pug"), plan.validation());
        assertEquals(4, plan.testBase().size());
        assertEquals(4, plan.testNew().size());
        // A replay of the recorded list draws the same.
        Files.writeString(folder.resolve("run.json"), new Gson().toJson(Map.of("pug", DataPlan.paths(plan.train()))));
        Configuration replay = fiveShots("file:run.json");
        assertEquals(plan.shots(), DatasetFinder.draw(replay, dataset).train(List.of("pug"), 5));
    }

    @Test
    void labelsAreThePlacesOfTheClasses() throws IOException {
        pets(folder.resolve("oxford_pets"));
        Dataset dataset = open("dataset", "oxford_pets");
        int[] labels = DataPlan.labels(dataset.val(), List.of("sphynx", "pug"));
        for (int i = 0; i < labels.length; i++) {
            assertEquals(dataset.val().get(i).className().equals("sphynx") ? 0 : 1, labels[i]);
        }
        assertEquals(8, DataPlan.fewest(dataset.train(), dataset.classes()));
        assertEquals(0, DataPlan.fewest(dataset.train(), List.of("pug", "unknown")));
    }
}
