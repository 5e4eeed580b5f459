package dev.metaprompt.data;

import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes small datasets for tests. */
final class TestDatasets {
    private TestDatasets() {}

    static String entry(String path, int label, String name) {
        return "[\"" + path + "\", " + label + ", \"" + name + "\"]";
    }

    static String split(List<String> train, List<String> val, List<String> test) {
        return "{\"train\": " + train + ", \"val\": " + val + ", \"test\": " + test + "}";
    }

    /** Writes a folder in DTD's layout whose labels start at 5, go in threes and are not in the order of the names. */
    static Path write(Path folder, List<String> classes, int train, int val, int test) throws IOException {
        List<List<String>> lists = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int[] counts = {train, val, test};
        for (int c = 0; c < classes.size(); c++) {
            String name = classes.get(c);
            int number = 0;
            for (int list = 0; list < 3; list++) {
                for (int i = 0; i < counts[list]; i++, number++) {
                    String path = name + "/" + name + "_" + number + ".png";
                    image(folder.resolve("images").resolve(path), 20 * c, 10 * number);
                    lists.get(list).add(entry(path, 5 + 3 * c, name));
                }
            }
        }
        Files.writeString(folder.resolve("split_zhou_Test.json"), split(lists.get(0), lists.get(1), lists.get(2)));
        return folder;
    }

    static void image(Path file, int red, int green) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] samples = new byte[24 * 24 * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
        }
        PngWriter.write(file, PixelImage.rgb(24, 24, samples));
    }

    /** A dataset without files. */
    static Dataset inMemory(int classes, int train) {
        List<LabeledImage> images = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            String name = "class" + (char) ('z' - c);
            for (int i = 0; i < train; i++) {
                images.add(new LabeledImage(name + "/" + i + ".jpg", 10 * c, name));
            }
        }
        Path folder = Path.of("folder");
        return new Dataset("memory", folder, folder, "split.json", "0", "{}", images, images, images);
    }

    static List<String> paths(List<LabeledImage> images) {
        return images.stream().map(LabeledImage::path).toList();
    }
}
