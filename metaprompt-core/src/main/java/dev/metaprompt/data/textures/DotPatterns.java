package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.*;

import dev.metaprompt.RandomStream;

/** Patterns of dots, holes, bumps and other small things. */
final class DotPatterns {
    private DotPatterns() {}

    static Pattern dotted(RandomStream r) {
        double radius = r.nextDouble(0.17, 0.27);
        double jitter = r.nextDouble() < 0.5 ? 0 : 0.35;
        long seed = r.nextLong();
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v, seed, jitter, cell);
            out[0] = 0.92 - 0.88 * line(cell[0], radius, 0.12);
        };
    }

    static Pattern polkaDotted(RandomStream r) {
        double radius = r.nextDouble(0.26, 0.36);
        double soft = r.nextDouble(0.03, 0.07);
        double stagger = r.nextDouble() < 0.8 ? 0.5 : 0;
        return (u, v, out) -> out[0] = 0.08 + 0.87 * line(lattice(u, v, stagger), radius, soft);
    }

    /** Distance to the nearest point of a lattice whose odd rows are shifted. */
    private static double lattice(double u, double v, double stagger) {
        double best = 1e9;
        double row = Math.floor(v);
        for (int i = -1; i <= 1; i++) {
            double dv = v - (row + i + 0.5);
            double du = near(u + 0.5 + stagger * (((long) row + i) & 1));
            best = Math.min(best, du * du + dv * dv);
        }
        return Math.sqrt(best);
    }

    static Pattern perforated(RandomStream r) {
        double radius = r.nextDouble(0.24, 0.32);
        double stagger = r.nextDouble() < 0.6 ? 0.5 : 0;
        return (u, v, out) -> {
            double d = lattice(u, v, stagger);
            double rim = line(d - radius - 0.09, 0.02, 0.06);
            out[0] = clamp(0.72 + 0.25 * rim - 0.7 * line(d, radius - 0.05, 0.09));
        };
    }

    static Pattern studded(RandomStream r) {
        double radius = r.nextDouble(0.3, 0.4);
        double stagger = r.nextDouble() < 0.5 ? 0.5 : 0;
        double[] at = new double[2];
        return (u, v, out) -> {
            nearest(u, v, stagger, at);
            double x = at[0] / radius;
            double y = at[1] / radius;
            double d = Math.sqrt(x * x + y * y);
            double shade = clamp(0.55 - 0.4 * x - 0.45 * y) * round(d * 0.9);
            double sx = x + 0.35;
            double sy = y + 0.4;
            double shine = line(Math.sqrt(sx * sx + sy * sy), 0.12, 0.25);
            double shadow = 0.3 * line(Math.sqrt((x - 0.25) * (x - 0.25) + (y - 0.3) * (y - 0.3)), 0.9, 0.35);
            double inside = line(d, 0.92, 0.12);
            out[0] = clamp(mix(0.45 - shadow, 0.12 + 0.75 * shade + 1.0 * shine, inside));
        };
    }

    private static void nearest(double u, double v, double stagger, double[] at) {
        double row = Math.floor(v);
        double w = u + stagger * (((long) row) & 1);
        at[0] = w - Math.floor(w) - 0.5;
        at[1] = v - row - 0.5;
    }

    static Pattern sprinkled(RandomStream r) {
        long seed = r.nextLong();
        double density = r.nextDouble(0.55, 0.8);
        double length = r.nextDouble(0.12, 0.32);
        double half = r.nextDouble(0.09, 0.13);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v, seed, 0.7, cell);
            double turn = cell[2] * 7;
            double along = cell[3] * cos(turn) + cell[4] * sin(turn);
            double side = cell[4] * cos(turn) - cell[3] * sin(turn);
            double over = Math.max(0, Math.abs(along) - length);
            double stick = line(Math.sqrt(over * over + side * side), half, 0.08);
            boolean here = frac(cell[2] * 31) < density;
            out[0] = here ? mix(0.85, 0.55, stick) : 0.85;
            out[1] = here && stick > 0.35 ? 1 + frac(cell[2] * 57) * 0.999 : 0;
        };
    }

    static Pattern flecked(RandomStream r) {
        long seed = r.nextLong();
        double cut = r.nextDouble(0.62, 0.72);
        double stretch = r.nextDouble(0.5, 0.8);
        return (u, v, out) -> {
            double ground = 0.2 * noise(u * 0.4, v * 0.4, seed + 3);
            double light = step(cut, cut + 0.1, fractal(u * stretch, v * 1.2, seed, 2));
            double dark = step(cut + 0.03, cut + 0.12, fractal(u * 1.2, v * stretch, seed + 7, 2));
            out[0] = clamp(0.32 + ground + 0.6 * light - 0.35 * dark);
        };
    }

    static Pattern freckled(RandomStream r) {
        long seed = r.nextLong();
        double depth = r.nextDouble(0.4, 0.65);
        double[] cell = new double[5];
        return (u, v, out) -> {
            double cluster = noise(u * 0.22, v * 0.22, seed + 5);
            double spots = 0;
            for (int i = 0; i < 2; i++) {
                cells(u * (1 + 0.7 * i), v * (1 + 0.7 * i), seed + i, 0.95, cell);
                double radius = 0.08 + 0.28 * cell[2];
                double rough = 0.1 * (noise(u * 3, v * 3, seed + 8) - 0.5);
                boolean here = frac(cell[2] * 17) < 0.25 + 0.75 * cluster;
                spots = Math.max(spots, here ? line(cell[0] + rough, radius * 0.5, radius * 0.8) : 0);
            }
            out[0] = clamp(0.78 + 0.12 * (cluster - 0.5) - depth * spots);
        };
    }

    static Pattern bubbly(RandomStream r) {
        long seed = r.nextLong();
        double[] cell = new double[5];
        return (u, v, out) -> {
            double tone = 0.3 + 0.15 * noise(u * 0.4, v * 0.4, seed + 9);
            for (int i = 0; i < 2; i++) {
                double zoom = i == 0 ? 1.7 : 0.9;
                cells(u * zoom, v * zoom, seed + i, 0.6, cell);
                double radius = 0.22 + 0.24 * cell[2];
                double d = cell[0] / radius;
                if (d < 1.1) {
                    double rim = line(d - 0.92, 0.05, 0.16);
                    double sx = cell[3] / radius + 0.38;
                    double sy = cell[4] / radius + 0.38;
                    double shine = line(Math.sqrt(sx * sx + sy * sy), 0.1, 0.2);
                    tone = 0.28 + 0.18 * d * d + 0.6 * rim + 0.75 * shine;
                }
            }
            out[0] = clamp(tone);
        };
    }

    static Pattern bumpy(RandomStream r) {
        long seed = r.nextLong();
        double jitter = r.nextDouble(0.5, 0.9);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v, seed, jitter, cell);
            double dome = clamp(1 - 1.6 * cell[0] * cell[0]);
            double side = clamp(0.5 - 0.55 * cell[3] - 0.75 * cell[4]);
            out[0] = clamp(0.1 + dome * (0.15 + 0.8 * side));
        };
    }

    static Pattern pitted(RandomStream r) {
        long seed = r.nextLong();
        double density = r.nextDouble(0.5, 0.75);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u, v, seed, 0.9, cell);
            double rough = 0.16 * (noise(u * 3.5, v * 3.5, seed + 4) - 0.5);
            double radius = 0.12 + 0.2 * cell[2];
            double pit = frac(cell[2] * 23) < density ? line(cell[0] + rough, radius * 0.7, 0.14) : 0;
            double lip = frac(cell[2] * 23) < density ? line(cell[0] - radius - 0.14, 0.02, 0.08) : 0;
            out[0] = clamp(0.6 + 0.25 * (noise(u * 2, v * 2, seed + 6) - 0.5) + 0.2 * lip - 0.6 * pit);
        };
    }

    static Pattern porous(RandomStream r) {
        long seed = r.nextLong();
        double[] cell = new double[5];
        return (u, v, out) -> {
            double hole = 0;
            for (int i = 0; i < 2; i++) {
                double zoom = 0.85 + 0.9 * i;
                cells(u * zoom, v * zoom, seed + i, 0.9, cell);
                double rough = 0.12 * (noise(u * 3, v * 3, seed + 4) - 0.5);
                double radius = 0.12 + 0.2 * cell[2];
                hole = Math.max(hole, line(cell[0] + rough, radius, 0.1) * (0.75 + 0.25 * cell[2]));
            }
            out[0] = clamp(0.82 - 0.78 * hole + 0.1 * (noise(u * 4, v * 4, seed + 8) - 0.5));
        };
    }

    static Pattern potholed(RandomStream r) {
        long seed = r.nextLong();
        double[] cell = new double[5];
        return (u, v, out) -> {
            double wobble = 0.55 * (fractal(u * 2.2, v * 2.2, seed + 3, 3) - 0.5);
            cells(u, v, seed, 0.6, cell);
            double radius = 0.24 + 0.14 * cell[2];
            double d = cell[0] + wobble * 0.6;
            double grit = 0.35 * (noise(u * 14, v * 14, seed + 6) - 0.5);
            double hole = line(d, radius - 0.06, 0.09);
            double rim = line(d - radius - 0.05, 0.02, 0.06);
            double slope = 0.35 * cell[4] / radius;
            out[0] = clamp(mix(0.62 + grit, 0.16 + slope + 0.4 * grit, hole) + 0.22 * rim);
        };
    }
}
