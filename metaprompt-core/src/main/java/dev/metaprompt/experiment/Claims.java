package dev.metaprompt.experiment;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Judges claims by an experiment's figures. */
public final class Claims {
    private Claims() {}

    /**
     * Judges the claims about one experiment.
     *
     * @param claims claims about any experiment; those about others are left out
     * @param plan the experiment
     * @param results the figures of a cell, once it is finished
     * @return a verdict for each claim about it, in order
     * @throws InvalidInputException if a claim names a group that the experiment has not
     */
    public static List<Verdict> judge(List<Claim> claims, Plan plan, Function<Cell, Optional<Results>> results) {
        List<Claim> own = claims.stream()
                .filter(claim -> claim.experiment().equals(plan.name()))
                .toList();
        List<Optional<PairedTest>> evidence =
                own.stream().map(claim -> evidence(claim, plan, results)).toList();
        double[] adjusted =
                PairedTest.holm(evidence.stream().mapToDouble(Claims::p).toArray());
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            boolean tested =
                    evidence.get(i).map(test -> test.pStudent().isPresent()).orElse(false);
            verdicts.add(new Verdict(
                    own.get(i),
                    Verdict.kind(own.get(i), evidence.get(i)),
                    evidence.get(i),
                    tested ? OptionalDouble.of(adjusted[i]) : OptionalDouble.empty()));
        }
        return verdicts;
    }

    private static double p(Optional<PairedTest> evidence) {
        return evidence.map(test -> test.pStudent().orElse(1)).orElse(1.0);
    }

    private static Optional<PairedTest> evidence(Claim claim, Plan plan, Function<Cell, Optional<Results>> results) {
        Map<String, Double> differences = Replicates.differences(
                new Replicates.Side(cells(claim, claim.first(), plan), claim.figure()),
                new Replicates.Side(cells(claim, claim.second(), plan), claim.secondFigure()),
                plan.compare().over(),
                results);
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(PairedTest.of(ExperimentSummary.array(differences.values())));
    }

    private static List<Cell> cells(Claim claim, Map<String, String> labels, Plan plan) {
        List<Cell> cells = plan.cells().stream()
                .filter(cell -> cell.coordinates().entrySet().containsAll(labels.entrySet()))
                .toList();
        if (cells.isEmpty()) {
            throw new InvalidInputException(claim.origin() + ": claim " + claim.id() + " is about " + labels
                    + ", but experiment " + plan.name() + " has no such cells. Name labels of its axes.");
        }
        return cells;
    }
}
