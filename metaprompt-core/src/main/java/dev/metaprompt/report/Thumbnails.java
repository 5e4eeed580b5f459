package dev.metaprompt.report;

import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.run.RunRecord;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Small pictures of test images, as text that stands in a page. What is not there, lies outside the data set's folder,
 * is no PNG, JPEG, GIF or small WebP, or cannot be drawn has none: a page must come out whatever became of the images.
 *
 * @param roots folders that image paths may be relative to
 */
record Thumbnails(List<Path> roots) {
    private static final int SIDE = 96;
    /** Files up to this size stand in the page as they are. */
    private static final int SMALL_BYTES = 16_000;
    /** Java's class library cannot scale these, and browsers show them. */
    private static final int SMALL_WEBP_BYTES = 64_000;

    /** Where data sets keep their images below their folder; a record has no other word of it. */
    private static final List<String> IMAGE_FOLDERS =
            List.of("images", "", "101_ObjectCategories", "jpg", "SUN397", "2750", "UCF-101-midframes");

    private static final long MOST_BYTES = 10_000_000;
    private static final long MOST_PIXELS = 20_000_000;

    static Thumbnails of(RunRecord record, Pictures pictures) {
        try {
            Path folder = Path.of(record.dataset().path());
            return new Thumbnails(
                    Files.isDirectory(folder) && pictures.mayShow(folder)
                            ? IMAGE_FOLDERS.stream().map(folder::resolve).toList()
                            : List.of());
        } catch (InvalidPathException e) {
            return new Thumbnails(List.of());
        }
    }

    Optional<String> dataUri(String image) {
        return roots.stream()
                .map(root -> picture(root, image))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> picture(Path root, String image) {
        try {
            byte[] bytes = PlainFiles.bytesBehindLinks(Inside.resolveReal(root, image), MOST_BYTES);
            Optional<String> kind = kind(bytes);
            int asIs = kind.filter("webp"::equals).isPresent() ? SMALL_WEBP_BYTES : SMALL_BYTES;
            if (kind.isEmpty() || bytes.length <= asIs) {
                return kind.map(name -> uri(name, bytes));
            }
            return scaled(bytes).map(small -> uri("jpeg", small));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String uri(String kind, byte[] bytes) {
        return "data:image/" + kind + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns what a file is by its first bytes, whatever its name says. */
    private static Optional<String> kind(byte[] bytes) {
        if (startsWith(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return Optional.of("png");
        }
        if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
            return Optional.of("jpeg");
        }
        boolean webp = startsWith(bytes, 'R', 'I', 'F', 'F')
                && startsWith(Arrays.copyOfRange(bytes, 8, 16), 'W', 'E', 'B', 'P', 'V', 'P', '8');
        if (webp) {
            return Optional.of("webp");
        }
        return startsWith(bytes, 'G', 'I', 'F', '8') ? Optional.of("gif") : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> scaled(byte[] bytes) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
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
        double scale = Math.min(1, (double) SIDE / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(halved(image, width, height), "jpg", stream);
        }
        return out.toByteArray();
    }

    /** Scales in steps of at most a half: one large step would leave pixels out. */
    private static BufferedImage halved(BufferedImage image, int width, int height) {
        BufferedImage current = image;
        do {
            int nextWidth = Math.max(width, (current.getWidth() + 1) / 2);
            int nextHeight = Math.max(height, (current.getHeight() + 1) / 2);
            BufferedImage next = new BufferedImage(nextWidth, nextHeight, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = next.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(current, 0, 0, nextWidth, nextHeight, null);
            graphics.dispose();
            current = next;
        } while (current.getWidth() > width || current.getHeight() > height);
        return current;
    }
}
