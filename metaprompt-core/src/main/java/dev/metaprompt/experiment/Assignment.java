package dev.metaprompt.experiment;

import java.util.Objects;

/**
 * A key and the text it is given.
 *
 * @param key flat dotted name, for example {@code loss.klWeight}
 * @param value the text as written
 * @param origin where it stands, as the user knows it, for example {@code n-way.yaml line 7}
 */
public record Assignment(String key, String value, String origin) {
    /** Refuses missing parts. */
    public Assignment {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
    }
}
