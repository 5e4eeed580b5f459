package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.*;

import dev.metaprompt.RandomStream;

/** Patterns of threads, strands and nets that pass over and under each other. */
final class WeavePatterns {
    private static final double THIRD = 1.0 / 3;

    private WeavePatterns() {}

    static Pattern woven(RandomStream r) {
        int strands = 1 + r.nextInt(3);
        double fill = r.nextDouble(0.85, 1.0);
        return (u, v, out) -> {
            boolean across = ((((long) Math.floor(u)) + ((long) Math.floor(v))) & 1) == 0;
            double along = across ? frac(u) : frac(v);
            double side = across ? frac(v) : frac(u);
            double body = round((2 * frac(side * strands) - 1) / fill) * 0.55 + 0.45 * round((2 * side - 1) / fill);
            out[0] = clamp(body * (0.35 + 0.65 * round(1.9 * (along - 0.5))) * (across ? 1 : 0.75));
        };
    }

    static Pattern knitted(RandomStream r) {
        double slope = r.nextDouble(1.0, 1.5);
        double fill = r.nextDouble(0.85, 1.0);
        long seed = r.nextLong();
        return (u, v, out) -> {
            double f = frac(u) - 0.5;
            double side = Math.abs(f);
            double stitch = round((2 * frac(v - slope * side) - 1) / fill);
            double leg = round((4 * side - 1) / 1.02);
            double wool = 0.15 * (noise(u * 6, v * 6, seed) - 0.5);
            out[0] = clamp(stitch * (0.15 + 0.85 * leg) + wool);
        };
    }

    static Pattern braided(RandomStream r) {
        double width = r.nextDouble(0.34, 0.42);
        double pace = r.nextDouble(0.3, 0.4);
        int hairs = 2 + r.nextInt(2);
        return (u, v, out) -> {
            double x = (frac(u * 0.5) - 0.5) * 2;
            double best = -2;
            double tone = 0.04;
            for (int i = 0; i < 3; i++) {
                double t = v * pace + i * THIRD;
                double d = (x - 0.55 * sin(t)) / width;
                double height = sin(2 * t + 0.25);
                if (d > -1 && d < 1 && height > best) {
                    best = height;
                    double hair = 0.85 + 0.15 * sin(d * hairs - 0.25);
                    tone = (0.15 + 0.85 * round(d)) * (0.55 + 0.42 * height) * hair;
                }
            }
            out[0] = clamp(tone);
        };
    }

    static Pattern interlaced(RandomStream r) {
        double half = r.nextDouble(0.2, 0.27);
        double bend = r.nextDouble(0.16, 0.26);
        return (u, v, out) -> {
            double a = v + bend * sin(u * 0.5);
            double b = u + bend * sin(v * 0.5);
            long parity = ((long) Math.floor(a + 0.5) + (long) Math.floor(b + 0.5)) & 1;
            double first = ribbon(near(a), half);
            double second = ribbon(near(b), half);
            double upper = parity == 0 ? first : second;
            double lower = parity == 0 ? second : first;
            out[0] = upper > 0 ? upper : lower > 0 ? lower * 0.8 : 0.12;
        };
    }

    /** A ribbon's tone: dark outline, light body; 0 outside. */
    private static double ribbon(double distance, double half) {
        if (distance > half + 0.09) {
            return 0;
        }
        return 0.02 + 0.93 * line(distance, half - 0.07, 0.07);
    }

    static Pattern meshed(RandomStream r) {
        double half = r.nextDouble(0.1, 0.16);
        double slope = r.nextDouble(0.7, 1.1);
        return (u, v, out) -> {
            double bow = 0.06 * sin(2 * v);
            double a = line(near(u + slope * v + bow), half, 0.1);
            double b = line(near(u - slope * v - bow), half, 0.1);
            double knot = a * b;
            out[0] = clamp(0.08 + 0.7 * Math.max(a, b) + 0.22 * knot);
        };
    }

    static Pattern gauzy(RandomStream r) {
        long seed = r.nextLong();
        double fine = r.nextDouble(5.5, 7.5);
        return (u, v, out) -> {
            double fold = fractal(u * 0.7, v * 0.35, seed, 2);
            double veil = 0.5 + 0.5 * sin(1.3 * fold + 0.6 * u);
            double threads = sin(u * fine + fold) * sin(v * fine - fold);
            out[0] = clamp(0.62 + 0.26 * (veil - 0.5) + 0.12 * threads + 0.2 * (fold - 0.5));
        };
    }

    static Pattern lacelike(RandomStream r) {
        int petals = 5 + r.nextInt(4);
        double size = r.nextDouble(0.3, 0.38);
        double fine = r.nextDouble(5, 7);
        return (u, v, out) -> {
            double shift = (((long) Math.floor(v)) & 1) * 0.5;
            double x = frac(u + shift) - 0.5;
            double y = frac(v) - 0.5;
            double radius = Math.sqrt(x * x + y * y);
            double theta = angle(x, y);
            double leaf = size * (0.75 + 0.25 * cos(petals * theta));
            double outline = line(radius - leaf, 0.03, 0.04);
            double inside = line(radius - 0.5 * leaf, 0.015, 0.03) + line(radius, 0.05, 0.03);
            double net = radius > leaf
                    ? 0.7
                            * Math.max(
                                    line(near((u + v) * fine / 2), 0.09, 0.12),
                                    line(near((u - v) * fine / 2), 0.09, 0.12))
                    : 0.45 * step(0.5, 0.9, cos(petals * theta));
            out[0] = clamp(0.06 + Math.max(net, 0.92 * Math.max(outline, inside)));
        };
    }

    static Pattern matted(RandomStream r) {
        long seed = r.nextLong();
        double turn = r.nextDouble();
        return (u, v, out) -> {
            double best = 0;
            for (int i = 0; i < 4; i++) {
                double c = cos(turn + i * 0.137);
                double s = sin(turn + i * 0.137);
                double bend = 0.5 * noise(u * 0.5, v * 0.5, seed + 20 + i);
                double hair = noise((u * c + v * s) * 0.45 + i * 3.3, (v * c - u * s) * 2.6 + bend * 2, seed + i);
                double lit = (0.55 + 0.15 * i) * step(0.55, 0.85, hair);
                best = Math.max(best, lit);
            }
            out[0] = clamp(0.12 + 0.85 * best);
        };
    }
}
