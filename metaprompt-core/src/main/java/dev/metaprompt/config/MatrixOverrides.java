package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Axis;
import dev.metaprompt.experiment.AxisValue;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Exclusion;
import dev.metaprompt.experiment.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the command line says instead of a matrix's axes. */
public final class MatrixOverrides {
    private static final String SEED = "seed";

    private MatrixOverrides() {}

    /**
     * Gives the axis {@code seed} other values, or adds it as the fastest axis.
     *
     * @param matrix a matrix
     * @param seeds {@code 1..5} or {@code 1,2,7}
     * @param origin where they were written
     * @return the matrix with these seeds
     * @throws InvalidInputException if they are no rising range, or one is given twice
     */
    public static Matrix seeds(Matrix matrix, String seeds, String origin) {
        List<String> values = Ranges.numbers(
                seeds,
                found -> new InvalidInputException("experiment.seeds " + found + " (" + origin
                        + "); allowed: different seeds, as 1..5 or 1,2,7. Correct it."));
        return withValues(matrix, SEED, values, origin);
    }

    /**
     * Shrinks an axis to one value.
     *
     * @param matrix a matrix
     * @param key a key the user typed
     * @param value its value
     * @param origin where it was written
     * @return the matrix unchanged if no axis is that key
     */
    public static Matrix oneValue(Matrix matrix, String key, String value, String origin) {
        boolean axis =
                matrix.axes().stream().anyMatch(candidate -> candidate.name().equals(key));
        return axis ? withValues(matrix, key, List.of(value), origin) : matrix;
    }

    private static Matrix withValues(Matrix matrix, String key, List<String> values, String origin) {
        Axis replaced = new Axis(
                key,
                values.stream()
                        .map(value -> new AxisValue(value, List.of(new Assignment(key, value, origin))))
                        .toList(),
                origin);
        List<Axis> axes = matrix.axes().stream()
                .map(axis -> axis.name().equals(key) ? replaced : axis)
                .collect(Collectors.toCollection(ArrayList::new));
        List<String> over = new ArrayList<>(matrix.compare().over());
        if (!axes.contains(replaced)) {
            axes.add(replaced);
            over.add(key);
        }
        Map<String, String> reference = new LinkedHashMap<>(matrix.compare().reference());
        // What the reference named may be gone; then the first group is the reference.
        reference.entrySet().removeIf(entry -> entry.getKey().equals(key) && !values.contains(entry.getValue()));
        return new Matrix(
                matrix.name(),
                matrix.title(),
                matrix.settings(),
                axes,
                stillPossible(matrix.exclude(), key, values),
                new Comparison(reference, over));
    }

    private static List<Exclusion> stillPossible(List<Exclusion> exclusions, String key, List<String> values) {
        Set<String> there = new LinkedHashSet<>(values);
        return exclusions.stream()
                .filter(exclusion ->
                        exclusion.where().getOrDefault(key, values).stream().anyMatch(there::contains))
                .toList();
    }
}
