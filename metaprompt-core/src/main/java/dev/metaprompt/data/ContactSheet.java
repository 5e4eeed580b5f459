package dev.metaprompt.data;

import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.PngWriter;
import dev.metaprompt.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Shows a dataset at a glance: a few images of every class beside its name. Needs no display. */
public final class ContactSheet {
    private static final int MARGIN = 4;
    private static final int SCALE = 2;
    private static final int LARGEST_TILE = 512;

    private final int tile;
    private final int perClass;
    private final int labelWidth;
    private final int rows;
    private final int width;
    private final byte[] samples;
    private final ImagePipeline pipeline;

    private ContactSheet(List<String> classes, int perClass, int tile) {
        this.tile = tile;
        this.perClass = perClass;
        int longest = classes.stream().mapToInt(String::length).max().orElse(0);
        labelWidth = longest * SheetFont.ADVANCE * SCALE + MARGIN;
        int blockWidth = labelWidth + perClass * (tile + MARGIN);
        // As many blocks side by side as make the sheet about as wide as it is high.
        double ideal = Math.sqrt((double) classes.size() * rowHeight() / blockWidth);
        int blocks = Math.max(1, Math.min(classes.size(), (int) Math.round(ideal)));
        rows = (classes.size() + blocks - 1) / blocks;
        width = MARGIN + blocks * (blockWidth + MARGIN);
        samples = new byte[Math.multiplyExact(width * 3, MARGIN + rows * rowHeight())];
        Arrays.fill(samples, (byte) 255);
        Preprocessing clip = Preprocessing.CLIP_224;
        pipeline = new ImagePipeline(new Preprocessing(tile, tile, clip.mean(), clip.std()));
    }

    /**
     * Draws a sheet.
     *
     * @param dataset what to show
     * @param imagesPerClass the first so many training images of each class, at least 1
     * @param tile side of an image on the sheet in pixels, 14 to 512
     * @return an RGB image
     * @throws dev.metaprompt.InvalidInputException if an image cannot be read
     */
    public static PixelImage draw(Dataset dataset, int imagesPerClass, int tile) {
        if (imagesPerClass < 1 || tile < SheetFont.HEIGHT * SCALE || tile > LARGEST_TILE) {
            throw new IllegalArgumentException(imagesPerClass + " images of " + tile
                    + " pixels: allowed is 1 or more of " + SheetFont.HEIGHT * SCALE + " to " + LARGEST_TILE);
        }
        List<String> classes = dataset.classes();
        ContactSheet sheet = new ContactSheet(classes, imagesPerClass, tile);
        for (int i = 0; i < classes.size(); i++) {
            sheet.drawClass(dataset, classes.get(i), i);
        }
        return PixelImage.rgb(sheet.width, sheet.samples.length / (sheet.width * 3), sheet.samples);
    }

    /**
     * Draws a sheet and writes it as PNG; parameters as {@link #draw}.
     *
     * @param dataset what to show
     * @param imagesPerClass images of each class
     * @param tile side of an image on the sheet in pixels
     * @param file the PNG file
     * @throws IOException if the file cannot be written
     */
    public static void write(Dataset dataset, int imagesPerClass, int tile, Path file) throws IOException {
        PngWriter.write(file, draw(dataset, imagesPerClass, tile));
    }

    private int rowHeight() {
        return tile + MARGIN;
    }

    private void drawClass(Dataset dataset, String name, int index) {
        int blockWidth = labelWidth + perClass * (tile + MARGIN) + MARGIN;
        int x = MARGIN + index / rows * blockWidth;
        int y = MARGIN + index % rows * rowHeight();
        drawLabel(name, x, y + (tile - SheetFont.HEIGHT * SCALE) / 2);
        List<LabeledImage> shown = dataset.train().stream()
                .filter(image -> image.className().equals(name))
                .limit(perClass)
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            byte[] view = pipeline.centerCrop(ImageFiles.read(dataset.file(shown.get(i))));
            int left = x + labelWidth + i * (tile + MARGIN);
            for (int row = 0; row < tile; row++) {
                System.arraycopy(view, row * tile * 3, samples, ((y + row) * width + left) * 3, tile * 3);
            }
        }
    }

    private void drawLabel(String text, int left, int top) {
        for (int row = 0; row < SheetFont.HEIGHT * SCALE; row++) {
            for (int column = 0; column < text.length() * SheetFont.ADVANCE * SCALE; column++) {
                if (SheetFont.isBlack(text, column / SCALE, row / SCALE)) {
                    int at = ((top + row) * width + left + column) * 3;
                    Arrays.fill(samples, at, at + 3, (byte) 0);
                }
            }
        }
    }
}
