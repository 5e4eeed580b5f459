package dev.metaprompt.app;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.RandomStream;
import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A data set of coloured noise in DTD's layout: enough to train on for a second. */
final class SmallDataset {
    static final List<String> CLASSES = List.of("banded", "dotted", "grid", "lined", "matted", "woven");
    /** As many classes whose names the tokenizer of the golden models knows. */
    static final List<String> GOLDEN_CLASSES =
            List.of("banded", "dotted", "cobwebbed", "stratified", "swirly", "zigzagged");

    private static final int SIDE = 32;
    private static final int IMAGES = 13;
    private static final int TRAIN = 8;
    private static final int LISTED = 12;

    private SmallDataset() {}

    /** Writes the data set: 8 training and 4 test images of each of six classes. */
    static Path write(Path folder) throws IOException {
        return write(folder, CLASSES);
    }

    /** The same images of classes with other names. */
    static Path write(Path folder, List<String> classes) throws IOException {
        Map<String, List<Object>> split = new LinkedHashMap<>();
        split.put("train", new ArrayList<>());
        split.put("test", new ArrayList<>());
        for (int label = 0; label < classes.size(); label++) {
            String name = classes.get(label);
            Files.createDirectories(folder.resolve("images").resolve(name));
            for (int i = 0; i < IMAGES; i++) {
                String path = name + "/" + name + "_" + i + ".png";
                PngWriter.write(folder.resolve("images").resolve(path), image(label, i));
                if (i < LISTED) {
                    split.get(i < TRAIN ? "train" : "test").add(List.of(path, label, name));
                }
            }
        }
        Files.writeString(folder.resolve("split_zhou_Small.json"), new Gson().toJson(split));
        return folder;
    }

    /** Adds the images that no list names yet, one of each class, as validation images. */
    static void addValidation(Path folder) throws IOException {
        addValidation(folder, CLASSES);
    }

    /** As above, where classes have other names. */
    static void addValidation(Path folder, List<String> classes) throws IOException {
        Path file = folder.resolve("split_zhou_Small.json");
        JsonObject split = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        List<Object> val = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            String name = classes.get(label);
            val.add(List.of(name + "/" + name + "_" + (IMAGES - 1) + ".png", label, name));
        }
        split.add("val", new Gson().toJsonTree(val));
        Files.writeString(file, split.toString());
    }

    private static PixelImage image(int label, int index) {
        RandomStream random = RandomStream.of(label, "small", index);
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (40 * label + random.nextInt(60));
        }
        return PixelImage.rgb(SIDE, SIDE, rgb);
    }
}
