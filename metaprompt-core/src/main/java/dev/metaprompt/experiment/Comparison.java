package dev.metaprompt.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the groups of a matrix are compared. A group is the cells that differ in replicate axes alone.
 *
 * @param reference labels by axis of the groups that the others are compared with: each with the one of these labels
 *     that has its own labels on the other axes, so that methods are compared on the same dataset; empty for the first
 *     group of the matrix
 * @param over the replicate axes, for example {@code seed} and {@code dataset.seed}: pairs have equal labels there
 */
public record Comparison(Map<String, String> reference, List<String> over) {
    /** Copies both. */
    public Comparison {
        reference = Collections.unmodifiableMap(new LinkedHashMap<>(reference));
        over = List.copyOf(over);
    }
}
