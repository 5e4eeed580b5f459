package dev.metaprompt.image;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.PixelImage.Mode;

/**
 * Turns decoded images into the views that the encoder reads. Immutable, for use by any number of threads.
 *
 * <p>Images become RGB before they are resized or after, as {@link Preprocessing#colorOrder()} says: for palette and
 * transparent images that order matters.
 */
public final class ImagePipeline {
    private static final int LEVELS = 256;

    private final Preprocessing preprocessing;
    private final float[][] normalized;

    /**
     * Creates the pipeline.
     *
     * @param preprocessing sizes, normalisation and the order of colour conversion
     */
    public ImagePipeline(Preprocessing preprocessing) {
        this.preprocessing = preprocessing;
        float[] mean = preprocessing.mean();
        float[] std = preprocessing.std();
        normalized = new float[3][LEVELS];
        for (int channel = 0; channel < 3; channel++) {
            for (int level = 0; level < LEVELS; level++) {
                normalized[channel][level] = (level / 255f - mean[channel]) / std[channel];
            }
        }
    }

    /**
     * Returns the side of a view.
     *
     * @return pixels
     */
    public int size() {
        return preprocessing.crop();
    }

    /**
     * Resizes the shorter side and cuts the central square: the view of test images.
     *
     * @param image any mode
     * @return uint8 RGB, size × size × 3
     */
    public byte[] centerCrop(PixelImage image) {
        int crop = preprocessing.crop();
        int width = resized(image.width(), image.height());
        int height = resized(image.height(), image.width());
        Region window = new Region(centered(width, crop), centered(height, crop), crop, crop);
        return view(image, new Region(0, 0, image.width(), image.height()), width, height, window);
    }

    /** The new length of {@code side}: the shorter one becomes {@code resize}, the longer one follows, cut off. */
    private int resized(int side, int other) {
        if (side <= other) {
            return preprocessing.resize();
        }
        return Math.toIntExact((long) ((double) ((long) preprocessing.resize() * side) / other));
    }

    /** Python's {@code round}: half to even. */
    private static int centered(int length, int crop) {
        return (int) Math.rint((length - crop) / 2.0);
    }

    /**
     * Draws a view for training: torchvision's {@code RandomResizedCrop} (area 8–100 %, ratio 3/4–4/3, bicubic), then
     * a horizontal flip with probability ½.
     *
     * @param image any mode
     * @param random where crop and flip are drawn from
     * @return uint8 RGB, size × size × 3
     */
    public byte[] randomView(PixelImage image, RandomStream random) {
        Region box = RandomCrop.draw(image.width(), image.height(), random);
        boolean flip = random.nextDouble() < 0.5;
        return cropView(image, box, flip);
    }

    /** Cuts out the box, resizes it to size × size and flips it if told to. */
    byte[] cropView(PixelImage image, Region box, boolean flip) {
        int size = preprocessing.crop();
        byte[] rgb = view(image, box, size, size, new Region(0, 0, size, size));
        if (flip) {
            flip(rgb, size);
        }
        return rgb;
    }

    private byte[] view(PixelImage image, Region source, int width, int height, Region window) {
        boolean convertFirst = preprocessing.colorOrder() == ColorOrder.CONVERT_FIRST;
        // Grey that is converted first gives the same view and takes three times as long.
        boolean early = convertFirst && image.mode().dependsOnOrder();
        return resized(early ? image.toRgb() : image, source, width, height, window);
    }

    private static byte[] resized(PixelImage image, Region source, int width, int height, Region window) {
        Mode mode = image.mode();
        if (mode.nearest()) {
            byte[] samples = Resampler.nearest(image.samples(), image.width(), source, width, height, window);
            return ColorConversion.toRgb(mode, samples, image.palette());
        }
        // Premultiplying and dividing again loses levels, so it is not done where nothing is mixed.
        boolean mixesAlpha = mode.alpha() && (width != source.width() || height != source.height());
        byte[] samples = mixesAlpha ? ColorConversion.premultiply(image.samples(), mode.bands()) : image.samples();
        byte[] resized = Resampler.bicubic(samples, image.width(), mode.bands(), source, width, height, window);
        if (mixesAlpha) {
            ColorConversion.unpremultiply(resized, mode.bands());
        }
        return mode == Mode.RGB ? resized : ColorConversion.toRgb(mode, resized, image.palette());
    }

    private static void flip(byte[] rgb, int size) {
        for (int row = 0; row < size; row++) {
            for (int left = row * size, right = left + size - 1; left < right; left++, right--) {
                for (int channel = 0; channel < 3; channel++) {
                    byte swap = rgb[3 * left + channel];
                    rgb[3 * left + channel] = rgb[3 * right + channel];
                    rgb[3 * right + channel] = swap;
                }
            }
        }
    }

    /**
     * Scales to [0, 1] and normalises each channel, in float32 as torchvision does.
     *
     * @param rgb a view, size × size × 3
     * @param target receives channel × size × size numbers from {@code offset} on
     * @param offset first index written
     */
    public void normalize(byte[] rgb, float[] target, int offset) {
        int pixels = preprocessing.crop() * preprocessing.crop();
        if (rgb.length != 3 * pixels) {
            throw new IllegalArgumentException(rgb.length + " bytes for a view of " + 3 * pixels);
        }
        for (int channel = 0; channel < 3; channel++) {
            float[] levels = normalized[channel];
            int out = offset + channel * pixels;
            for (int i = 0; i < pixels; i++) {
                target[out + i] = levels[rgb[3 * i + channel] & 255];
            }
        }
    }
}
