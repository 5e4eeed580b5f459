package dev.metaprompt.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A sentence about an experiment that its figures can bear out or refute.
 *
 * @param id a short name
 * @param sentence what is claimed, for people
 * @param source where it stands
 * @param experiment the matrix it is judged on
 * @param first the group it is about, by labels
 * @param second the group it is compared with, by labels
 * @param figure the first group's figure
 * @param secondFigure the second group's figure
 * @param relation what is claimed of first minus second
 * @param margin in points, at least 0: by how much at least (greater, less) or at most (close)
 * @param origin where it was written, as the user knows it
 */
public record Claim(
        String id,
        String sentence,
        String source,
        String experiment,
        Map<String, String> first,
        Map<String, String> second,
        Figure figure,
        Figure secondFigure,
        Relation relation,
        double margin,
        String origin) {
    /** What is claimed of the difference d of first and second. */
    public enum Relation {
        /** d &gt; margin. */
        GREATER,
        /** d &lt; −margin. */
        LESS,
        /** −margin &lt; d &lt; margin. */
        CLOSE
    }

    /** Copies the maps; refuses a negative margin. */
    public Claim {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(relation, "relation");
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("margin " + margin);
        }
        first = Collections.unmodifiableMap(new LinkedHashMap<>(first));
        second = Collections.unmodifiableMap(new LinkedHashMap<>(second));
    }
}
