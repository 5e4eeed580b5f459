package dev.metaprompt.data.textures;

/**
 * What textures are shown with. Two styles over the same classes are two data sets.
 *
 * @param name names the style in random streams
 * @param finest factor on a class's smallest period
 * @param coarsest factor on a class's largest period
 * @param warp largest displacement by low-frequency noise, in pixels
 * @param noise largest standard deviation of the pixel noise, in 0..1
 * @param light largest strength of uneven lighting, 0..1
 * @param blur largest weight of a 3×3 mean, 0..1
 * @param contrast smallest factor on a pattern's contrast, 0..1
 * @param invert probability that light and dark change places, where the class allows it
 * @param family probability that an image takes its class's own family of colours
 * @param saturation factor on the colours' saturation
 */
public record TextureStyle(
        String name,
        double finest,
        double coarsest,
        double warp,
        double noise,
        double light,
        double blur,
        double contrast,
        double invert,
        double family,
        double saturation) {

    /** The benchmark: as photographs are, with colours that go along with the class four times in five. */
    public static final TextureStyle BENCHMARK =
            new TextureStyle("benchmark", 0.75, 1.5, 6, 0.1, 0.6, 0.9, 0.4, 0.35, 0.8, 0.8);

    /** Pretraining: as drawings are, more regular, brighter, of any colour. */
    public static final TextureStyle DRAWN =
            new TextureStyle("drawn", 0.75, 1.15, 3.5, 0.05, 0.35, 0.9, 0.55, 0.3, 0, 1.15);
}
