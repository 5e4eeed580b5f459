package dev.metaprompt.data.textures;

/** A field in the plane; one unit is one period of the pattern. Used by one thread: it may own scratch memory. */
@FunctionalInterface
interface Pattern {
    /**
     * Evaluates the field.
     *
     * @param u first coordinate in periods
     * @param v second coordinate in periods
     * @param out receives the tone in 0..1 (dark to light) at 0; may receive at 1 an accent colour in 1..2 (its
     *     fraction is the hue), 0 meaning none
     */
    void at(double u, double v, double[] out);
}
