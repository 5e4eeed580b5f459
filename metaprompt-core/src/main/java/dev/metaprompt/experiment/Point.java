package dev.metaprompt.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in a matrix: what stands there, not yet checked against the table of keys.
 *
 * @param coordinates label by axis, in the order of the axes
 * @param settings the matrix's own settings, then those of each axis; of two for one key the later one counts
 */
public record Point(Map<String, String> coordinates, List<Assignment> settings) {
    /** Copies both. */
    public Point {
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
        settings = List.copyOf(settings);
    }
}
