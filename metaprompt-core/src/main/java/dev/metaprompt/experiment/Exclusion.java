package dev.metaprompt.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Cells that are left out.
 *
 * @param where labels by axis: a cell is left out if on each of these axes it has one of the labels
 * @param origin where it stands, as the user knows it
 */
public record Exclusion(Map<String, List<String>> where, String origin) {
    /** Copies the map. */
    public Exclusion {
        Objects.requireNonNull(origin, "origin");
        Map<String, List<String>> copy = new LinkedHashMap<>();
        where.forEach((axis, labels) -> copy.put(axis, List.copyOf(labels)));
        where = copy;
    }

    /**
     * Tells whether a cell is left out.
     *
     * @param coordinates label by axis
     * @return whether all conditions hold; an axis that the cell is not on never holds
     */
    public boolean matches(Map<String, String> coordinates) {
        return where.entrySet().stream()
                .allMatch(
                        condition -> condition.getValue().contains(coordinates.getOrDefault(condition.getKey(), "\0")));
    }
}
