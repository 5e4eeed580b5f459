package dev.metaprompt.report;

import dev.metaprompt.run.RunRecord;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Small pictures of test images, as text that stands in a page. What is not there, lies outside the data set's folder,
 * is large or cannot be drawn has none: a page must come out whatever became of the images.
 *
 * @param roots folders that image paths may be relative to
 */
record Thumbnails(List<Path> roots) {
    private static final int SIDE = 96;
    private static final long MOST_BYTES = 10_000_000;
    private static final long MOST_PIXELS = 20_000_000;

    static Thumbnails of(RunRecord record) {
        try {
            Path folder = Path.of(record.dataset().path());
            return new Thumbnails(Files.isDirectory(folder) ? List.of(folder.resolve("images"), folder) : List.of());
        } catch (InvalidPathException e) {
            return new Thumbnails(List.of());
        }
    }

    Optional<String> dataUri(String image) {
        return roots.stream()
                .map(root -> picture(root, image))
                .flatMap(Optional::stream)
                .findFirst()
                .map(bytes -> "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes));
    }

    private static Optional<byte[]> picture(Path root, String image) {
        try {
            Path file = root.resolve(image);
            boolean inside = Files.isRegularFile(file) && file.toRealPath().startsWith(root.toRealPath());
            return inside && Files.size(file) <= MOST_BYTES ? scaled(file) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> scaled(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                boolean drawable = (long) reader.getWidth(0) * reader.getHeight(0) <= MOST_PIXELS;
                return drawable ? Optional.of(jpeg(reader.read(0))) : Optional.empty();
            } finally {
                reader.dispose();
            }
        }
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        double scale = (double) SIDE / Math.min(image.getWidth(), image.getHeight());
        int width = Math.min(3 * SIDE, Math.max(SIDE, (int) Math.round(image.getWidth() * scale)));
        int height = Math.min(3 * SIDE, Math.max(SIDE, (int) Math.round(image.getHeight() * scale)));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(small, "jpg", out);
        return out.toByteArray();
    }
}
