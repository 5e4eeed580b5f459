package dev.metaprompt.image;

/** Smooths the edges of macroblocks and of the blocks in them (RFC 6386, section 15). */
final class Vp8Filter {
    private static final int WHOLE = 4;
    private static final int INSIDE = 8;

    private final Vp8Header header;
    private final byte[] y;
    private final byte[] u;
    private final byte[] v;
    private final int columns;
    private final int rows;

    Vp8Filter(Vp8Header header, byte[] y, byte[] u, byte[] v, int columns, int rows) {
        this.header = header;
        this.y = y;
        this.u = u;
        this.v = v;
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Packs what decides how a macroblock is smoothed.
     *
     * @param whole whether its brightness has one mode
     * @param filled whether it has coefficients
     */
    static byte kind(int segment, boolean whole, boolean filled) {
        return (byte) (segment | (whole ? WHOLE : 0) | (!whole || filled ? INSIDE : 0));
    }

    /** Smooths all macroblocks, in their order. */
    void apply(byte[] kinds) {
        if (!header.isFiltered()) {
            return;
        }
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                macroblock(row, column, kinds[row * columns + column]);
            }
        }
    }

    private void macroblock(int row, int column, int kind) {
        int level = header.filterLevel(kind & 3, (kind & WHOLE) != 0);
        if (level == 0) {
            return;
        }
        int inner = level;
        if (header.sharpness() > 0) {
            inner = Math.min(inner >> (header.sharpness() > 4 ? 2 : 1), 9 - header.sharpness());
        }
        Edge edge = new Edge(2 * level + Math.max(1, inner), Math.max(1, inner), level < 15 ? 0 : level < 40 ? 1 : 2);
        boolean inside = (kind & INSIDE) != 0;
        plane(y, 16, row, column, edge, inside);
        if (!header.isFilteredSimply()) {
            plane(u, 8, row, column, edge, inside);
            plane(v, 8, row, column, edge, inside);
        }
    }

    /** First the upright edges, then the level ones. */
    private void plane(byte[] plane, int side, int row, int column, Edge edge, boolean inside) {
        int stride = side * columns;
        int from = row * side * stride + column * side;
        edges(plane, side, from, stride, 1, column > 0, edge, inside);
        edges(plane, side, from, 1, stride, row > 0, edge, inside);
    }

    private void edges(
            byte[] plane, int side, int from, int along, int across, boolean outer, Edge edge, boolean inside) {
        for (int at = outer ? 0 : 4; at < (inside ? side : Math.min(side, 4)); at += 4) {
            for (int i = 0; i < side; i++) {
                int place = from + at * across + i * along;
                if (header.isFilteredSimply()) {
                    edge.simple(plane, place, across, at == 0);
                } else {
                    edge.normal(plane, place, across, at == 0);
                }
            }
        }
    }

    /**
     * Smooths across an edge at one place.
     *
     * @param limit most difference over an edge inside a macroblock that is smoothed; four more at its border
     * @param inner most difference between neighbours on one side
     * @param variance difference above which only the two samples at the edge are changed
     */
    private record Edge(int limit, int inner, int variance) {
        void simple(byte[] p, int at, int step, boolean border) {
            if (isSmall(p, at, step, border)) {
                two(p, at, step);
            }
        }

        void normal(byte[] p, int at, int step, boolean border) {
            if (!isSmall(p, at, step, border) || !isFlat(p, at, step)) {
                return;
            }
            boolean high =
                    difference(p, at - 2 * step, at - step) > variance || difference(p, at + step, at) > variance;
            if (high) {
                two(p, at, step);
            } else if (border) {
                six(p, at, step);
            } else {
                four(p, at, step);
            }
        }

        private boolean isSmall(byte[] p, int at, int step, boolean border) {
            int found = 2 * difference(p, at - step, at) + (difference(p, at - 2 * step, at + step) >> 1);
            return found <= limit + (border ? 4 : 0);
        }

        private boolean isFlat(byte[] p, int at, int step) {
            for (int i = -4; i < 3; i++) {
                if (i != -1 && difference(p, at + i * step, at + (i + 1) * step) > inner) {
                    return false;
                }
            }
            return true;
        }

        private static void two(byte[] p, int at, int step) {
            int a = 3 * (sample(p, at) - sample(p, at - step))
                    + clip127(sample(p, at - 2 * step) - sample(p, at + step));
            add(p, at - step, clip15(a + 3 >> 3));
            add(p, at, -clip15(a + 4 >> 3));
        }

        private static void four(byte[] p, int at, int step) {
            int a = 3 * (sample(p, at) - sample(p, at - step));
            int near = clip15(a + 4 >> 3);
            int far = near + 1 >> 1;
            add(p, at - 2 * step, far);
            add(p, at - step, clip15(a + 3 >> 3));
            add(p, at, -near);
            add(p, at + step, -far);
        }

        private static void six(byte[] p, int at, int step) {
            int a = clip127(3 * (sample(p, at) - sample(p, at - step))
                    + clip127(sample(p, at - 2 * step) - sample(p, at + step)));
            for (int i = 0; i < 3; i++) {
                int change = (27 - 9 * i) * a + 63 >> 7;
                add(p, at - (i + 1) * step, change);
                add(p, at + i * step, -change);
            }
        }

        private static int sample(byte[] p, int at) {
            return p[at] & 255;
        }

        private static int difference(byte[] p, int one, int other) {
            return Math.abs((p[one] & 255) - (p[other] & 255));
        }

        private static void add(byte[] p, int at, int change) {
            p[at] = (byte) Vp8Transforms.clip((p[at] & 255) + change);
        }

        private static int clip127(int value) {
            return Math.max(-128, Math.min(127, value));
        }

        private static int clip15(int value) {
            return Math.max(-16, Math.min(15, value));
        }
    }
}
