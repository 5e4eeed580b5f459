package dev.metaprompt.data.textures;

import dev.metaprompt.RandomStream;

/**
 * Three colours from dark to light, RGB in 0..1, and where they lie.
 *
 * @param dark colour of tone 0
 * @param middle colour of tone 0.5
 * @param light colour of tone 1
 * @param hue hue of the lighter half, in turns
 * @param saturation saturation of the lighter half, 0..1
 * @param value brightness of the middle colour, 0..1
 */
record Palette(double[] dark, double[] middle, double[] light, double hue, double saturation, double value) {
    private static final String[] HUES = {
        "red", "orange", "yellow", "green", "green", "teal", "blue", "blue", "purple", "pink", "red"
    };

    /** Draws a palette of the class's family, which is a function of the generator's seed and the class. */
    static Palette ofFamily(long generatorSeed, int label, double strength, RandomStream r) {
        RandomStream family = RandomStream.of(generatorSeed, "palette family", label);
        double hue = family.nextDouble() + 0.03 * r.nextGaussian();
        double shift = family.nextDouble(-0.2, 0.2) + 0.02 * r.nextGaussian();
        double saturation = family.nextDouble(0.15, 0.75) + 0.06 * r.nextGaussian();
        double bright = family.nextDouble(0.6, 1.0) + 0.05 * r.nextGaussian();
        return of(hue, shift, saturation * strength, bright, r);
    }

    /** Draws any palette; one in five is nearly grey. */
    static Palette any(double strength, RandomStream r) {
        double saturation = r.nextDouble() < 0.2 ? r.nextDouble(0, 0.08) : r.nextDouble(0.15, 0.8);
        return of(r.nextDouble(), r.nextDouble(-0.25, 0.25), saturation * strength, r.nextDouble(0.6, 1.0), r);
    }

    private static Palette of(double hue, double shift, double saturation, double bright, RandomStream r) {
        double s = Field.clamp(saturation);
        double[] dark = rgb(hue + shift, Math.min(1, s * 1.15), bright * r.nextDouble(0.12, 0.38));
        double[] middle = rgb(hue + 0.5 * shift, s, bright * r.nextDouble(0.5, 0.68));
        double[] light = rgb(hue, s * r.nextDouble(0.3, 0.8), Math.min(1, bright * r.nextDouble(0.9, 1.05)));
        return new Palette(dark, middle, light, hue - Math.floor(hue), s, bright);
    }

    /** Colour of hue (turns), saturation and value. */
    static double[] rgb(double hue, double saturation, double value) {
        double[] c = new double[3];
        for (int i = 0; i < 3; i++) {
            double d = Math.abs(6 * Field.frac(hue + (3 - i) % 3 / 3.0) - 3) - 1;
            c[i] = value * (1 - saturation + saturation * Field.clamp(d));
        }
        return c;
    }

    /** The palette's name in everyday words. */
    String colorName() {
        if (saturation < 0.1) {
            return "gray";
        }
        String name = HUES[(int) (hue * HUES.length * 0.99999)];
        return name.equals("orange") && value < 0.8 ? "brown" : name;
    }

    /** Writes the colour of a tone (0..1) to {@code rgb}. */
    void shade(double tone, double[] rgb) {
        boolean low = tone < 0.5;
        double t = low ? 2 * tone : 2 * tone - 1;
        double[] from = low ? dark : middle;
        double[] to = low ? middle : light;
        for (int i = 0; i < 3; i++) {
            rgb[i] = from[i] + (to[i] - from[i]) * t;
        }
    }
}
