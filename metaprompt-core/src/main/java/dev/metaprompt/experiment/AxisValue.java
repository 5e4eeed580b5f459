package dev.metaprompt.experiment;

import java.util.List;
import java.util.Objects;

/**
 * One place on an axis.
 *
 * @param label how tables name it; for an axis that is a key, the value itself
 * @param settings what it sets; may be empty
 */
public record AxisValue(String label, List<Assignment> settings) {
    /** Copies the settings. */
    public AxisValue {
        Objects.requireNonNull(label, "label");
        settings = List.copyOf(settings);
    }
}
