package dev.metaprompt.feature;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Images of noise, and the embedded model to encode them. */
final class TestImages {
    private static final int SIDE = 20;
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00.123456789Z");

    private TestImages() {}

    /** Writes {@code count} different images; returns their paths below the folder. */
    static List<String> write(Path folder, int count) throws IOException {
        List<String> paths =
                IntStream.range(0, count).mapToObj(i -> "a/" + i + ".png").toList();
        Files.createDirectories(folder.resolve("a"));
        for (int i = 0; i < count; i++) {
            writeOne(folder.resolve(paths.get(i)), i);
        }
        return paths;
    }

    /** Writes the image of a number, with a time of change that lies long ago. */
    static void writeOne(Path file, int number) throws IOException {
        RandomStream random = RandomStream.of(1, "testImage", number);
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) random.nextInt(256);
        }
        PngWriter.write(file, PixelImage.rgb(SIDE, SIDE, rgb));
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    static ClipModel nanoClip(Path cache) {
        ModelFolder folder = Models.find(Models.NANO_CLIP, cache, cache);
        return ClipModel.open(folder, folder.path(), Device.cpu(), DataType.FLOAT32);
    }
}
