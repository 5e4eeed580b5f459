package dev.metaprompt.experiment;

import dev.metaprompt.run.Results;
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
 * samples of it: the unit is then the generator seed, and its value the mean over its runs; else every run is one.
 */
final class Replicates {
    private static final String GENERATOR_SEED = "dataset.seed";

    private Replicates() {}

    /** Returns the label of the unit that a cell belongs to. */
    private static String unit(Cell cell, List<String> over) {
        List<String> axes = over.contains(GENERATOR_SEED) ? List.of(GENERATOR_SEED) : over;
        List<String> labels = new ArrayList<>();
        axes.forEach(axis -> labels.add(cell.coordinates().getOrDefault(axis, "")));
        return String.join(" ", labels);
    }

    /** Returns the labels that pair a cell with another group's. */
    private static String pair(Cell cell, List<String> over) {
        List<String> labels = new ArrayList<>();
        over.forEach(axis -> labels.add(cell.coordinates().getOrDefault(axis, "")));
        return String.join(" ", labels);
    }

    /** Returns a figure's mean of each unit, by the units' labels. */
    static Map<String, Double> values(
            List<Cell> cells, List<String> over, Function<Cell, Optional<Results>> results, Figure figure) {
        Map<String, List<Double>> byUnit = new TreeMap<>();
        for (Cell cell : cells) {
            OptionalDouble value = results.apply(cell).map(figure::of).orElse(OptionalDouble.empty());
            value.ifPresent(number -> byUnit.computeIfAbsent(unit(cell, over), unit -> new ArrayList<>())
                    .add(number));
        }
        return means(byUnit);
    }

    /** Returns the mean paired difference of each unit: pairs that lack one side count for nothing. */
    static Map<String, Double> differences(
            Side first, Side second, List<String> over, Function<Cell, Optional<Results>> results) {
        Map<String, Double> others = new LinkedHashMap<>();
        for (Cell cell : second.cells()) {
            value(cell, second, results).ifPresent(number -> others.put(pair(cell, over), number));
        }
        Map<String, List<Double>> byUnit = new TreeMap<>();
        for (Cell cell : first.cells()) {
            OptionalDouble value = value(cell, first, results);
            Double other = others.get(pair(cell, over));
            if (value.isPresent() && other != null) {
                byUnit.computeIfAbsent(unit(cell, over), unit -> new ArrayList<>())
                        .add(value.getAsDouble() - other);
            }
        }
        return means(byUnit);
    }

    /** One side of a comparison. */
    record Side(List<Cell> cells, Figure figure) {}

    private static OptionalDouble value(Cell cell, Side side, Function<Cell, Optional<Results>> results) {
        return results.apply(cell).map(side.figure()::of).orElse(OptionalDouble.empty());
    }

    private static Map<String, Double> means(Map<String, List<Double>> byUnit) {
        Map<String, Double> means = new LinkedHashMap<>();
        byUnit.forEach((unit, values) ->
                means.put(unit, values.stream().mapToDouble(Double::doubleValue).sum() / values.size()));
        return means;
    }
}
