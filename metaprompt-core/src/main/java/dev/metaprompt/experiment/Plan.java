package dev.metaprompt.experiment;

import java.util.List;
import java.util.Objects;

/**
 * What an experiment computes: the content of {@code experiment.json} in its folder.
 *
 * @param name the experiment's name, which names its folder
 * @param title one line for people
 * @param id SHA-256, in lower-case hexadecimal, of the name and the cells' ids in order: the same matrix on the same
 *     data and model has the same one
 * @param options what the user set for all cells, without places and machine; stronger than the cells' own settings
 * @param compare how its groups are compared
 * @param cells in the matrix's order, ids all different
 */
public record Plan(
        String name, String title, String id, List<Assignment> options, Comparison compare, List<Cell> cells) {
    /** Copies the lists. */
    public Plan {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(compare, "compare");
        options = List.copyOf(options);
        cells = List.copyOf(cells);
    }
}
