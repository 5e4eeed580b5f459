package dev.metaprompt.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
     * Values by unit.
     *
     * @param means the mean of each unit that has any, in the order of labels
     * @param uneven labels of those among them that lack some of their runs, or pairs, in the same order: their means
     *     are over fewer than planned, and weigh the same
     */
    record Values(double[] means, List<String> uneven) {}

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
    Values values(Side side) {
        Units units = new Units();
        side.cells()
                .forEach(cell -> units.add(cell, List.copyOf(cell.coordinates().values()), value(cell, side.figure())));
        return units.values();
    }

    /**
     * Returns the mean paired difference of each unit: pairs that lack one side count for nothing.
     *
     * @param pair the axes on which the cells of a pair have equal labels; they tell the cells of a side apart
     */
    Values differences(Side first, Side second, List<String> pair) {
        Map<List<String>, OptionalDouble> others = new LinkedHashMap<>();
        for (Cell cell : second.cells()) {
            others.put(labels(cell, pair), value(cell, second.figure()));
        }
        Units units = new Units();
        for (Cell cell : first.cells()) {
            OptionalDouble other = others.get(labels(cell, pair));
            if (other != null) {
                units.add(cell, labels(cell, pair), minus(value(cell, first.figure()), other));
            }
        }
        return units.values();
    }

    private static OptionalDouble minus(OptionalDouble first, OptionalDouble second) {
        return first.isPresent() && second.isPresent()
                ? OptionalDouble.of(first.getAsDouble() - second.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Tells whether a cell has a figure. */
    boolean has(Cell cell, Figure figure) {
        return value(cell, figure).isPresent();
    }

    private OptionalDouble value(Cell cell, Figure figure) {
        return figures.apply(cell).map(figure::of).orElse(OptionalDouble.empty());
    }

    /** Values by unit, and within one by what tells its cells apart; how many each should have. */
    private final class Units {
        private final Map<String, Map<String, List<Double>>> values = new TreeMap<>();
        private final Map<String, Integer> planned = new HashMap<>();

        void add(Cell cell, List<String> within, OptionalDouble value) {
            List<String> labels = labels(cell, unit);
            planned.merge(labels.toString(), 1, Integer::sum);
            value.ifPresent(number -> values.computeIfAbsent(labels.toString(), key -> new TreeMap<>())
                    .computeIfAbsent(within.toString(), key -> new ArrayList<>())
                    .add(number));
        }

        Values values() {
            List<String> uneven = new ArrayList<>();
            double[] means = new double[values.size()];
            int number = 0;
            for (Map.Entry<String, Map<String, List<Double>>> one : values.entrySet()) {
                double[] of = one.getValue().values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                means[number++] = Arrays.stream(of).average().orElseThrow();
                if (of.length < planned.get(one.getKey())) {
                    uneven.add(name(one.getKey()));
                }
            }
            return new Values(means, uneven);
        }

        /** A list's text without its brackets. */
        private String name(String labels) {
            return labels.substring(1, labels.length() - 1);
        }
    }
}
