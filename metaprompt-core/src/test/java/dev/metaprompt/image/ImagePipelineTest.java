package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.PixelImage.Mode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImagePipelineTest {
    private static final float[] MEAN = {0.1f, 0.2f, 0.3f};
    private static final float[] STD = {0.5f, 0.25f, 1f};

    private static PixelImage noise(Mode mode, int width, int height, RandomStream random) {
        byte[] samples = new byte[width * height * mode.bands()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) random.nextInt(256);
        }
        byte[] palette = new byte[768];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = (byte) random.nextInt(256);
        }
        return mode == Mode.PALETTE
                ? new PixelImage(mode, width, height, samples, palette)
                : PixelImage.of(mode, width, height, samples);
    }

    @Test
    void viewsOfAnyShapeAndModeHaveTheAskedSizeAndLeaveTheImageAlone() {
        RandomStream random = RandomStream.of(1, "shapes");
        for (int i = 0; i < 300; i++) {
            Mode mode = Mode.values()[random.nextInt(Mode.values().length)];
            PixelImage image = noise(mode, 1 + random.nextInt(90), 1 + random.nextInt(90), random);
            byte[] before = image.samples().clone();
            int crop = 1 + random.nextInt(40);
            ColorOrder order = ColorOrder.values()[i % 2];
            ImagePipeline pipeline =
                    new ImagePipeline(new Preprocessing(crop + random.nextInt(20), crop, MEAN, STD).with(order));
            assertEquals(crop * crop * 3, pipeline.centerCrop(image).length);
            assertEquals(crop * crop * 3, pipeline.randomView(image, random).length);
            assertArrayEquals(before, image.samples());
        }
    }

    @Test
    void evenSurfaceStaysTheSame() {
        byte[] samples = new byte[61 * 17 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (40 * (i % 3 + 1));
        }
        PixelImage image = PixelImage.rgb(61, 17, samples);
        ImagePipeline pipeline = new ImagePipeline(new Preprocessing(48, 48, MEAN, STD));
        byte[] expected = new byte[48 * 48 * 3];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (40 * (i % 3 + 1));
        }
        assertArrayEquals(expected, pipeline.centerCrop(image));
        assertArrayEquals(expected, pipeline.randomView(image, RandomStream.of(1, "view")));
    }

    @Test
    void windowOfTheResultEqualsThatPartOfTheWholeResult() {
        RandomStream random = RandomStream.of(2, "windows");
        for (int i = 0; i < 200; i++) {
            PixelImage image = noise(Mode.RGB, 1 + random.nextInt(50), 1 + random.nextInt(50), random);
            int width = 1 + random.nextInt(60);
            int height = 1 + random.nextInt(60);
            Region source = part(image.width(), image.height(), random);
            Region window = part(width, height, random);
            byte[] whole = Resampler.bicubic(
                    image.samples(), image.width(), 3, source, width, height, new Region(0, 0, width, height));
            byte[] cut = Resampler.bicubic(image.samples(), image.width(), 3, source, width, height, window);
            for (int y = 0; y < window.height(); y++) {
                int from = ((window.y() + y) * width + window.x()) * 3;
                int rowBytes = window.width() * 3;
                assertArrayEquals(
                        Arrays.copyOfRange(whole, from, from + rowBytes),
                        Arrays.copyOfRange(cut, y * rowBytes, (y + 1) * rowBytes));
            }
        }
    }

    private static Region part(int width, int height, RandomStream random) {
        int x = random.nextInt(width);
        int y = random.nextInt(height);
        return new Region(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));
    }

    /** Would need 20 GB and minutes if the whole resized strip were computed. */
    @Test
    void extremeStripCostsNoMoreThanItsView() {
        PixelImage strip = noise(Mode.RGB, 400_000, 1, RandomStream.of(5, "strip"));
        ImagePipeline pipeline = new ImagePipeline(Preprocessing.CLIP_224);
        assertEquals(224 * 224 * 3, pipeline.centerCrop(strip).length);
        PixelImage column = PixelImage.rgb(1, 400_000, strip.samples());
        assertEquals(224 * 224 * 3, pipeline.centerCrop(column).length);
    }

    @Test
    void randomBoxesLieInsideAndHaveTheAskedAreaAndRatio() {
        RandomStream random = RandomStream.of(6, "boxes");
        double smallest = 1;
        double largest = 0;
        for (int i = 0; i < 5000; i++) {
            int width = 100 + random.nextInt(300);
            int height = 100 + random.nextInt(300);
            Region box = RandomCrop.draw(width, height, random);
            assertTrue(box.x() + box.width() <= width && box.y() + box.height() <= height, box.toString());
            double area = (double) box.width() * box.height() / width / height;
            double ratio = (double) box.width() / box.height();
            assertTrue(ratio > 0.72 && ratio < 1.39, "ratio " + ratio);
            assertTrue(area > 0.07, "area " + area);
            smallest = Math.min(smallest, area);
            largest = Math.max(largest, area);
        }
        assertTrue(smallest < 0.1 && largest > 0.9, smallest + " to " + largest);
    }

    @Test
    void fallbackIsTorchvisionsCentralBox() {
        assertEquals(new Region(0, 48, 1, 1), RandomCrop.central(1, 97));
        assertEquals(new Region(0, 0, 40, 31), RandomCrop.central(40, 31));
        assertEquals(new Region(123, 0, 53, 40), RandomCrop.central(300, 40));
        assertEquals(new Region(0, 123, 40, 53), RandomCrop.central(40, 300));
        // No box of an allowed ratio fits a strip: ten tries, then the fallback.
        assertEquals(new Region(499, 0, 1, 1), RandomCrop.draw(1000, 1, RandomStream.of(1, "strip")));
    }

    @Test
    void sameStreamGivesTheSameViewAndAnotherAnother() {
        PixelImage image = noise(Mode.RGB, 80, 60, RandomStream.of(7, "image"));
        ImagePipeline pipeline = new ImagePipeline(new Preprocessing(32, 32, MEAN, STD));
        byte[] view = pipeline.randomView(image, RandomStream.of(1, "view", 4));
        assertArrayEquals(view, pipeline.randomView(image, RandomStream.of(1, "view", 4)));
        assertFalse(Arrays.equals(view, pipeline.randomView(image, RandomStream.of(1, "view", 5))));
    }

    @Test
    void halfOfTheViewsAreFlipped() {
        // Dark on the left, light on the right, wherever the box lies.
        byte[] samples = new byte[256 * 256 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i / 3 % 256);
        }
        PixelImage image = PixelImage.rgb(256, 256, samples);
        ImagePipeline pipeline = new ImagePipeline(new Preprocessing(8, 8, MEAN, STD));
        int flipped = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] view = pipeline.randomView(image, RandomStream.of(9, "flip", i));
            flipped += (view[0] & 255) > (view[21] & 255) ? 1 : 0;
        }
        // Five standard deviations of 1000 fair coins.
        assertEquals(500, flipped, 79);
    }

    @Test
    void normalizeWritesChannelByChannelFromTheOffset() {
        ImagePipeline pipeline = new ImagePipeline(new Preprocessing(2, 2, MEAN, STD));
        byte[] rgb = {0, 51, (byte) 255, 51, 0, 0, 102, 0, 0, (byte) 255, 0, 0};
        float[] target = new float[15];
        Arrays.fill(target, 7);
        pipeline.normalize(rgb, target, 2);
        assertEquals(7, target[1]);
        assertEquals((0 / 255f - 0.1f) / 0.5f, target[2]);
        assertEquals((51 / 255f - 0.1f) / 0.5f, target[3]);
        assertEquals((51 / 255f - 0.2f) / 0.25f, target[6]);
        assertEquals((1 - 0.3f) / 1f, target[10]);
        assertEquals(7, target[14]);
        assertThrows(IllegalArgumentException.class, () -> pipeline.normalize(new byte[3], target, 0));
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(32, 33, MEAN, STD));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(32, 0, MEAN, STD));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(8, 8, MEAN, new float[] {1, 0, 1}));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(8, 8, new float[2], STD));
        assertThrows(IllegalArgumentException.class, () -> PixelImage.rgb(2, 2, new byte[11]));
    }
}
