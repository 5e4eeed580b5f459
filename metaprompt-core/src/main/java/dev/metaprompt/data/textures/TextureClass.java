package dev.metaprompt.data.textures;

import dev.metaprompt.RandomStream;
import java.util.List;
import java.util.function.Function;

/**
 * One of the 47 classes: a distribution over patterns with its usual scale and direction.
 *
 * @param name the class's name, as in the Describable Textures Dataset
 * @param finest smallest period in pixels of a 64-pixel image
 * @param coarsest largest period in pixels
 * @param turn how far the direction may deviate from upright, in turns (0.5 = any direction)
 * @param centred whether the pattern has a centre, which then lies in the image
 * @param invertible whether light and dark may change places
 * @param relief how strongly slopes of the tone catch side light, 0..1
 * @param pattern draws one pattern of the class
 */
record TextureClass(
        String name,
        double finest,
        double coarsest,
        double turn,
        boolean centred,
        boolean invertible,
        double relief,
        Function<RandomStream, Pattern> pattern) {

    /** All classes, sorted by name; the position is the label. */
    static final List<TextureClass> ALL = List.of(
            of("banded", 14, 24, 0.08, 0, LinePatterns::banded),
            of("blotchy", 12, 22, 0.5, 0, OrganicPatterns::blotchy),
            fixed("braided", 10, 15, 0.06, 0.3, WeavePatterns::braided),
            fixed("bubbly", 11, 18, 0.02, 0, DotPatterns::bubbly),
            fixed("bumpy", 8, 14, 0.1, 0.4, DotPatterns::bumpy),
            of("chequered", 7, 14, 0.06, 0, LinePatterns::chequered),
            new TextureClass("cobwebbed", 7, 11, 0.5, true, false, 0, CellPatterns::cobwebbed),
            fixed("cracked", 14, 24, 0.5, 0.2, CellPatterns::cracked),
            of("crosshatched", 6, 9, 0.07, 0, LinePatterns::crosshatched),
            fixed("crystalline", 11, 20, 0.5, 0, CellPatterns::crystalline),
            of("dotted", 6, 10, 0.5, 0, DotPatterns::dotted),
            fixed("fibrous", 5, 9, 0.5, 0.3, OrganicPatterns::fibrous),
            of("flecked", 3.5, 5.5, 0.5, 0, DotPatterns::flecked),
            fixed("freckled", 6, 11, 0.5, 0, DotPatterns::freckled),
            fixed("frilly", 14, 20, 0.1, 0.3, LinePatterns::frilly),
            fixed("gauzy", 20, 32, 0.12, 0, WeavePatterns::gauzy),
            of("grid", 8, 16, 0.06, 0, LinePatterns::grid),
            fixed("grooved", 6, 11, 0.5, 0.5, LinePatterns::grooved),
            of("honeycombed", 9, 15, 0.5, 0.2, CellPatterns::honeycombed),
            fixed("interlaced", 13, 20, 0.5, 0.2, WeavePatterns::interlaced),
            fixed("knitted", 9, 14, 0.05, 0.3, WeavePatterns::knitted),
            fixed("lacelike", 19, 28, 0.06, 0, WeavePatterns::lacelike),
            of("lined", 5, 9, 0.5, 0, LinePatterns::lined),
            of("marbled", 14, 24, 0.5, 0, OrganicPatterns::marbled),
            fixed("matted", 6, 10, 0.5, 0.3, WeavePatterns::matted),
            fixed("meshed", 6, 11, 0.05, 0.2, WeavePatterns::meshed),
            of("paisley", 18, 28, 0.5, 0, CellPatterns::paisley),
            fixed("perforated", 7, 11, 0.06, 0.2, DotPatterns::perforated),
            fixed("pitted", 6, 11, 0.5, 0.5, DotPatterns::pitted),
            fixed("pleated", 9, 15, 0.5, 0.2, LinePatterns::pleated),
            of("polka-dotted", 13, 20, 0.1, 0, DotPatterns::polkaDotted),
            fixed("porous", 9, 15, 0.5, 0.2, DotPatterns::porous),
            fixed("potholed", 24, 38, 0.04, 0.3, DotPatterns::potholed),
            fixed("scaly", 11, 17, 0.06, 0.1, CellPatterns::scaly),
            of("smeared", 12, 20, 0.5, 0, OrganicPatterns::smeared),
            new TextureClass("spiralled", 8, 14, 0.5, true, true, 0, LinePatterns::spiralled),
            fixed("sprinkled", 6, 10, 0.5, 0, DotPatterns::sprinkled),
            fixed("stained", 20, 32, 0.5, 0, OrganicPatterns::stained),
            of("stratified", 10, 17, 0.07, 0.2, LinePatterns::stratified),
            of("striped", 7, 13, 0.5, 0, LinePatterns::striped),
            fixed("studded", 11, 17, 0.04, 0, DotPatterns::studded),
            of("swirly", 11, 17, 0.5, 0, OrganicPatterns::swirly),
            of("veined", 14, 24, 0.5, 0, OrganicPatterns::veined),
            fixed("waffled", 10, 16, 0.06, 0.5, LinePatterns::waffled),
            fixed("woven", 8, 14, 0.08, 0.2, WeavePatterns::woven),
            fixed("wrinkled", 10, 16, 0.5, 0.5, OrganicPatterns::wrinkled),
            of("zigzagged", 10, 17, 0.5, 0, LinePatterns::zigzagged));

    private static TextureClass of(
            String name,
            double finest,
            double coarsest,
            double turn,
            double relief,
            Function<RandomStream, Pattern> p) {
        return new TextureClass(name, finest, coarsest, turn, false, true, relief, p);
    }

    private static TextureClass fixed(
            String name,
            double finest,
            double coarsest,
            double turn,
            double relief,
            Function<RandomStream, Pattern> p) {
        return new TextureClass(name, finest, coarsest, turn, false, false, relief, p);
    }
}
