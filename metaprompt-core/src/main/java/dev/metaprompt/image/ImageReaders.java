package dev.metaprompt.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The class library's own image readers, and their samples as they are. */
final class ImageReaders {
    private ImageReaders() {}

    /**
     * Returns the reader that comes with Java, whatever others are on the class path: another one may convert colours.
     */
    static ImageReader builtIn(String format) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
        }
        throw new IOException("this Java has no reader for " + format + " (module java.desktop is missing)");
    }

    /**
     * Returns the samples of a raster without any conversion of colours.
     *
     * @return height × width × bands, uint8
     */
    static byte[] samples(Raster raster) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        byte[] out = new byte[width * height * bands];
        if (raster.getSampleModel() instanceof ComponentSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getNumBanks() == 1
                && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0) {
            int[] offsets = model.getBandOffsets();
            int step = model.getPixelStride();
            byte[] data = buffer.getData();
            for (int y = 0, o = 0; y < height; y++) {
                int from = buffer.getOffset() + y * model.getScanlineStride();
                for (int x = 0; x < width; x++, from += step) {
                    for (int band = 0; band < bands; band++) {
                        out[o++] = data[from + offsets[band]];
                    }
                }
            }
            return out;
        }
        int[] row = new int[width * bands];
        int[] bits = raster.getSampleModel().getSampleSize();
        for (int y = 0, o = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                int highest = (1 << bits[i % bands]) - 1;
                out[o++] = (byte) (bands == 1 ? row[i] : row[i] * 255 / highest);
            }
        }
        return out;
    }

    static byte[] samples(BufferedImage image) {
        return samples(image.getRaster());
    }
}
