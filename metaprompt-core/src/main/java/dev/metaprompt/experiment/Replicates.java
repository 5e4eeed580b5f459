package dev.metaprompt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Figures of a group of cells by independent unit. Where generated data vary, runs on one of them are no independent
 * samples of it: the unit is then the generator seed, and its value the mean over its runs; else every run is one. Sums
 * run in the order of labels, so that the order of the cells does not matter to the last digit.
 */
final class Replicates {
    private static final String GENERATOR_SEED = "dataset.seed";

    private final List<String> unit;
    private final Function<Cell, Optional<RunFigures>> figures;

    /** One side of a comparison. */
    record Side(List<Cell> cells, Figure figure) {}

    /**
     * Takes what all groups share.
     *
     * @param over the replicate axes
     * @param figures a cell's figures, once it is finished
     */
    Replicates(List<String> over, Function<Cell, Optional<RunFigures>> figures) {
        this.unit = unit(over);
        this.figures = figures;
    }

    /** Returns the axes whose labels name an independent unit. */
    static List<String> unit(List<String> over) {
        return over.contains(GENERATOR_SEED) ? List.of(GENERATOR_SEED) : over;
    }

    /** Returns a cell's labels on axes; empty where it has none. */
    static List<String> labels(Cell cell, List<String> axes) {
        return axes.stream()
                .map(axis -> cell.coordinates().getOrDefault(axis, ""))
                .toList();
    }

    /** Returns a figure's mean of each unit. */
    double[] values(Side side) {
        Units units = new Units();
        side.cells()
                .forEach(cell -> value(cell, side.figure())
                        .ifPresent(value ->
                                units.add(cell, List.copyOf(cell.coordinates().values()), value)));
        return units.means();
    }

    /**
     * Returns the mean paired difference of each unit: pairs that lack one side count for nothing.
     *
     * @param pair the axes on which the cells of a pair have equal labels; they tell the cells of a side apart
     */
    double[] differences(Side first, Side second, List<String> pair) {
        Map<List<String>, Double> others = new LinkedHashMap<>();
        for (Cell cell : second.cells()) {
            value(cell, second.figure()).ifPresent(value -> others.put(labels(cell, pair), value));
        }
        Units units = new Units();
        for (Cell cell : first.cells()) {
            OptionalDouble value = value(cell, first.figure());
            Double other = others.get(labels(cell, pair));
            if (value.isPresent() && other != null) {
                units.add(cell, labels(cell, pair), value.getAsDouble() - other);
            }
        }
        return units.means();
    }

    private OptionalDouble value(Cell cell, Figure figure) {
        return figures.apply(cell).map(figure::of).orElse(OptionalDouble.empty());
    }

    /** Values by unit, and within one by what tells its cells apart. */
    private final class Units {
        private final Map<String, Map<String, List<Double>>> values = new TreeMap<>();

        void add(Cell cell, List<String> within, double value) {
            values.computeIfAbsent(labels(cell, unit).toString(), key -> new TreeMap<>())
                    .computeIfAbsent(within.toString(), key -> new ArrayList<>())
                    .add(value);
        }

        double[] means() {
            return values.values().stream()
                    .mapToDouble(one -> one.values().stream()
                            .flatMap(List::stream)
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElseThrow())
                    .toArray();
        }
    }
}
