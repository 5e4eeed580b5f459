package dev.metaprompt.fuzz;

import dev.metaprompt.Progress;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.SplitChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The label files of the Describable Textures Dataset; the last one read is damaged. */
class DtdLabelsFuzzTest extends FuzzTest {
    @Override
    String fileName() {
        return "labels/test1.txt";
    }

    @Override
    List<String> names() {
        // An image that is missing is missing in the split, whichever of its files names it.
        return List.of("test1.txt", "official split 1");
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                "a/3.jpg\nb/3.jpg\n".getBytes(StandardCharsets.UTF_8), "a/3.jpg".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    void prepare(Path root) throws Exception {
        Path labels = Files.createDirectories(root.resolve("labels"));
        for (String name : List.of("a", "b")) {
            Path images = Files.createDirectories(root.resolve("images").resolve(name));
            for (int i = 1; i < 4; i++) {
                Files.write(images.resolve(i + ".jpg"), new byte[] {1});
            }
        }
        Files.writeString(labels.resolve("train1.txt"), "a/1.jpg\nb/1.jpg\n");
        Files.writeString(labels.resolve("val1.txt"), "a/2.jpg\nb/2.jpg\n");
    }

    @Override
    void read(Path file) {
        Datasets.open(file.getParent().getParent(), new SplitChoice.Official(1), Progress.SILENT);
    }
}
