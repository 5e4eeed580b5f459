package dev.metaprompt.experiment;

import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An experiment's figures: each group of cells over its replicates, and its paired difference to its reference group. It
 * depends on the cells' figures alone, not on when, where or in what order they were computed.
 *
 * @param plan the experiment
 * @param groups in the matrix's order
 * @param missing cells without figures, with the reason, in the matrix's order
 * @param code what summarises, where that was told
 * @param otherCode cells that other code has computed, and which, in the matrix's order
 */
public record ExperimentSummary(
        Plan plan,
        List<Group> groups,
        Map<Cell, String> missing,
        Optional<CodeVersion> code,
        Map<Cell, CodeVersion> otherCode) {
    /** The figures of summaries. */
    public static final List<Figure> FIGURES = List.of(
            Figure.BASE, Figure.NEW, Figure.HARMONIC_MEAN, Figure.MULTIMODAL_BASE, Figure.MULTIMODAL_NEW, Figure.GAP);

    /**
     * Cells that differ in replicate axes alone.
     *
     * @param coordinates labels on the other axes
     * @param reference labels of the group it is compared with; empty for a reference, and where there is none
     * @param cells its cells
     * @param finished how many of them have figures
     * @param figures over its units; a figure that no run has is missing
     * @param differences to the reference, paired; empty without one
     * @param uneven labels of units whose means are over fewer runs than planned, sorted
     * @param unevenPairs the same of the differences, over fewer pairs than planned
     */
    public record Group(
            Map<String, String> coordinates,
            Optional<Map<String, String>> reference,
            List<Cell> cells,
            int finished,
            Map<Figure, Summary> figures,
            Map<Figure, PairedTest> differences,
            SortedSet<String> uneven,
            SortedSet<String> unevenPairs) {
        /**
         * Returns how the group is named.
         *
         * @return for example {@code method=coop way=5}
         */
        public String label() {
            return ExperimentSummary.label(coordinates);
        }
    }

    /** Returns labels as a person reads them. */
    static String label(Map<String, String> coordinates) {
        return coordinates.isEmpty() ? "all" : Cell.label(coordinates);
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
        Map<Cell, Optional<RunFigures>> read = new LinkedHashMap<>();
        plan.cells().forEach(cell -> read.put(cell, results.apply(cell).map(RunFigures::of)));
        Map<Cell, String> missing = new LinkedHashMap<>();
        read.forEach((cell, figures) -> {
            if (figures.isEmpty()) {
                missing.put(cell, reasons.getOrDefault(cell, "not computed"));
            }
        });
        Map<Map<String, String>, List<Cell>> byGroup = grouped(plan);
        Replicates replicates = new Replicates(plan.compare().over(), read::get);
        List<Group> groups = new ArrayList<>();
        byGroup.forEach((coordinates, cells) -> {
            Optional<Map<String, String>> reference = reference(coordinates, plan.compare(), byGroup.keySet());
            int finished = (int)
                    cells.stream().filter(cell -> read.get(cell).isPresent()).count();
            SortedSet<String> uneven = new TreeSet<>();
            SortedSet<String> unevenPairs = new TreeSet<>();
            groups.add(new Group(
                    coordinates,
                    reference,
                    cells,
                    finished,
                    figures(replicates, cells, uneven),
                    differences(replicates, cells, reference.map(byGroup::get), plan.compare(), unevenPairs),
                    uneven,
                    unevenPairs));
        });
        return new ExperimentSummary(plan, groups, missing, Optional.empty(), Map.of());
    }

    /**
     * Returns this summary with the cells marked that other code has computed.
     *
     * @param now the code that summarises
     * @param codes the code of each cell that has figures
     * @return a new summary with the same figures
     */
    public ExperimentSummary marked(CodeVersion now, Map<Cell, CodeVersion> codes) {
        Map<Cell, CodeVersion> other = new LinkedHashMap<>();
        for (Cell cell : plan.cells()) {
            CodeVersion code = missing.containsKey(cell) ? now : codes.getOrDefault(cell, CodeVersion.UNKNOWN);
            if (!code.equals(now)) {
                other.put(cell, code);
            }
        }
        return new ExperimentSummary(plan, groups, missing, Optional.of(now), other);
    }

    /**
     * Says how many cells other code has computed.
     *
     * @return a sentence without its full stop; nothing if there is none
     */
    public Optional<String> otherCodeNote() {
        if (otherCode.isEmpty()) {
            return Optional.empty();
        }
        String now = code.orElse(CodeVersion.UNKNOWN).brief();
        return Optional.of("* " + otherCode.size() + (otherCode.size() == 1 ? " cell" : " cells")
                + " of other code than " + now + ", computed anew by experiment.recompute");
    }

    /** Returns how many of a group's cells other code has computed. */
    long ofOtherCode(Group group) {
        return group.cells().stream().filter(otherCode::containsKey).count();
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

    private static Optional<Map<String, String>> reference(
            Map<String, String> coordinates, Comparison compare, Set<Map<String, String>> groups) {
        Map<String, String> wanted = new LinkedHashMap<>(coordinates);
        compare.reference().forEach((axis, label) -> wanted.replace(axis, label));
        boolean named = compare.reference().keySet().stream().anyMatch(coordinates::containsKey);
        Map<String, String> reference = named ? wanted : groups.iterator().next();
        // Where the reference is excluded, another place's would compare what is not comparable.
        return reference.equals(coordinates) || !groups.contains(reference) ? Optional.empty() : Optional.of(reference);
    }

    private static Map<Figure, Summary> figures(Replicates replicates, List<Cell> cells, Set<String> uneven) {
        Map<Figure, Summary> figures = new EnumMap<>(Figure.class);
        for (Figure figure : FIGURES) {
            Replicates.Values values = replicates.values(new Replicates.Side(cells, figure));
            uneven.addAll(values.uneven());
            if (values.means().length > 0) {
                figures.put(figure, Summary.of(values.means()));
            }
        }
        return figures;
    }

    private static Map<Figure, PairedTest> differences(
            Replicates replicates,
            List<Cell> cells,
            Optional<List<Cell>> reference,
            Comparison compare,
            Set<String> uneven) {
        Map<Figure, PairedTest> differences = new EnumMap<>(Figure.class);
        for (Figure figure : reference.isPresent() ? FIGURES : List.<Figure>of()) {
            Replicates.Values paired = replicates.differences(
                    new Replicates.Side(cells, figure), new Replicates.Side(reference.get(), figure), compare.over());
            uneven.addAll(paired.uneven());
            if (paired.means().length > 0) {
                differences.put(figure, PairedTest.of(paired.means()));
            }
        }
        return differences;
    }

    /**
     * Returns what is to be said before any figure where cells have none.
     *
     * @return a sentence without its full stop, at most 120 characters; nothing if all cells have figures
     */
    public Optional<String> incomplete() {
        int lack = missing.size();
        return lack == 0
                ? Optional.empty()
                : Optional.of("Incomplete: " + lack + " of " + plan.cells().size() + " cells "
                        + (lack == 1 ? "has" : "have") + " no figures; what follows is of the others alone");
    }

    /**
     * Returns what the groups are compared with, for people.
     *
     * @return for example {@code method=metaprompt with equal dataset}
     */
    public String reference() {
        List<String> others = new ArrayList<>(groups.get(0).coordinates().keySet());
        List<String> named =
                others.stream().filter(plan.compare().reference()::containsKey).toList();
        if (named.isEmpty()) {
            return groups.get(0).label();
        }
        others.removeAll(named);
        Map<String, String> labels = new LinkedHashMap<>();
        named.forEach(axis -> labels.put(axis, plan.compare().reference().get(axis)));
        return label(labels) + (others.isEmpty() ? "" : " with equal " + String.join(", ", others));
    }
}
