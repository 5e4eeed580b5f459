package dev.metaprompt.config;

import java.util.List;
import java.util.Objects;

/**
 * A value somebody gave a key, as written.
 *
 * @param key the key's name as written, not yet known to exist
 * @param value a {@link String} as written, or for a YAML list a {@link List} of strings
 * @param origin where it was written, for example {@code -Dway} or {@code a.yaml, key train.epochs}
 */
public record Setting(String key, Object value, String origin) {
    /** Refuses missing parts and other kinds of value. */
    public Setting {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(origin, "origin");
        if (!(value instanceof String) && !(value instanceof List)) {
            throw new IllegalArgumentException("neither text nor list: " + value);
        }
    }
}
