package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.*;

import dev.metaprompt.RandomStream;

/** Patterns made of parallel or crossing lines. */
final class LinePatterns {
    private LinePatterns() {}

    static Pattern banded(RandomStream r) {
        long seed = r.nextLong();
        double soft = r.nextDouble(0.04, 0.2);
        double thin = r.nextDouble(0.25, 0.6);
        return (u, v, out) -> {
            double w = v + 0.15 * sin(0.5 * v);
            long k = (long) Math.floor(w);
            double edge = step(1 - soft, 1, frac(w));
            double tone = mix(bandTone(k, seed), bandTone(k + 1, seed), edge);
            double inner = line(near(w - 0.5), 0.06 * thin, 0.05) * (hash(k, 9, seed) < 0.4 ? 0.35 : 0);
            out[0] = clamp(tone - inner);
        };
    }

    private static double bandTone(long k, long seed) {
        return ((k & 1) == 0 ? 0.05 : 0.6) + 0.4 * hash(k, 1, seed);
    }

    static Pattern striped(RandomStream r) {
        double duty = r.nextDouble(0.38, 0.62);
        double soft = r.nextDouble(0.06, 0.16);
        return (u, v, out) -> out[0] = step(duty - soft, duty + soft, tri(v));
    }

    static Pattern lined(RandomStream r) {
        double half = r.nextDouble(0.07, 0.13);
        long seed = r.nextLong();
        return (u, v, out) -> {
            double shake = 0.12 * (noise(u * 0.5, Math.floor(v + 0.5), seed) - 0.5);
            double depth = 0.7 + 0.3 * hash((long) Math.floor(v + 0.5), 3, seed);
            out[0] = 0.92 - 0.9 * depth * line(near(v + shake), half, 0.12);
        };
    }

    static Pattern grooved(RandomStream r) {
        double gap = r.nextDouble(0.8, 0.95);
        long seed = r.nextLong();
        return (u, v, out) -> {
            double x = 2 * frac(v) - 1;
            double grain = 0.12 * (noise(u * 0.6, v * 7, seed) - 0.5);
            out[0] = clamp(0.05 + 0.85 * round(x / gap) - 0.22 * x + grain);
        };
    }

    static Pattern pleated(RandomStream r) {
        double turn = r.nextDouble(0.78, 0.9);
        double fan = r.nextDouble(-0.6, 0.6);
        long seed = r.nextLong();
        return (u, v, out) -> {
            double w = v + fan * sin(0.07 * u + 0.11 * v) + 0.1 * sin(0.13 * u);
            double f = frac(w);
            double fold = f < turn ? f / turn : (1 - f) / (1 - turn);
            double depth = 0.75 + 0.25 * hash((long) Math.floor(w), 0, seed);
            out[0] = clamp(0.08 + 0.86 * fold * depth);
        };
    }

    static Pattern stratified(RandomStream r) {
        long seed = r.nextLong();
        double tilt = r.nextDouble(0.25, 0.6);
        return (u, v, out) -> {
            double w = v + tilt * (fractal(u * 0.35, v * 0.25, seed, 3) - 0.5) * 2.2;
            double layer = 0.55 * noise(0.5, w * 1.7, seed + 5) + 0.3 * noise(u * 0.1, w * 4.3, seed + 6);
            double grain = 0.25 * noise(u * 3, w * 8, seed + 7);
            long k = (long) Math.floor(w * 1.3);
            out[0] = clamp(1.3 * (0.65 * layer + 0.35 * hash(k, 2, seed) + grain) - 0.22);
        };
    }

    static Pattern zigzagged(RandomStream r) {
        double height = r.nextDouble(0.5, 1.1);
        double length = r.nextDouble(0.7, 1.1);
        double duty = r.nextDouble(0.4, 0.6);
        double soft = r.nextDouble(0.06, 0.16);
        return (u, v, out) -> out[0] = step(duty - soft, duty + soft, tri(v + height * tri(u * length)));
    }

    static Pattern crosshatched(RandomStream r) {
        long seed = r.nextLong();
        double open = r.nextDouble(0.11, 0.16);
        double half = r.nextDouble(0.08, 0.13);
        double third = r.nextDouble() < 0.4 ? 0.6 : 0;
        double c = cos(open);
        double s = sin(open);
        return (u, v, out) -> {
            double a = stroke(u * c + v * s, u * s - v * c, half, seed);
            double b = stroke(u * c - v * s, u * s + v * c, half, seed + 1);
            double d = third * stroke(v * 0.8, u * 0.8, half, seed + 2);
            out[0] = clamp(0.95 - 0.6 * (a + b) - 0.5 * d);
        };
    }

    private static double stroke(double across, double along, double half, long seed) {
        long k = (long) Math.floor(across + 0.5);
        double ink = step(0.12, 0.4, noise(along * 0.25, k * 3.7, seed));
        double shake = 0.2 * (noise(along * 0.3, k, seed + 9) - 0.5);
        return ink * line(near(across + shake), half, 0.1);
    }

    static Pattern grid(RandomStream r) {
        double half = r.nextDouble(0.04, 0.09);
        double aspect = r.nextDouble(0.85, 1.15);
        return (u, v, out) ->
                out[0] = 0.92 - 0.9 * Math.max(line(near(u * aspect), half, 0.06), line(near(v), half, 0.06));
    }

    static Pattern chequered(RandomStream r) {
        double soft = r.nextDouble(0.04, 0.12);
        return (u, v, out) -> {
            double a = step(0.5 - soft, 0.5 + soft, tri(0.5 * u)) * 2 - 1;
            double b = step(0.5 - soft, 0.5 + soft, tri(0.5 * v)) * 2 - 1;
            out[0] = 0.5 + 0.47 * a * b;
        };
    }

    static Pattern waffled(RandomStream r) {
        double rim = r.nextDouble(0.5, 0.64);
        return (u, v, out) -> {
            double a = 1 - tri(u);
            double b = 1 - tri(v);
            double wall = Math.max(step(rim, 0.9, a), step(rim, 0.9, b));
            double bowl = 0.14 * (2 * frac(u) - 1) + 0.22 * (2 * frac(v) - 1);
            out[0] = clamp(0.22 + (1 - wall) * bowl + 0.7 * wall);
        };
    }

    static Pattern frilly(RandomStream r) {
        long seed = r.nextLong();
        double folds = r.nextDouble(0.9, 1.5);
        return (u, v, out) -> {
            double w = v + 0.2 * sin(u * 0.6) + 0.14 * sin(u * folds + 0.3) + 0.06 * sin(2.7 * u * folds);
            long row = (long) Math.floor(w);
            double f = frac(w);
            double fold = wave(u * folds * 2 + hash(row, 4, seed) + 0.25 * f);
            double rim = line(f - 0.9, 0.03, 0.06);
            out[0] = clamp(0.75 - 0.6 * (1 - step(0, 0.3, f)) - 0.55 * (0.25 + f) * (1 - fold) + 0.7 * rim);
        };
    }

    static Pattern spiralled(RandomStream r) {
        double arms = r.nextDouble() < 0.75 ? 1 : 2;
        double hand = r.nextDouble() < 0.5 ? 1 : -1;
        double duty = r.nextDouble(0.4, 0.6);
        double soft = r.nextDouble(0.1, 0.25);
        return (u, v, out) -> {
            double radius = Math.sqrt(u * u + v * v);
            out[0] = step(duty - soft, duty + soft, tri(radius - hand * arms * angle(u, v)));
        };
    }
}
