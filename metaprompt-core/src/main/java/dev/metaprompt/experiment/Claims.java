package dev.metaprompt.experiment;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.PairedTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** Judges claims by an experiment's figures. */
public final class Claims {
    private Claims() {}

    /**
     * Refuses claims that the experiment's figures could never judge; to be asked before anything is computed.
     *
     * @param claims claims about any experiment
     * @param plan the experiment
     * @throws InvalidInputException if a claim about it names cells that it has not, or cells that cannot be paired
     */
    public static void check(List<Claim> claims, Plan plan) {
        own(claims, plan).forEach(claim -> {
            List<String> pair = pair(claim, plan);
            for (Map<String, String> labels : List.of(claim.first(), claim.second())) {
                Set<List<String>> places = new HashSet<>();
                for (Cell cell : cells(claim, labels, plan)) {
                    if (!places.add(Replicates.labels(cell, pair))) {
                        throw new InvalidInputException(
                                claim.origin() + ": claim " + Quoted.of(claim.id()) + " is about " + Quoted.of(labels)
                                        + ", but several such cells of experiment " + Quoted.of(plan.name())
                                        + " would make pairs with the same one. Name the same axes in first and second.");
                    }
                }
            }
        });
    }

    /**
     * Judges the claims about one experiment by results alone; figures that stand in other files of a run are absent.
     *
     * @param claims claims about any experiment; those about others are left out
     * @param plan the experiment
     * @param results the figures of a cell, once it is finished
     * @return a verdict for each claim about it, in order
     * @throws InvalidInputException as {@link #check}
     */
    public static List<Verdict> judge(List<Claim> claims, Plan plan, Function<Cell, Optional<Results>> results) {
        return judgeRuns(claims, plan, cell -> results.apply(cell).map(RunFigures::of));
    }

    /**
     * Judges the claims about one experiment.
     *
     * @param claims claims about any experiment; those about others are left out
     * @param plan the experiment
     * @param figures the figures of a cell, once it is finished
     * @return a verdict for each claim about it, in order
     * @throws InvalidInputException as {@link #check}
     */
    public static List<Verdict> judgeRuns(List<Claim> claims, Plan plan, Function<Cell, Optional<RunFigures>> figures) {
        check(claims, plan);
        List<Claim> own = own(claims, plan);
        Replicates replicates = new Replicates(plan.compare().over(), figures);
        List<Replicates.Values> differences = own.stream()
                .map(claim -> replicates.differences(
                        new Replicates.Side(cells(claim, claim.first(), plan), claim.figure()),
                        new Replicates.Side(cells(claim, claim.second(), plan), claim.secondFigure()),
                        pair(claim, plan)))
                .toList();
        List<OptionalDouble> raw = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            raw.add(Verdict.pValue(own.get(i), differences.get(i).means()));
        }
        double[] adjusted =
                PairedTest.holm(raw.stream().mapToDouble(p -> p.orElse(1)).toArray());
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            double[] means = differences.get(i).means();
            Optional<PairedTest> evidence = means.length == 0 ? Optional.empty() : Optional.of(PairedTest.of(means));
            verdicts.add(new Verdict(
                    own.get(i),
                    Verdict.kind(own.get(i), evidence),
                    evidence,
                    raw.get(i),
                    raw.get(i).isPresent() ? OptionalDouble.of(adjusted[i]) : OptionalDouble.empty(),
                    Replicates.unit(plan.compare().over()),
                    basis(own.get(i), plan, replicates, differences.get(i))));
        }
        return verdicts;
    }

    private static Basis basis(Claim claim, Plan plan, Replicates replicates, Replicates.Values differences) {
        List<Cell> first = cells(claim, claim.first(), plan);
        List<Cell> second = cells(claim, claim.second(), plan);
        Set<Cell> all = new LinkedHashSet<>(first);
        all.addAll(second);
        Set<Cell> missing = new LinkedHashSet<>();
        first.stream().filter(cell -> !replicates.has(cell, claim.figure())).forEach(missing::add);
        second.stream()
                .filter(cell -> !replicates.has(cell, claim.secondFigure()))
                .forEach(missing::add);
        return new Basis(all.size(), List.copyOf(missing), differences.means().length, differences.uneven());
    }

    private static List<Claim> own(List<Claim> claims, Plan plan) {
        return claims.stream()
                .filter(claim -> claim.experiment().equals(plan.name()))
                .toList();
    }

    /** Returns the axes that the claim does not name: the cells of a pair have equal labels there. */
    private static List<String> pair(Claim claim, Plan plan) {
        List<String> axes = new ArrayList<>(plan.cells().get(0).coordinates().keySet());
        axes.removeAll(claim.first().keySet());
        axes.removeAll(claim.second().keySet());
        return axes;
    }

    private static List<Cell> cells(Claim claim, Map<String, String> labels, Plan plan) {
        List<Cell> cells = plan.cells().stream()
                .filter(cell -> cell.coordinates().entrySet().containsAll(labels.entrySet()))
                .toList();
        if (cells.isEmpty()) {
            throw new InvalidInputException(
                    claim.origin() + ": claim " + Quoted.of(claim.id()) + " is about " + Quoted.of(labels)
                            + ", but experiment " + Quoted.of(plan.name())
                            + " has no such cells. Name labels of its axes, or give the experiment another name.");
        }
        return cells;
    }
}
