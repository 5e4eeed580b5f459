package dev.metaprompt.app;

import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.ExperimentSummary;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.temporal.Ended;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Cells that ended in another way than they should.
 *
 * @param reasons why, by cell; a workflow tells of some alone
 * @param count how many they are in all
 */
record FailedCells(Map<Cell, String> reasons, int count) {
    static final FailedCells NONE = new FailedCells(Map.of(), 0);
    private static final int NAMED = 3;

    FailedCells {
        reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
        count = Math.max(count, reasons.size());
    }

    /** Returns those among cells that ended here. */
    static FailedCells of(Map<Cell, CellEnd> ends) {
        Map<Cell, String> reasons = new LinkedHashMap<>();
        ends.forEach((cell, end) -> {
            if (end.kind() != CellEnd.Kind.FINISHED && end.kind() != CellEnd.Kind.INTERRUPTED) {
                reasons.put(cell, end.message());
            }
        });
        return new FailedCells(reasons, reasons.size());
    }

    /** Returns those of a workflow. A cell that it counts and does not name gets a reason that says so. */
    static FailedCells of(Plan plan, Ended ended) {
        Map<Cell, String> reasons = new LinkedHashMap<>();
        ended.failures().forEach(failure -> reasons.put(plan.cells().get(failure.number()), failure.message()));
        return new FailedCells(reasons, ended.failed());
    }

    /** Returns why a cell has no figures, by cell, as far as that is known. */
    Map<Cell, String> known(Plan plan) {
        if (count == reasons.size()) {
            return reasons;
        }
        Map<Cell, String> known = new LinkedHashMap<>(reasons);
        plan.cells()
                .forEach(cell -> known.putIfAbsent(
                        cell, "failed; a workflow tells the reasons of " + reasons.size() + " cells alone"));
        return known;
    }

    /** Adds the cells of a summary that have no figures, however they ended: nobody is to overlook them. */
    FailedCells and(ExperimentSummary summary) {
        Map<Cell, String> all = new LinkedHashMap<>(reasons);
        summary.missing().forEach(all::putIfAbsent);
        return new FailedCells(all, count);
    }

    /** Returns the error they are, in one line. */
    String message(Plan plan) {
        String named = reasons.entrySet().stream()
                .limit(NAMED)
                .map(entry -> entry.getKey().label() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
        return count + " of " + plan.cells().size() + " cells failed: " + named
                + (count > NAMED ? " and " + (count - NAMED) + " more." : named.endsWith(".") ? "" : ".")
                + " The others are finished; the same command computes what is missing.";
    }
}
