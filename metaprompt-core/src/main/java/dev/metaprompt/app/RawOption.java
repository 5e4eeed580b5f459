package dev.metaprompt.app;

import java.util.Objects;

/**
 * One option as the user wrote it, before it is checked.
 *
 * @param key the flat dotted key without the prefix {@code metaprompt.}, for example {@code loss.klWeight}
 * @param value the text given
 * @param layer where it ranks
 * @param origin where it was written, as the user would name it, for example {@code -Dway} or
 *     {@code <configuration> of /home/me/pom.xml}
 */
public record RawOption(String key, String value, Layer layer, String origin) {
    /** Where an option ranks; a later layer beats an earlier one. */
    public enum Layer {
        /** The POM: {@code <properties>} and the plugin's {@code <configuration>}. */
        POM,
        /** The command line: {@code -Dmetaprompt.<key>} or one of the six bare properties. */
        USER
    }

    /** Refuses missing parts. */
    public RawOption {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(origin, "origin");
    }
}
