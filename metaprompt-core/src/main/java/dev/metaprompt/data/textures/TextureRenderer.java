package dev.metaprompt.data.textures;

import static dev.metaprompt.data.textures.Field.clamp;
import static dev.metaprompt.data.textures.Field.fractal;
import static dev.metaprompt.data.textures.Field.mix;

import dev.metaprompt.RandomStream;
import java.util.List;

/**
 * Renders textures. An image is a function of style, generator seed, class and index: neither threads nor the order
 * of rendering matter.
 */
public final class TextureRenderer {
    /** Width and height of an image in pixels. */
    public static final int SIZE = 64;

    private static final int PIXELS = SIZE * SIZE;
    private final TextureStyle style;
    private final long seed;

    /**
     * Creates a renderer.
     *
     * @param style what the textures are shown with
     * @param generatorSeed seed of everything random
     */
    public TextureRenderer(TextureStyle style, long generatorSeed) {
        this.style = style;
        this.seed = generatorSeed;
    }

    /**
     * Returns the names of the classes.
     *
     * @return 47 names, sorted; the position is the label
     */
    public static List<String> classNames() {
        return TextureClass.ALL.stream().map(TextureClass::name).toList();
    }

    /**
     * Renders one image.
     *
     * @param label class index, 0..46
     * @param index number of the image within its class, at least 0
     * @return the image
     */
    public Texture render(int label, long index) {
        RandomStream r = RandomStream.of(seed, "texture " + style.name(), label, index);
        TextureClass kind = TextureClass.ALL.get(label);
        boolean own = r.nextDouble() < style.family();
        Palette palette =
                own ? Palette.ofFamily(seed, label, style.saturation(), r) : Palette.any(style.saturation(), r);
        double[] tone = new double[PIXELS];
        double[] accent = new double[PIXELS];
        double coarseness = drawPattern(kind, r, tone, accent);
        if (kind.invertible() && r.nextDouble() < style.invert()) {
            for (int i = 0; i < PIXELS; i++) {
                tone[i] = 1 - tone[i];
            }
        }
        blur(tone, r.nextDouble() * style.blur());
        return new Texture(label, paint(kind, r, palette, tone, accent), palette.colorName(), coarseness);
    }

    /** Samples one pattern of the class, scaled, turned, shifted and warped; returns the coarseness. */
    private double drawPattern(TextureClass kind, RandomStream r, double[] tone, double[] accent) {
        Pattern pattern = kind.pattern().apply(r);
        double low = kind.finest() * style.finest();
        double high = kind.coarsest() * style.coarsest();
        double period = r.nextDouble(low, high);
        double turn = kind.turn() * r.nextDouble(-1, 1);
        double shiftU = kind.centred() ? r.nextDouble(-1.2, 1.2) : r.nextDouble(-50, 50);
        double shiftV = kind.centred() ? r.nextDouble(-1.2, 1.2) : r.nextDouble(-50, 50);
        double warp = style.warp() * r.nextDouble() * r.nextDouble() * 2;
        double stretch = r.nextDouble(0.9, 1.1);
        long seedX = r.nextLong();
        long seedY = r.nextLong();
        double c = Field.cos(turn) / period;
        double s = Field.sin(turn) / period;
        double[] out = new double[2];
        for (int i = 0; i < PIXELS; i++) {
            double x = i % SIZE - 31.5;
            double y = i / SIZE - 31.5;
            double dx = x + warp * 2 * (Field.noise(x / 21, y / 21, seedX) - 0.5);
            double dy = y + warp * 2 * (Field.noise(x / 21, y / 21, seedY) - 0.5);
            out[1] = 0;
            pattern.at(shiftU + (c * dx + s * dy) * stretch, shiftV + c * dy - s * dx, out);
            tone[i] = out[0];
            accent[i] = out[1];
        }
        return (period - kind.finest()) / (kind.coarsest() - kind.finest());
    }

    /** Mixes the tone with its 3×3 mean. */
    private static void blur(double[] tone, double weight) {
        double[] source = tone.clone();
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                double sum = 0;
                for (int dy = -1; dy <= 1; dy++) {
                    int row = inside(y + dy) * SIZE;
                    sum += source[row + inside(x - 1)] + source[row + x] + source[row + inside(x + 1)];
                }
                tone[y * SIZE + x] = mix(source[y * SIZE + x], sum / 9, weight);
            }
        }
    }

    private static int inside(int i) {
        return Math.max(0, Math.min(SIZE - 1, i));
    }

    private byte[] paint(TextureClass kind, RandomStream r, Palette palette, double[] tone, double[] accent) {
        double contrast = r.nextDouble(style.contrast(), 1);
        double middle = r.nextDouble(0.42, 0.58);
        double turn = r.nextDouble();
        double lightX = Field.cos(turn);
        double lightY = Field.sin(turn);
        double relief = kind.relief() * r.nextDouble(0.5, 1);
        double uneven = style.light() * r.nextDouble();
        double grain = style.noise() * r.nextDouble();
        double clouds = 0.25 * r.nextDouble();
        long cloudSeed = r.nextLong();
        byte[] rgb = new byte[PIXELS * 3];
        double[] color = new double[3];
        for (int i = 0; i < PIXELS; i++) {
            int x = i % SIZE;
            int y = i / SIZE;
            palette.shade(clamp(middle + contrast * (tone[i] - 0.5)), color);
            if (accent[i] >= 1) {
                accented(accent[i] - 1, palette, color);
            }
            double slopeX = tone[y * SIZE + inside(x + 1)] - tone[y * SIZE + inside(x - 1)];
            double slopeY = tone[inside(y + 1) * SIZE + x] - tone[inside(y - 1) * SIZE + x];
            double light = 1 + relief * (lightX * slopeX + lightY * slopeY);
            light *= 1 + uneven * (lightX * (x - 31.5) + lightY * (y - 31.5)) / 45;
            light *= 1 + clouds * (fractal(x / 25.0, y / 25.0, cloudSeed, 2) - 0.5);
            double shared = gaussianLike(r);
            for (int k = 0; k < 3; k++) {
                double value = color[k] * light + grain * (0.8 * shared + 0.4 * gaussianLike(r));
                rgb[3 * i + k] = (byte) (int) (255 * clamp(value) + 0.5);
            }
        }
        return rgb;
    }

    private static void accented(double hue, Palette palette, double[] color) {
        double[] vivid = Palette.rgb(hue + palette.hue(), 0.75, 0.9);
        for (int k = 0; k < 3; k++) {
            color[k] = mix(color[k], vivid[k], 0.85);
        }
    }

    /** A random number of mean 0 and variance 1 that costs one draw: the sum of four uniform ones. */
    private static double gaussianLike(RandomStream r) {
        long bits = r.nextLong();
        long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum - 131070) * (1.7320508 / 65536);
    }
}
