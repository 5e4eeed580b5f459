package dev.metaprompt.experiment;

import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An experiment's figures: each group of cells over its replicates, and its paired difference to the reference group. It
 * depends on the cells' figures alone, not on when, where or in what order they were computed.
 *
 * @param plan the experiment
 * @param groups in the matrix's order
 * @param reference the group that the others are compared with
 * @param missing cells without figures, with the reason
 */
public record ExperimentSummary(Plan plan, List<Group> groups, Group reference, Map<Cell, String> missing) {
    /** The figures of summaries. */
    public static final List<Figure> FIGURES = List.of(
            Figure.BASE, Figure.NEW, Figure.HARMONIC_MEAN, Figure.MULTIMODAL_BASE, Figure.MULTIMODAL_NEW, Figure.GAP);

    /**
     * Cells that differ in replicate axes alone.
     *
     * @param coordinates labels on the other axes
     * @param cells its cells
     * @param finished how many of them have figures
     * @param figures over its units; a figure that no run has is missing
     * @param differences to the reference, paired; empty for the reference itself
     */
    public record Group(
            Map<String, String> coordinates,
            List<Cell> cells,
            int finished,
            Map<Figure, Summary> figures,
            Map<Figure, PairedTest> differences) {
        /** How the group is named. */
        public String label() {
            List<String> labels = new ArrayList<>();
            coordinates.forEach((axis, label) -> labels.add(axis + "=" + label));
            return labels.isEmpty() ? "all" : String.join(" ", labels);
        }
    }

    /**
     * Summarises.
     *
     * @param plan the experiment
     * @param results the figures of a cell, once it is finished
     * @param reasons why cells have none, where that is known
     * @return the summary
     */
    public static ExperimentSummary of(
            Plan plan, Function<Cell, Optional<Results>> results, Map<Cell, String> reasons) {
        Map<Cell, Optional<Results>> read = new LinkedHashMap<>();
        plan.cells().forEach(cell -> read.put(cell, results.apply(cell)));
        Map<Map<String, String>, List<Cell>> byGroup = grouped(plan);
        Map<String, String> referenceKey = reference(plan, byGroup.keySet());
        List<Cell> referenceCells = byGroup.get(referenceKey);
        List<Group> groups = new ArrayList<>();
        byGroup.forEach((coordinates, cells) -> groups.add(group(
                coordinates,
                cells,
                plan.compare().over(),
                read::get,
                coordinates.equals(referenceKey) ? List.of() : referenceCells)));
        Map<Cell, String> missing = new LinkedHashMap<>();
        read.forEach((cell, figures) -> {
            if (figures.isEmpty()) {
                missing.put(cell, reasons.getOrDefault(cell, "not computed"));
            }
        });
        Group reference = groups.stream()
                .filter(group -> group.coordinates().equals(referenceKey))
                .findFirst()
                .orElseThrow();
        return new ExperimentSummary(plan, groups, reference, missing);
    }

    private static Map<Map<String, String>, List<Cell>> grouped(Plan plan) {
        Map<Map<String, String>, List<Cell>> byGroup = new LinkedHashMap<>();
        for (Cell cell : plan.cells()) {
            Map<String, String> coordinates = new LinkedHashMap<>(cell.coordinates());
            coordinates.keySet().removeAll(plan.compare().over());
            byGroup.computeIfAbsent(coordinates, key -> new ArrayList<>()).add(cell);
        }
        return byGroup;
    }

    private static Map<String, String> reference(Plan plan, Collection<Map<String, String>> groups) {
        return groups.stream()
                .filter(group ->
                        group.entrySet().containsAll(plan.compare().reference().entrySet()))
                .findFirst()
                .orElseGet(() -> groups.iterator().next());
    }

    private static Group group(
            Map<String, String> coordinates,
            List<Cell> cells,
            List<String> over,
            Function<Cell, Optional<Results>> results,
            List<Cell> reference) {
        Map<Figure, Summary> figures = new EnumMap<>(Figure.class);
        Map<Figure, PairedTest> differences = new EnumMap<>(Figure.class);
        for (Figure figure : FIGURES) {
            Map<String, Double> values = Replicates.values(cells, over, results, figure);
            if (!values.isEmpty()) {
                figures.put(figure, Summary.of(values.values()));
            }
            Map<String, Double> paired = Replicates.differences(
                    new Replicates.Side(cells, figure), new Replicates.Side(reference, figure), over, results);
            if (!paired.isEmpty()) {
                differences.put(figure, PairedTest.of(array(paired.values())));
            }
        }
        int finished = (int)
                cells.stream().filter(cell -> results.apply(cell).isPresent()).count();
        return new Group(coordinates, cells, finished, figures, differences);
    }

    static double[] array(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
