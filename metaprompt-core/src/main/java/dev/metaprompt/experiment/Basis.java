package dev.metaprompt.experiment;

import java.util.List;
import java.util.Optional;

/**
 * What a claim was judged on.
 *
 * @param cells how many cells it is about
 * @param missing those of them that lack its figure
 * @param units how many independent units there are differences of
 * @param uneven labels of those among them that lack some of their pairs: their means are over fewer than planned, and
 *     weigh the same
 */
public record Basis(int cells, List<Cell> missing, int units, List<String> uneven) {
    /** Copies the lists. */
    public Basis {
        missing = List.copyOf(missing);
        uneven = List.copyOf(uneven);
    }

    /**
     * Returns what a verdict must not be read without.
     *
     * @return for example {@code without 1 of 12 cells, 1 of 3 units uneven}; nothing if no cell is missing
     */
    public Optional<String> note() {
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("without " + missing.size() + " of " + cells + " cells"
                        + (uneven.isEmpty() ? "" : ", " + uneven.size() + " of " + units + " units uneven"));
    }
}
