package dev.metaprompt.image;

import dev.metaprompt.image.PixelImage.Mode;
import java.io.IOException;

/** Undoes PNG's filters and unpacks its samples to one byte each. */
final class PngScanlines {
    private PngScanlines() {}

    /** Returns height × width × bands samples; {@code raw} is unfiltered in place. */
    static byte[] samples(PngFormat format, byte[] raw) throws IOException {
        int bands = format.mode().bands();
        byte[] out = new byte[format.width() * format.height() * bands];
        int at = 0;
        for (int[] pass : format.passes()) {
            int columns = format.columns(pass);
            int rows = columns == 0 ? 0 : format.rows(pass);
            int rowBytes = format.rowBytes(columns);
            int above = -1;
            for (int y = 0; y < rows; y++) {
                int row = at + 1;
                unfilter(raw, row, above, rowBytes, format.filterDistance());
                int first = ((pass[1] + y * pass[3]) * format.width() + pass[0]) * bands;
                unpack(format, raw, row, columns, out, first, pass[2] * bands);
                above = row;
                at += 1 + rowBytes;
            }
        }
        return out;
    }

    private static void unfilter(byte[] raw, int row, int above, int length, int distance) throws IOException {
        int filter = raw[row - 1];
        if (filter == 0 || (filter == 2 && above < 0)) {
            return;
        }
        switch (filter) {
            case 1 -> {
                for (int i = distance; i < length; i++) {
                    raw[row + i] += raw[row + i - distance];
                }
            }
            case 2 -> {
                for (int i = 0; i < length; i++) {
                    raw[row + i] += raw[above + i];
                }
            }
            case 3 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < distance ? 0 : raw[row + i - distance] & 255;
                    int up = above < 0 ? 0 : raw[above + i] & 255;
                    raw[row + i] += (byte) ((left + up) >> 1);
                }
            }
            case 4 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < distance ? 0 : raw[row + i - distance] & 255;
                    int up = above < 0 ? 0 : raw[above + i] & 255;
                    int corner = i < distance || above < 0 ? 0 : raw[above + i - distance] & 255;
                    raw[row + i] += (byte) paeth(left, up, corner);
                }
            }
            default -> throw new IOException("damaged PNG, unknown row filter " + filter);
        }
    }

    /** The neighbour nearest to left + up − corner. */
    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }

    /** Writes a row's samples from {@code first} on, {@code step} from one pixel to the next. */
    private static void unpack(PngFormat format, byte[] raw, int row, int columns, byte[] out, int first, int step) {
        int bands = format.mode().bands();
        int depth = format.depth();
        if (depth == 8 && step == bands) {
            System.arraycopy(raw, row, out, first, columns * bands);
            return;
        }
        if (depth >= 8) {
            int sampleBytes = depth / 8;
            for (int x = 0; x < columns; x++) {
                for (int band = 0; band < bands; band++) {
                    out[first + x * step + band] = raw[row + (x * bands + band) * sampleBytes];
                }
            }
            return;
        }
        int highest = (1 << depth) - 1;
        int scale = format.mode() == Mode.PALETTE ? 1 : 255 / highest;
        for (int x = 0; x < columns; x++) {
            int bit = x * depth;
            int value = raw[row + (bit >> 3)] >> (8 - depth - (bit & 7)) & highest;
            out[first + x * step] = (byte) (value * scale);
        }
    }
}
