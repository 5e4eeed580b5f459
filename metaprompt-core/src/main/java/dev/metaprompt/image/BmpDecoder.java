package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads BMP through the class library; the mode follows Pillow's rules. */
final class BmpDecoder {
    private static final int CORE_HEADER = 12;

    private BmpDecoder() {}

    static PixelImage decode(byte[] bytes) throws IOException {
        checkLength(bytes);
        ImageReader reader = ImageReaders.builtIn("bmp");
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            ImageFiles.checkSize(reader.getWidth(0), reader.getHeight(0));
            return image(reader.read(0));
        } catch (EOFException e) {
            IOException truncated = ByteReader.truncated();
            truncated.initCause(e);
            throw truncated;
        } finally {
            reader.dispose();
        }
    }

    /** Reads the mode alone, from header and palette. */
    static Mode mode(byte[] bytes) throws IOException {
        ImageReader reader = ImageReaders.builtIn("bmp");
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            ImageFiles.checkSize(reader.getWidth(0), reader.getHeight(0));
            ImageTypeSpecifier type = reader.getImageTypes(0).next();
            return mode(type.getColorModel(), type.getNumBands());
        } finally {
            reader.dispose();
        }
    }

    private static Mode mode(ColorModel model, int bands) {
        if (model instanceof IndexColorModel colors) {
            boolean grey = colors.getMapSize() > 2 && Arrays.equals(palette(colors), GifDecoder.greyRamp());
            return grey ? Mode.GREY : Mode.PALETTE;
        }
        return switch (bands) {
            case 1 -> Mode.GREY;
            case 3 -> Mode.RGB;
            default -> Mode.RGBA;
        };
    }

    /** The class library fills what a truncated file lacks with black, so the length is checked here. */
    private static void checkLength(byte[] bytes) throws IOException {
        ByteReader in = new ByteReader(bytes, 10);
        int pixels = in.s32Little();
        int header = in.s32Little();
        boolean core = header == CORE_HEADER;
        int width = core ? in.u16Little() : in.s32Little();
        int height = Math.abs(core ? in.u16Little() : in.s32Little());
        ImageFiles.checkSize(width, height);
        in.skip(2);
        int depth = in.u16Little();
        int compression = core ? 0 : in.s32Little();
        boolean packed = compression == 1 || compression == 2;
        long rowBytes = ((long) width * depth + 31) / 32 * 4;
        long expected = packed ? (core ? 0 : in.s32Little()) : rowBytes * height;
        if (pixels < 0 || pixels + expected > bytes.length) {
            throw ByteReader.truncated();
        }
    }

    private static PixelImage image(BufferedImage decoded) {
        int width = decoded.getWidth();
        int height = decoded.getHeight();
        byte[] samples = ImageReaders.samples(decoded);
        ColorModel model = decoded.getColorModel();
        Mode mode = mode(model, decoded.getRaster().getNumBands());
        return mode == Mode.PALETTE
                ? new PixelImage(mode, width, height, samples, palette((IndexColorModel) model))
                : PixelImage.of(mode, width, height, samples);
    }

    private static byte[] palette(IndexColorModel colors) {
        byte[] palette = GifDecoder.greyRamp();
        for (int i = 0; i < colors.getMapSize(); i++) {
            palette[3 * i] = (byte) colors.getRed(i);
            palette[3 * i + 1] = (byte) colors.getGreen(i);
            palette[3 * i + 2] = (byte) colors.getBlue(i);
        }
        return palette;
    }
}
