package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.PngWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A data set of noise in BMP files, which are the same bytes on every machine; some may have a palette. */
final class MixedDataset {
    private static final List<String> CLASSES = List.of("banded", "dotted", "grid", "lined", "matted", "woven");
    private static final int SIDE = 32;
    private static final int IMAGES = 6;
    private static final int TRAIN = 4;
    private static final int HEADER = 54;
    private static final int COLORS = 256;

    /** Which images have a palette. */
    enum Palettes {
        /** None: all are RGB. */
        NONE,
        /** The first training and the first test image of each class. */
        TRAINING_AND_TEST;

        private boolean has(int image) {
            return this != NONE && (image == 0 || image == TRAIN);
        }
    }

    private MixedDataset() {}

    /** Writes 4 training and 2 test images of each of six classes. */
    static Path write(Path folder, Palettes palettes) throws IOException {
        Map<String, List<Object>> split = new LinkedHashMap<>();
        split.put("train", new ArrayList<>());
        split.put("test", new ArrayList<>());
        for (int label = 0; label < CLASSES.size(); label++) {
            String name = CLASSES.get(label);
            Files.createDirectories(folder.resolve("images").resolve(name));
            for (int i = 0; i < IMAGES; i++) {
                String path = name + "/" + name + "_" + i + ".bmp";
                Files.write(folder.resolve("images").resolve(path), bmp(label, i, palettes.has(i)));
                split.get(i < TRAIN ? "train" : "test").add(List.of(path, label, name));
            }
        }
        Files.writeString(folder.resolve("split_zhou_Mixed.json"), new Gson().toJson(split));
        return folder;
    }

    /** Writes each image anew with three bands instead of a palette, under its name. */
    static void convert(Path folder) throws IOException {
        for (Path file : ImageFiles.walk(folder, (other, why) -> {})) {
            PngWriter.write(file, ImageFiles.read(file).toRgb());
        }
    }

    private static byte[] bmp(int label, int index, boolean palette) {
        RandomStream random = RandomStream.of(label, "mixed", index);
        int offset = HEADER + (palette ? 4 * COLORS : 0);
        int pixels = SIDE * SIDE * (palette ? 1 : 3);
        ByteBuffer out = ByteBuffer.allocate(offset + pixels).order(ByteOrder.LITTLE_ENDIAN);
        out.put("BM".getBytes(StandardCharsets.US_ASCII))
                .putInt(offset + pixels)
                .putInt(0)
                .putInt(offset);
        out.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) (palette ? 8 : 24));
        out.putInt(0).putInt(pixels).putInt(0).putInt(0).putInt(0).putInt(0);
        for (int i = 0; i < (palette ? COLORS : 0); i++) {
            for (int band = 0; band < 3; band++) {
                out.put((byte) (random.nextInt(2) * (40 * label + 55)));
            }
            out.put((byte) 0);
        }
        while (out.hasRemaining()) {
            out.put((byte) (palette ? random.nextInt(COLORS) : 40 * label + random.nextInt(60)));
        }
        return out.array();
    }
}
