package dev.metaprompt.image;

/**
 * Resizes a region of an image and computes only a window of the result.
 *
 * <p>Equal to Pillow's {@code resize} followed by a crop, without the pixels that the crop would throw away: a strip of
 * 300×1 pixels scaled to height 224 would be 67,200 pixels wide.
 */
final class Resampler {
    private Resampler() {}

    /**
     * Resizes bicubically in two passes, uint8 in between; a direction that keeps its length is left alone.
     *
     * @param samples height × width × bands
     * @param width columns of the whole image
     * @param bands samples a pixel
     * @param source the region of the image that is resized
     * @param targetWidth columns the region is resized to
     * @param targetHeight rows the region is resized to
     * @param window the part of the result that is wanted
     * @return window height × window width × bands
     */
    static byte[] bicubic(
            byte[] samples, int width, int bands, Region source, int targetWidth, int targetHeight, Region window) {
        BicubicWeights across = new BicubicWeights(source.width(), targetWidth, window.x(), window.width());
        BicubicWeights down = new BicubicWeights(source.height(), targetHeight, window.y(), window.height());
        Region needed = new Region(source.x() + across.first(), source.y() + down.first(), across.span(), down.span());
        if (downFirst(source, targetWidth, targetHeight)) {
            byte[] low = packed(Resampling.down(samples, width, bands, needed, down));
            Region all = new Region(0, 0, across.span(), window.height());
            return packed(Resampling.across(low, across.span(), bands, all, across));
        }
        return packed(Resampling.down(Resampling.across(samples, width, bands, needed, across), down));
    }

    private static byte[] packed(int[][] rows) {
        byte[] samples = new byte[rows.length * rows[0].length];
        int out = 0;
        for (int[] row : rows) {
            for (int level : row) {
                samples[out++] = (byte) level;
            }
        }
        return samples;
    }

    /**
     * Tells which pass comes first, which shows where the value between them is rounded. Earlier versions of Pillow
     * always go across first; 13.0 goes down first where that throws away much more rows than columns. The rule was
     * found by experiment: it is the order in which 2,000 random sizes were resized, without exception.
     */
    private static boolean downFirst(Region source, int targetWidth, int targetHeight) {
        int fewerRows = source.height() - targetHeight;
        int fewerColumns = source.width() - targetWidth;
        return fewerRows > 0 && fewerRows > 2L * fewerColumns;
    }

    /**
     * Resizes by nearest neighbour; parameters as {@link #bicubic}, one band. The position is summed up step by step,
     * as Pillow does it: the rounding of that sum decides ties.
     */
    static byte[] nearest(byte[] samples, int width, Region source, int targetWidth, int targetHeight, Region window) {
        int[] columns = nearestPositions(source.width(), targetWidth, window.x(), window.width());
        int[] rows = nearestPositions(source.height(), targetHeight, window.y(), window.height());
        byte[] out = new byte[columns.length * rows.length];
        for (int y = 0; y < rows.length; y++) {
            int row = (source.y() + rows[y]) * width + source.x();
            for (int x = 0; x < columns.length; x++) {
                out[y * columns.length + x] = samples[row + columns[x]];
            }
        }
        return out;
    }

    private static int[] nearestPositions(int source, int target, int first, int length) {
        double step = (double) source / target;
        double position = step * 0.5;
        for (int i = 0; i < first; i++) {
            position += step;
        }
        int[] positions = new int[length];
        for (int i = 0; i < length; i++) {
            positions[i] = Math.min((int) position, source - 1);
            position += step;
        }
        return positions;
    }
}
