package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.*;

import dev.metaprompt.RandomStream;

/** Patterns of cells and their borders, and of ornaments. */
final class CellPatterns {
    private static final double ROOT3 = Math.sqrt(3);

    private CellPatterns() {}

    static Pattern cracked(RandomStream r) {
        long seed = r.nextLong();
        double half = r.nextDouble(0.015, 0.05);
        double[] cell = new double[5];
        return (u, v, out) -> {
            double wu = u + 0.35 * (fractal(u * 2, v * 2, seed + 1, 3) - 0.5);
            double wv = v + 0.35 * (fractal(u * 2, v * 2, seed + 2, 3) - 0.5);
            cells(wu, wv, seed, 0.95, cell);
            double crack = line(cell[1] - cell[0], half, 0.07);
            double ground = 0.75 + 0.18 * (cell[2] - 0.5) + 0.2 * (noise(u * 6, v * 6, seed + 4) - 0.5);
            out[0] = clamp(ground * (1 - 0.95 * crack));
        };
    }

    static Pattern crystalline(RandomStream r) {
        long seed = r.nextLong();
        double stretch = r.nextDouble(0.45, 0.8);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v * stretch, seed, 1, cell);
            double turn = cell[2] * 13;
            double facet = cell[3] * cos(turn) + cell[4] * sin(turn);
            double split = facet > 0 ? 0.22 : -0.22;
            double edge = line(cell[1] - cell[0], 0.015, 0.05);
            out[0] = clamp(0.15 + 0.7 * frac(cell[2] * 5) + split + 0.5 * facet + 0.5 * edge);
        };
    }

    static Pattern honeycombed(RandomStream r) {
        double half = r.nextDouble(0.06, 0.12);
        double deep = r.nextDouble(0.0, 0.35);
        return (u, v, out) -> {
            double border = hexBorder(u, v);
            double wall = line(border, half, 0.06);
            out[0] = clamp(0.2 + deep * (0.5 - border) + 0.75 * wall);
        };
    }

    /** Distance to the border of the hexagon of inner diameter 1 that holds the point. */
    private static double hexBorder(double u, double v) {
        double ax = u - Math.floor(u + 0.5);
        double ay = v - ROOT3 * Math.floor(v / ROOT3 + 0.5);
        double bx = u - Math.floor(u) - 0.5;
        double by = v - ROOT3 * Math.floor(v / ROOT3) - ROOT3 / 2;
        boolean first = ax * ax + ay * ay < bx * bx + by * by;
        double x = Math.abs(first ? ax : bx);
        double y = Math.abs(first ? ay : by);
        return 0.5 - Math.max(x, 0.5 * x + 0.5 * ROOT3 * y);
    }

    static Pattern scaly(RandomStream r) {
        double depth = r.nextDouble(0.4, 0.55);
        long seed = r.nextLong();
        return (u, v, out) -> {
            double row = Math.floor(v / depth);
            for (int i = 1; i >= -2; i--) {
                double k = row + i;
                double shift = 0.5 * (((long) k) & 1);
                double x = u + shift - Math.floor(u + shift) - 0.5;
                double y = v - k * depth;
                double d = Math.sqrt(x * x + y * y) / 0.56;
                if (y >= -0.05 && d < 1) {
                    double tint = 0.2 * hash((long) Math.floor(u + shift), (long) k, seed);
                    out[0] = clamp(0.85 - 0.45 * y / 0.56 + tint - 0.8 * step(0.78, 0.98, d));
                    return;
                }
            }
            out[0] = 0.1;
        };
    }

    static Pattern cobwebbed(RandomStream r) {
        int spokes = 8 + r.nextInt(6);
        double sag = r.nextDouble(0.1, 0.25);
        double turn = r.nextDouble();
        long seed = r.nextLong();
        return (u, v, out) -> {
            double radius = Math.sqrt(u * u + v * v);
            double a = (angle(u, v) + turn) * spokes;
            double f = frac(a);
            double fromSpoke = near(a) / spokes * 6.28 * radius;
            double wobble = 0.25 * noise(Math.floor(a) * 3.7, 0.5, seed);
            double ring = radius * (1 + sag * 4 * f * (1 - f)) + wobble;
            double thread = Math.max(line(fromSpoke, 0.06, 0.11), 0.8 * line(near(ring), 0.06, 0.12));
            out[0] = clamp(0.1 + 0.12 * noise(u * 0.3, v * 0.3, seed + 3) + 0.8 * thread);
        };
    }

    static Pattern paisley(RandomStream r) {
        long seed = r.nextLong();
        double rings = r.nextDouble(2.4, 3.4);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v, seed, 0.25, cell);
            double turn = 0.125 * Math.floor(8 * cell[2]);
            double x = cell[3] * cos(turn) + cell[4] * sin(turn);
            double y = cell[4] * cos(turn) - cell[3] * sin(turn);
            double taper = clamp((0.5 - x) / 0.85);
            double bend = y - 0.9 * (x + 0.1) * (x + 0.1) * (x > -0.1 ? 1 : 0);
            double body = Math.sqrt((x + 0.1) * (x + 0.1) * 0.8 + bend * bend / (0.12 + taper * taper * 1.1));
            double drop = 1 - step(0.36, 0.41, body);
            double contour = step(0.35, 0.65, tri(body * rings / 0.36 * 0.5 + 0.5));
            double dots = line(Math.sqrt(near(u * 4) * near(u * 4) + near(v * 4) * near(v * 4)), 0.16, 0.12);
            out[0] = drop > 0.5 ? 0.15 + 0.8 * contour : 0.35 + 0.25 * dots;
            out[1] = drop > 0.5 && body < 0.12 ? 1.3 + 0.3 * frac(cell[2] * 9) : 0;
        };
    }
}
