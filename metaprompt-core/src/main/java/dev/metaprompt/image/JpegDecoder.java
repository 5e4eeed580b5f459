package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG to the samples libjpeg gives Pillow.
 *
 * <p>The class library's reader wraps libjpeg, but it also reads profiles and metadata and guesses colour spaces by
 * rules of its own. {@link JpegStream} therefore hands it a file without those, marked with the colour space libjpeg
 * itself would take.
 */
final class JpegDecoder {
    /** Encoders write about ten scans; each takes time in proportion to the pixels, however few bytes it has. */
    private static final int MOST_SCANS = 100;

    private static final long MOST_SCANNED_PIXELS = 1L << 31;

    /** A bit is the least that a unit of at most 32×32 pixels takes. */
    private static final long MOST_PIXELS_A_BYTE = 8 * 32 * 32;

    private JpegDecoder() {}

    static PixelImage decode(byte[] bytes) throws IOException {
        JpegStream stream = JpegStream.parse(bytes);
        ImageFiles.checkSize(stream.width(), stream.height());
        checkScans(stream);
        if (bytes.length * MOST_PIXELS_A_BYTE < (long) stream.width() * stream.height()) {
            throw ByteReader.truncated();
        }
        ImageReader reader = ImageReaders.builtIn("jpeg");
        List<String> warnings = new ArrayList<>();
        byte[] plain = stream.plain();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(plain))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            byte[] samples = stream.components() == 4
                    ? ImageReaders.samples(reader.readRaster(0, null))
                    : ImageReaders.samples(reader.read(0));
            check(warnings);
            return image(stream, samples);
        } finally {
            reader.dispose();
        }
    }

    private static void checkScans(JpegStream stream) throws IOException {
        long pixels = (long) stream.width() * stream.height() * stream.scans();
        if (stream.scans() > MOST_SCANS || pixels > MOST_SCANNED_PIXELS) {
            throw new IOException("JPEG of " + stream.scans() + " scans, more than are read at " + stream.width() + "×"
                    + stream.height() + " pixels");
        }
    }

    static Mode mode(JpegStream stream) {
        return switch (stream.components()) {
            case 1 -> Mode.GREY;
            case 3 -> Mode.RGB;
            default -> Mode.CMYK;
        };
    }

    private static PixelImage image(JpegStream stream, byte[] samples) {
        Mode mode = mode(stream);
        if (mode == Mode.CMYK) {
            if (stream.ycck()) {
                ycckToCmyk(samples);
            }
            // Four-colour files hold their ink inverted (Adobe's way); Pillow takes that for granted.
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) ~samples[i];
            }
        }
        return PixelImage.of(mode, stream.width(), stream.height(), samples);
    }

    /** libjpeg's YCCK to CMYK in its fixed point, in place: RGB by ITU-R BT.601, inverted; black stays. */
    private static void ycckToCmyk(byte[] samples) {
        int half = 1 << 15;
        for (int i = 0; i < samples.length; i += 4) {
            int y = samples[i] & 255;
            int cb = (samples[i + 1] & 255) - 128;
            int cr = (samples[i + 2] & 255) - 128;
            int red = y + ((91881 * cr + half) >> 16);
            int green = y + ((-22554 * cb - 46802 * cr + half) >> 16);
            int blue = y + ((116130 * cb + half) >> 16);
            samples[i] = clip(255 - red);
            samples[i + 1] = clip(255 - green);
            samples[i + 2] = clip(255 - blue);
        }
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }

    /** libjpeg goes on after losing data and only warns; a picture with a grey patch must not be trained on. */
    private static void check(List<String> warnings) throws IOException {
        for (String warning : warnings) {
            if (warning.contains("remature end")
                    || warning.contains("Missing EOI")
                    || warning.contains("bad Huffman code")
                    || warning.contains("instead of RST")) {
                throw new IOException("damaged JPEG (" + warning.strip() + ")");
            }
        }
    }
}
