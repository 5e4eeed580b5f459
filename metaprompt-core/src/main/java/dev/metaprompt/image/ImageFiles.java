package dev.metaprompt.image;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Reads image files: JPEG, PNG, GIF (first frame), BMP and WebP (first frame), recognised by content, not by name.
 *
 * <p>A file that is damaged is an error, even where other readers would show half a picture. 16-bit samples keep their
 * high byte. EXIF orientation and colour profiles are ignored.
 */
public final class ImageFiles {
    /** Most pixels an image may have; Pillow warns of a "decompression bomb" above the same number. */
    static final long MOST_PIXELS = 89_478_485;

    /** Most bytes of a file that is read. */
    public static final long MOST_BYTES = 1L << 29;

    /** What is read, for messages. */
    public static final String FORMATS = "JPEG, PNG, GIF, BMP and WebP";

    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".gif", ".bmp");
    private static final String WEBP = ".webp";

    /** Endings of pictures that are not read, or not by that name. */
    private static final Set<String> OTHER_ENDINGS = Set.of(
            "tif", "tiff", "heic", "heif", "avif", "jp2", "j2k", "jpx", "jxl", "jfif", "jpe", "svg", "svgz", "ppm",
            "pgm", "pbm", "pnm", "tga", "psd", "ico", "exr", "hdr", "dds", "pcx", "dib", "apng", "eps", "xcf", "raw",
            "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "dcm");

    private static final int LONGEST_SIDE = 1_000_000;
    private static final int LONGEST_MAGIC = 12;
    private static final String ADVICE =
            "; allowed is a whole JPEG, PNG, GIF, BMP or WebP: replace the file or leave it out";

    private ImageFiles() {}

    /**
     * Reads and decodes a file.
     *
     * @param file the file
     * @return the image in its own mode
     * @throws InvalidInputException if the file is missing, empty, truncated, damaged, too large or no image
     */
    public static PixelImage read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("file of " + Files.size(file) + " bytes, more than " + MOST_BYTES);
            }
            return decode(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(
                    "image " + Quoted.path(file) + " is missing or not a file" + ADVICE + ".", e);
        } catch (IOException | RuntimeException e) {
            // Decoders of the class library answer damaged data with all kinds of exceptions.
            throw new InvalidInputException(
                    "image " + Quoted.path(file) + " cannot be read: " + Quoted.reason(e) + ADVICE + ".", e);
        }
    }

    /**
     * Lists the files of a folder, not of its subfolders, whose names end like an image's.
     *
     * @param folder the folder
     * @return the files, sorted by name; hidden ones left out
     * @throws IOException if the folder cannot be listed
     */
    public static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isImageName(file.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .toList();
        }
    }

    /**
     * Lists the image files of a folder and its subfolders, behind links too.
     *
     * @param folder the folder
     * @param others is given all that is not listed, and why
     * @return the files, sorted by their path below the folder
     * @throws InvalidInputException if the folder cannot be listed
     */
    public static List<Path> walk(Path folder, BiConsumer<Path, ImageWalk.Other> others) {
        try {
            return ImageWalk.of(folder, others);
        } catch (IOException e) {
            throw new InvalidInputException(
                    folder + " cannot be listed: " + Quoted.reason(e) + ". Permit reading all of its folders.", e);
        }
    }

    /**
     * Tells whether a file is a link to nothing.
     *
     * @param file any file
     * @return true for a link whose target is not there
     */
    public static boolean isBrokenLink(Path file) {
        return !Files.exists(file) && Files.isSymbolicLink(file);
    }

    /**
     * Tells by a file's name whether it is taken for an image.
     *
     * @param name file name without folders
     * @return whether it ends as JPEG, PNG, GIF, BMP or WebP files do, in small or capital letters, and is not hidden
     */
    public static boolean isImageName(String name) {
        return !name.startsWith(".") && endsLikeImage(name);
    }

    /**
     * Tells whether a name ends as those of images that are read, hidden or not.
     *
     * @param name file name without folders
     * @return whether it does
     */
    public static boolean endsLikeImage(String name) {
        return isNewlyRead(name) || ENDINGS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
    }

    /**
     * Tells whether versions before this one passed a file over.
     *
     * @param name file name without folders
     * @return whether it ends as WebP files do
     */
    public static boolean isNewlyRead(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(WEBP);
    }

    /**
     * Tells of a file that does not count as an image whether its name is that of a picture all the same.
     *
     * @param name file name without folders
     * @return whether it ends like pictures of other kinds, such as TIFF or HEIC
     */
    public static boolean isOtherPictureName(String name) {
        return OTHER_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Tells whether a file would be read, whatever its name.
     *
     * @param file any file, which is opened
     * @return whether its first bytes are those of an image that is read; false if it cannot be opened
     */
    public static boolean beginsLikeImage(Path file) {
        try (InputStream in = PlainFiles.readBehindLinks(file)) {
            byte[] start = in.readNBytes(LONGEST_MAGIC);
            // Texts may begin with the two letters of a BMP, though not with the four zeros behind its length.
            return format(start)
                    .filter(found ->
                            found != Format.BMP || start.length >= 10 && Arrays.equals(start, 6, 10, new byte[4], 0, 4))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Tells whether views of an image depend on when it becomes RGB, by its headers and palette.
     *
     * @param bytes a file's content
     * @return false for RGB and grey images, true for all others; empty if it cannot be read
     */
    public static Optional<Boolean> dependOnOrder(byte[] bytes) {
        try {
            return Optional.of(mode(bytes).dependsOnOrder());
        } catch (IOException | RuntimeException e) {
            // Who needs its pixels hears why there are none.
            return Optional.empty();
        }
    }

    /** Reads the mode that a file's image is decoded in; of its pixels nothing. */
    static PixelImage.Mode mode(byte[] bytes) throws IOException {
        return switch (format(bytes).orElseThrow(ImageFiles::noImage)) {
            case JPEG -> JpegDecoder.mode(JpegStream.parse(bytes));
            case PNG -> PngDecoder.mode(bytes);
            case GIF -> GifDecoder.mode(bytes);
            case BMP -> BmpDecoder.mode(bytes);
            case WEBP -> WebpDecoder.mode(bytes);
        };
    }

    private static IOException noImage() {
        return new IOException("its first bytes are not those of an image");
    }

    private static boolean isJpeg(byte[] bytes) {
        return startsWith(bytes, 0xFF, 0xD8, 0xFF);
    }

    private static boolean isPng(byte[] bytes) {
        return startsWith(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
    }

    static PixelImage decode(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new IOException("the file is empty");
        }
        return switch (format(bytes).orElseThrow(ImageFiles::noImage)) {
            case JPEG -> JpegDecoder.decode(bytes);
            case PNG -> PngDecoder.decode(bytes);
            case GIF -> GifDecoder.decode(bytes);
            case BMP -> BmpDecoder.decode(bytes);
            case WEBP -> WebpDecoder.decode(bytes);
        };
    }

    private enum Format {
        JPEG,
        PNG,
        GIF,
        BMP,
        WEBP
    }

    /** What a file is by its first twelve bytes. */
    private static Optional<Format> format(byte[] bytes) {
        if (isJpeg(bytes)) {
            return Optional.of(Format.JPEG);
        }
        if (isPng(bytes)) {
            return Optional.of(Format.PNG);
        }
        if (startsWith(bytes, 'G', 'I', 'F', '8')) {
            return Optional.of(Format.GIF);
        }
        if (startsWith(bytes, 'R', 'I', 'F', 'F')
                && bytes.length >= LONGEST_MAGIC
                && startsWith(Arrays.copyOfRange(bytes, 8, LONGEST_MAGIC), 'W', 'E', 'B', 'P')) {
            return Optional.of(Format.WEBP);
        }
        return startsWith(bytes, 'B', 'M') ? Optional.of(Format.BMP) : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 255) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Stops an image whose header alone would fill the memory. */
    static void checkSize(long width, long height) throws IOException {
        if (width < 1 || height < 1) {
            throw new IOException("size " + width + "×" + height + " has no pixels");
        }
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
            throw new IOException("size " + width + "×" + height + " is above the " + MOST_PIXELS + " pixels, or "
                    + LONGEST_SIDE + " a side, that are read");
        }
    }
}
