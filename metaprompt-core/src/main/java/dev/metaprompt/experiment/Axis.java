package dev.metaprompt.experiment;

import java.util.List;
import java.util.Objects;

/**
 * A direction of a matrix: a key and its values, or a name and named sets of keys.
 *
 * @param name a key such as {@code way}, or a name such as {@code variant}
 * @param values at least one, labels all different
 * @param origin where it stands, as the user knows it
 */
public record Axis(String name, List<AxisValue> values, String origin) {
    /** Copies the values. */
    public Axis {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(origin, "origin");
        values = List.copyOf(values);
    }
}
