package dev.metaprompt.image;

import dev.metaprompt.RandomStream;

/**
 * Draws the box of torchvision's {@code RandomResizedCrop}: an area of 8 to 100 % of the image, an aspect ratio of 3/4
 * to 4/3 (uniform in its logarithm), at a uniform place. After ten boxes that do not fit, the largest central one of an
 * allowed ratio.
 */
final class RandomCrop {
    private static final double SMALLEST_AREA = 0.08;
    private static final double LARGEST_AREA = 1;
    private static final double SMALLEST_RATIO = 3.0 / 4;
    private static final double LARGEST_RATIO = 4.0 / 3;
    private static final int TRIES = 10;

    private RandomCrop() {}

    static Region draw(int width, int height, RandomStream random) {
        double area = (double) width * height;
        double low = StrictMath.log(SMALLEST_RATIO);
        double high = StrictMath.log(LARGEST_RATIO);
        for (int i = 0; i < TRIES; i++) {
            double part = area * random.nextDouble(SMALLEST_AREA, LARGEST_AREA);
            double ratio = StrictMath.exp(random.nextDouble(low, high));
            int w = (int) Math.rint(Math.sqrt(part * ratio));
            int h = (int) Math.rint(Math.sqrt(part / ratio));
            if (0 < w && w <= width && 0 < h && h <= height) {
                int y = random.nextInt(height - h + 1);
                int x = random.nextInt(width - w + 1);
                return new Region(x, y, w, h);
            }
        }
        return central(width, height);
    }

    /** The whole image if its ratio is allowed, else cut centrally to the nearest allowed one. */
    static Region central(int width, int height) {
        double ratio = (double) width / height;
        int w = width;
        int h = height;
        if (ratio < SMALLEST_RATIO) {
            h = (int) Math.rint(w / SMALLEST_RATIO);
        } else if (ratio > LARGEST_RATIO) {
            w = (int) Math.rint(h * LARGEST_RATIO);
        }
        return new Region((width - w) / 2, (height - h) / 2, w, h);
    }
}
