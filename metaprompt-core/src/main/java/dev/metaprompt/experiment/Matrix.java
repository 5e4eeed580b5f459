package dev.metaprompt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a matrix file asks for.
 *
 * @param name the experiment's name, fit for a folder: letters, digits, {@code . _ -}
 * @param title one line for people
 * @param settings what holds for every cell, weaker than the axes
 * @param axes in the file's order; the first varies slowest
 * @param exclude cells that are left out
 * @param compare how its groups are compared
 */
public record Matrix(
        String name,
        String title,
        List<Assignment> settings,
        List<Axis> axes,
        List<Exclusion> exclude,
        Comparison compare) {
    /** Copies the lists. */
    public Matrix {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(compare, "compare");
        settings = List.copyOf(settings);
        axes = List.copyOf(axes);
        exclude = List.copyOf(exclude);
    }

    /**
     * Counts the cells before any is left out, without making them.
     *
     * @return the product of the axes' lengths; {@link Long#MAX_VALUE} if that is too large for a long
     */
    public long size() {
        long size = 1;
        for (Axis axis : axes) {
            int length = axis.values().size();
            if (length > 0 && size > Long.MAX_VALUE / length) {
                return Long.MAX_VALUE;
            }
            size *= length;
        }
        return size;
    }

    /**
     * Makes the cells' places.
     *
     * @return in the order of the axes, the last axis fastest, without those left out
     */
    public List<Point> points() {
        List<Point> points = List.of(new Point(Map.of(), settings));
        for (Axis axis : axes) {
            List<Point> longer = new ArrayList<>(points.size() * axis.values().size());
            for (Point point : points) {
                axis.values().forEach(value -> longer.add(extended(point, axis, value)));
            }
            points = longer;
        }
        return points.stream()
                .filter(point -> exclude.stream().noneMatch(e -> e.matches(point.coordinates())))
                .toList();
    }

    private static Point extended(Point point, Axis axis, AxisValue value) {
        Map<String, String> coordinates = new LinkedHashMap<>(point.coordinates());
        coordinates.put(axis.name(), value.label());
        List<Assignment> settings = new ArrayList<>(point.settings());
        settings.addAll(value.settings());
        return new Point(coordinates, settings);
    }
}
