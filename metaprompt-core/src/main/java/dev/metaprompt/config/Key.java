package dev.metaprompt.config;

import java.util.Objects;
import java.util.Optional;

/**
 * One option: a row of the table of keys.
 *
 * @param name flat dotted name, for example {@code train.learningRate}
 * @param group what it is about
 * @param type the kind of value
 * @param defaultValue the value it has when nobody sets it, of the type's Java class; empty if it is then unset
 * @param allowedValues what it accepts
 * @param meaning one sentence for users
 * @param bare whether {@code -D<name>} works beside {@code -Dmetaprompt.<name>}
 */
public record Key(
        String name,
        Group group,
        Type type,
        Optional<Object> defaultValue,
        Allowed allowedValues,
        String meaning,
        boolean bare) {
    /** Refuses missing parts. */
    public Key {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultValue, "defaultValue");
        Objects.requireNonNull(allowedValues, "allowedValues");
        Objects.requireNonNull(meaning, "meaning");
    }

    /**
     * Returns what the key accepts, for people.
     *
     * @return for example {@code an integer from 2 to 10000}
     */
    public String allowed() {
        return allowedValues.text();
    }

    /** Returns whether a value of the type's Java class is accepted. */
    boolean accepts(Object value) {
        return allowedValues.test().test(value);
    }

    /**
     * Returns the Maven property that sets the key.
     *
     * @return {@code metaprompt.<name>}
     */
    public String property() {
        return "metaprompt." + name;
    }
}
