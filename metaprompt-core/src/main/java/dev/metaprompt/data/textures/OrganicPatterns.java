package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.*;

import dev.metaprompt.RandomStream;

/** Patterns of noise: stone, hair, paint, folds. */
final class OrganicPatterns {
    private OrganicPatterns() {}

    static Pattern blotchy(RandomStream r) {
        long seed = r.nextLong();
        double cut = r.nextDouble(0.44, 0.54);
        return (u, v, out) -> {
            double a = step(cut - 0.06, cut + 0.06, fractal(u, v, seed, 3));
            double b = step(cut - 0.05, cut + 0.1, fractal(u * 1.4, v * 1.4, seed + 11, 2));
            out[0] = clamp(0.15 + 0.5 * a + 0.3 * b);
        };
    }

    static Pattern fibrous(RandomStream r) {
        long seed = r.nextLong();
        double sway = r.nextDouble(0.3, 0.9);
        return (u, v, out) -> {
            double w = v + sway * (noise(u * 0.25, v * 0.4, seed + 5) - 0.5);
            double coarse = noise(u * 0.12, w * 1.1, seed);
            double fine = noise(u * 0.2, w * 2.7, seed + 1);
            double hair = ridge(u * 0.22, w * 1.8, seed + 2, 1);
            out[0] = clamp(0.9 * (0.35 * coarse + 0.35 * fine + 0.5 * hair * hair * hair));
        };
    }

    static Pattern marbled(RandomStream r) {
        long seed = r.nextLong();
        double turbulence = r.nextDouble(1.4, 2.4);
        return (u, v, out) -> {
            double flow = fractal(u * 0.7, v * 0.7, seed, 4);
            double vein = Math.abs(sin(0.35 * v + turbulence * flow));
            double cloud = fractal(u * 0.5, v * 0.5, seed + 21, 3);
            out[0] = clamp(0.1 + 0.75 * Math.sqrt(vein) + 0.35 * (cloud - 0.5));
        };
    }

    static Pattern smeared(RandomStream r) {
        long seed = r.nextLong();
        double curl = r.nextDouble(-0.06, 0.06);
        return (u, v, out) -> {
            double w = v + curl * u * u;
            double stroke = noise(u * 0.3, w * 1.5, seed);
            double bristle = noise(u * 0.15, w * 6, seed + 1);
            double cover = step(0.35, 0.65, noise(u * 0.55 + 0.8 * bristle, w * 0.5, seed + 2));
            out[0] = clamp(0.1 + 0.55 * cover * (0.5 + 0.5 * stroke) + 0.25 * stroke + 0.16 * bristle);
        };
    }

    static Pattern stained(RandomStream r) {
        long seed = r.nextLong();
        double depth = r.nextDouble(0.3, 0.5);
        double[] cell = new double[5];
        return (u, v, out) -> {
            double paper = 0.86 + 0.12 * (noise(u * 5, v * 5, seed + 9) - 0.5);
            double dark = 0;
            for (int i = 0; i < 2; i++) {
                double wobble = 0.5 * (fractal(u * 1.6, v * 1.6, seed + 3 + i, 3) - 0.5);
                cells(u + 0.37 * i, v + 0.61 * i, seed + i, 0.8, cell);
                double radius = 0.2 + 0.25 * cell[2];
                double d = cell[0] + 0.5 * wobble;
                double rim = line(d - radius, 0.02, 0.05);
                dark = Math.max(dark, depth * (0.55 * line(d, radius - 0.02, 0.05) + 0.75 * rim));
            }
            out[0] = clamp(paper - dark);
        };
    }

    static Pattern swirly(RandomStream r) {
        long seed = r.nextLong();
        double strength = r.nextDouble(0.45, 0.75);
        double[] cell = new double[5];
        return (u, v, out) -> {
            cells(u * 0.5, v * 0.5, seed, 0.6, cell);
            double d = cell[0] * 2;
            double fall = clamp(1 - d / 1.5);
            double turn = (cell[2] < 0.5 ? 1 : -1) * strength * 2 * fall * fall;
            double c = cos(turn);
            double s = sin(turn);
            double x = 2 * (cell[3] * c - cell[4] * s);
            double y = 2 * (cell[3] * s + cell[4] * c);
            double flow = 0.4 * noise(u * 0.6, v * 0.6, seed + 4);
            out[0] = step(0.25, 0.75, tri(y * 1.2 + 0.12 * x + flow + cell[2]));
        };
    }

    static Pattern veined(RandomStream r) {
        long seed = r.nextLong();
        double sharp = r.nextDouble(0.86, 0.91);
        double side = r.nextDouble(0.5, 0.8);
        return (u, v, out) -> {
            double wu = u + 0.6 * (noise(u * 0.8, v * 0.8, seed + 7) - 0.5);
            double wv = v + 0.6 * (noise(u * 0.8, v * 0.8, seed + 8) - 0.5);
            double main = step(sharp, 0.99, ridge(wu * 0.55, wv * 0.55, seed, 2));
            double twig = side * step(sharp, 1, ridge(wu * 1.5, wv * 1.5, seed + 3, 1));
            double ground = 0.25 + 0.3 * fractal(u * 0.6, v * 0.6, seed + 5, 2);
            out[0] = clamp(ground + 0.6 * Math.max(main, twig));
        };
    }

    static Pattern wrinkled(RandomStream r) {
        long seed = r.nextLong();
        return (u, v, out) -> {
            double wu = u + 1.1 * (fractal(u * 0.6, v * 0.6, seed + 7, 2) - 0.5);
            double wv = v + 1.1 * (fractal(u * 0.6, v * 0.6, seed + 9, 2) - 0.5);
            double crease = ridge(wu * 0.45, wv * 1.1, seed, 2);
            double small = ridge(wu * 1.3, wv * 0.9, seed + 3, 2);
            double slope = noise(wu * 0.45, wv * 1.1 + 0.25, seed) - noise(wu * 0.45, wv * 1.1 - 0.25, seed);
            out[0] = clamp(0.62 + 1.3 * slope - 0.6 * step(0.72, 0.98, crease) - 0.3 * step(0.75, 1, small));
        };
    }
}
