package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import java.nio.file.Path;
import java.util.Map;

/** What an experiment leaves: summary, report, verdicts, and the error if cells failed. */
final class ExperimentEnd {
    private ExperimentEnd() {}

    static void tell(CommandContext context, Configuration asked, Plan plan, Path folder, Map<Cell, String> failed) {}
}
