package dev.metaprompt.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One training of an experiment.
 *
 * @param number its place in the plan, from 0
 * @param id SHA-256, in lower-case hexadecimal, of all that decides its result: the resolved configuration without
 *     places and machine, the model's weights, the data
 * @param folder the name of its run directory below the experiment's folder
 * @param queue {@code gpu} or {@code cpu}: the kind of machine that computes it
 * @param coordinates label by axis, in the order of the axes
 * @param settings what the matrix sets for it; of two for one key the later one counts
 */
public record Cell(
        int number,
        String id,
        String folder,
        String queue,
        Map<String, String> coordinates,
        List<Assignment> settings) {
    /** Copies the collections. */
    public Cell {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(queue, "queue");
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
        settings = List.copyOf(settings);
    }
}
