package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.temporal.Ended;
import dev.metaprompt.experiment.temporal.Standing;
import dev.metaprompt.experiment.temporal.TemporalConnection;
import dev.metaprompt.experiment.temporal.TemporalOptions;
import dev.metaprompt.experiment.temporal.TemporalRunner;
import dev.metaprompt.experiment.temporal.Working;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Has an experiment computed by workers on other machines, or steers one that is. */
final class Distributed {
    private Distributed() {}

    /** Computes all cells; returns those that failed. */
    static FailedCells compute(CommandContext context, Configuration asked, Plan plan, boolean attach) {
        TemporalOptions options = TemporalSettings.of(asked);
        try (TemporalConnection connection = TemporalConnection.open(options)) {
            TemporalRunner runner = new TemporalRunner(connection, context.progress());
            Optional<Ended> ended =
                    attach ? runner.attach(plan, context::interrupted) : runner.run(plan, context::interrupted);
            if (ended.isEmpty()) {
                context.progress()
                        .phase("the workflow goes on without this; -Dmetaprompt.attach watches it,"
                                + " -Dmetaprompt.attach=cancel stops it");
            }
            return ended.map(all -> FailedCells.of(plan, all)).orElse(FailedCells.NONE);
        }
    }

    /** Steers an experiment that was started before. */
    static void steer(CommandContext context, Configuration asked, Plan plan) {
        try (TemporalConnection connection = TemporalConnection.open(TemporalSettings.of(asked))) {
            TemporalRunner runner = new TemporalRunner(connection, context.progress());
            switch (asked.text("attach")) {
                case "pause" -> runner.pause(plan);
                case "resume" -> runner.resume(plan);
                case "cancel" -> runner.cancel(plan);
                default -> {
                    // status: told below
                }
            }
            Standing standing = runner.standing(plan);
            List<String> lines = new ArrayList<>();
            lines.add(String.format(
                    "experiment %s: %d of %d cells finished, %d failed, %d with workers or waiting%s",
                    plan.name(),
                    standing.finished(),
                    plan.cells().size(),
                    standing.failed(),
                    standing.scheduled(),
                    standing.paused() ? ", paused" : ""));
            if (asked.text("attach").equals("status")) {
                runner.working(plan).forEach(cell -> lines.add(line(plan, cell)));
            }
            context.result(lines);
        }
    }

    private static String line(Plan plan, Working cell) {
        return "  " + plan.cells().get(cell.number()).folder() + ": " + cell.where() + ", worker " + cell.worker()
                + (cell.attempt() > 1 ? ", attempt " + cell.attempt() : "");
    }
}
