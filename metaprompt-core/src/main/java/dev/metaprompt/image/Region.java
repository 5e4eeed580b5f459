package dev.metaprompt.image;

/**
 * A rectangle of pixels.
 *
 * @param x first column
 * @param y first row
 * @param width columns
 * @param height rows
 */
record Region(int x, int y, int width, int height) {
    /** Checks that the rectangle holds a pixel. */
    Region {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("region " + width + "×" + height + " at " + x + ", " + y);
        }
    }
}
