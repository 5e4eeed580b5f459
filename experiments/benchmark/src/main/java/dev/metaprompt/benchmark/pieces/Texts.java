package dev.metaprompt.benchmark.pieces;

/** Made-up class names of two words. */
final class Texts {
    private static final String[] FIRST = {"red", "green", "blue", "small", "large", "old", "dark", "striped"};
    private static final String[] SECOND = {"field", "bridge", "flower", "stone", "river", "cloth", "tower", "leaf"};

    private Texts() {}

    static String className(int index) {
        return FIRST[index % FIRST.length] + " " + SECOND[index / FIRST.length % SECOND.length];
    }
}
