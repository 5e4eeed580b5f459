package dev.metaprompt.data.textures;

/** Elementary functions of the patterns, built of exactly defined arithmetic alone; angles are in turns. */
final class Field {
    private Field() {}

    /** Sine of an angle in turns, to about 1e-6. */
    static double sin(double turns) {
        double t = turns - Math.floor(turns + 0.5);
        if (t > 0.25) {
            t = 0.5 - t;
        } else if (t < -0.25) {
            t = -0.5 - t;
        }
        double x = t * 6.283185307179586;
        double s = x * x;
        return x * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880)))));
    }

    static double cos(double turns) {
        return sin(turns + 0.25);
    }

    /** Sine wave in 0..1. */
    static double wave(double turns) {
        return 0.5 + 0.5 * sin(turns);
    }

    /** Direction of (x, y) in turns, -0.5..0.5, to about 1e-5. */
    static double angle(double x, double y) {
        double ax = Math.abs(x);
        double ay = Math.abs(y);
        double big = Math.max(ax, ay);
        if (big == 0) {
            return 0;
        }
        double a = Math.min(ax, ay) / big;
        double s = a * a;
        double r = a * (0.9998660 + s * (-0.3302995 + s * (0.1801410 + s * (-0.0851330 + s * 0.0208351))));
        r *= 0.15915494309189535;
        r = ay > ax ? 0.25 - r : r;
        r = x < 0 ? 0.5 - r : r;
        return y < 0 ? -r : r;
    }

    static double frac(double x) {
        return x - Math.floor(x);
    }

    /** Triangle wave of period 1: 0 at integers, 1 half-way. */
    static double tri(double x) {
        return 1 - Math.abs(2 * frac(x) - 1);
    }

    /** Distance to the nearest integer, 0..0.5. */
    static double near(double x) {
        return 0.5 * tri(x);
    }

    static double clamp(double x) {
        return x < 0 ? 0 : Math.min(x, 1);
    }

    /** Smooth step from 0 at {@code low} to 1 at {@code high}. */
    static double step(double low, double high, double x) {
        double t = clamp((x - low) / (high - low));
        return t * t * (3 - 2 * t);
    }

    /** 1 within {@code half} of zero, falling to 0 over {@code soft}. */
    static double line(double distance, double half, double soft) {
        return 1 - step(half, half + soft, Math.abs(distance));
    }

    static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }

    /** Height of a half cylinder over -1..1. */
    static double round(double x) {
        double s = 1 - x * x;
        return s <= 0 ? 0 : Math.sqrt(s);
    }

    /** Random number 0..1 of a lattice point. */
    static double hash(long x, long y, long seed) {
        long h = x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL + seed * 0x165667B19E3779F9L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        return ((h ^ (h >>> 32)) >>> 40) * 0x1.0p-24;
    }

    /** Value noise in 0..1 with one lattice point a unit. */
    static double noise(double u, double v, long seed) {
        double fu = Math.floor(u);
        double fv = Math.floor(v);
        long x = (long) fu;
        long y = (long) fv;
        double s = fade(u - fu);
        double t = fade(v - fv);
        double top = mix(hash(x, y, seed), hash(x + 1, y, seed), s);
        double low = mix(hash(x, y + 1, seed), hash(x + 1, y + 1, seed), s);
        return mix(top, low, t);
    }

    private static double fade(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }

    /** Fractal noise in 0..1: octaves of halved size and weight. */
    static double fractal(double u, double v, long seed, int octaves) {
        double sum = 0;
        double weight = 1;
        double total = 0;
        for (int i = 0; i < octaves; i++) {
            sum += weight * noise(u, v, seed + i);
            total += weight;
            weight *= 0.5;
            double w = u * 1.6 - v * 1.2 + 7.3;
            v = u * 1.2 + v * 1.6 + 3.1;
            u = w;
        }
        return sum / total;
    }

    /** Ridged noise in 0..1: 1 on the crests. */
    static double ridge(double u, double v, long seed, int octaves) {
        return 1 - Math.abs(2 * fractal(u, v, seed, octaves) - 1);
    }

    /**
     * The nearest and second nearest of one jittered point a lattice cell (Worley's cellular noise).
     *
     * @param out receives: distance to the nearest, distance to the second, random number of the nearest's cell, offset
     *     from it in u and v; length at least 5
     */
    static void cells(double u, double v, long seed, double jitter, double[] out) {
        long cu = (long) Math.floor(u);
        long cv = (long) Math.floor(v);
        double first = 1e9;
        double second = 1e9;
        for (long y = cv - 1; y <= cv + 1; y++) {
            for (long x = cu - 1; x <= cu + 1; x++) {
                double du = u - (x + 0.5 + jitter * (hash(x, y, seed) - 0.5));
                double dv = v - (y + 0.5 + jitter * (hash(x, y, seed + 101) - 0.5));
                double d = du * du + dv * dv;
                if (d < first) {
                    second = first;
                    first = d;
                    out[2] = hash(x, y, seed + 202);
                    out[3] = du;
                    out[4] = dv;
                } else if (d < second) {
                    second = d;
                }
            }
        }
        out[0] = Math.sqrt(first);
        out[1] = Math.sqrt(second);
    }
}
