package dev.metaprompt.plugin;

/**
 * One option as the user wrote it; the child has a record of the same shape.
 *
 * @param key the flat dotted key without {@code metaprompt.}
 * @param value the text
 * @param layer {@code POM} or {@code USER}
 * @param origin where it was written
 */
record RawOption(String key, String value, String layer, String origin) {
    static RawOption pom(String key, String value, String origin) {
        return new RawOption(key, value, "POM", origin);
    }

    static RawOption user(String key, String value, String origin) {
        return new RawOption(key, value, "USER", origin);
    }
}
