package dev.metaprompt.image;

/**
 * A decoded image in its own mode.
 *
 * <p>The arrays are not copied: whoever creates the record hands them over.
 *
 * @param mode how the samples are to be read
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param samples uint8, row by row, the bands of a pixel side by side: height × width × {@code mode.bands()}
 * @param palette 256 × RGB for {@link Mode#PALETTE}, else empty
 */
public record PixelImage(Mode mode, int width, int height, byte[] samples, byte[] palette) {
    private static final byte[] NO_PALETTE = {};
    private static final int PALETTE_BYTES = 768;

    /** How a pixel is stored. */
    public enum Mode {
        /** Black and white, 0 or 255; resized by nearest neighbour. */
        BILEVEL(1),
        /** Grey. */
        GREY(1),
        /** Grey and straight (not premultiplied) alpha. */
        GREY_ALPHA(2),
        /** An index into the palette; resized by nearest neighbour. */
        PALETTE(1),
        /** Red, green, blue. */
        RGB(3),
        /** Red, green, blue and straight alpha. */
        RGBA(4),
        /** Cyan, magenta, yellow, black; 255 is full ink. */
        CMYK(4);

        private final int bands;

        Mode(int bands) {
            this.bands = bands;
        }

        /**
         * Returns the number of samples of a pixel.
         *
         * @return 1 to 4
         */
        public int bands() {
            return bands;
        }

        boolean nearest() {
            return this == BILEVEL || this == PALETTE;
        }

        boolean alpha() {
            return this == GREY_ALPHA || this == RGBA;
        }

        /**
         * Tells whether a view depends on when the image becomes RGB.
         *
         * @return false for RGB and grey: a band is resized by itself, so a grey one gives three that are equal
         */
        public boolean dependsOnOrder() {
            return this != RGB && this != GREY;
        }
    }

    /** Checks that sizes and arrays agree. */
    public PixelImage {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("image of " + width + "×" + height + " pixels");
        }
        if (samples.length != (long) width * height * mode.bands()) {
            throw new IllegalArgumentException(
                    samples.length + " samples for " + width + "×" + height + " pixels in mode " + mode);
        }
        if (palette.length != (mode == Mode.PALETTE ? PALETTE_BYTES : 0)) {
            throw new IllegalArgumentException("palette of " + palette.length + " bytes in mode " + mode);
        }
    }

    /**
     * Creates an image without a palette.
     *
     * @param mode any mode but {@link Mode#PALETTE}
     * @param width columns
     * @param height rows
     * @param samples height × width × bands
     * @return the image
     */
    public static PixelImage of(Mode mode, int width, int height, byte[] samples) {
        return new PixelImage(mode, width, height, samples, NO_PALETTE);
    }

    /**
     * Creates an RGB image.
     *
     * @param width columns
     * @param height rows
     * @param samples height × width × 3
     * @return the image
     */
    public static PixelImage rgb(int width, int height, byte[] samples) {
        return of(Mode.RGB, width, height, samples);
    }

    /**
     * Converts to RGB as Pillow's {@code convert("RGB")}: alpha is dropped, CMYK is converted naively.
     *
     * @return an image of mode {@link Mode#RGB}; this one if it is RGB already
     */
    public PixelImage toRgb() {
        return mode == Mode.RGB ? this : rgb(width, height, ColorConversion.toRgb(mode, samples, palette));
    }
}
