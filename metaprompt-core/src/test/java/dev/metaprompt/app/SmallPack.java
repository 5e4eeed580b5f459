package dev.metaprompt.app;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** A feature pack of some kilobytes, made as users make theirs. */
public final class SmallPack {
    /** Of each training image. */
    public static final int VIEWS = 2;

    private static final int KEPT = 4;

    private SmallPack() {}

    /** Makes the pack in an empty folder, of every fourth image of the small data set. */
    public static Path write(Path folder) throws IOException {
        Path dataset = SmallDataset.write(folder.resolve("dtd-small"));
        SmallDataset.addValidation(dataset);
        thin(dataset.resolve("split_zhou_Small.json"));
        Path pack = folder.resolve("small.pack");
        String[] sizes = {"way", "3", "shot", "1", "dataset.shots", "2", "episode.imagesPerClass", "2"};
        TestContext context = new TestContext(
                folder,
                Stream.concat(
                                Arrays.stream(sizes),
                                Stream.of(
                                        "cache", folder.resolve("cache").toString(),
                                        "dataset", dataset.toString(),
                                        "pack", pack.toString(),
                                        "feature.precision", "fp16",
                                        "augment", "views:" + VIEWS))
                        .toArray(String[]::new));
        new PrepareCommand().run(context);
        return pack;
    }

    private static void thin(Path split) throws IOException {
        JsonObject thinned = new JsonObject();
        for (Map.Entry<String, JsonElement> list : JsonParser.parseString(Files.readString(split))
                .getAsJsonObject()
                .entrySet()) {
            JsonArray images = list.getValue().getAsJsonArray();
            JsonArray kept = new JsonArray();
            for (int i = 0; i < images.size(); i += KEPT) {
                kept.add(images.get(i));
            }
            thinned.add(list.getKey(), kept);
        }
        Files.writeString(split, thinned.toString());
    }
}
