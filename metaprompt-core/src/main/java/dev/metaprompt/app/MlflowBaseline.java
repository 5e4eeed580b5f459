package dev.metaprompt.app;

import dev.metaprompt.gate.Baseline;
import dev.metaprompt.gate.BaselineSource;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.tracking.BaselineRuns;
import dev.metaprompt.tracking.TrackingServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The baseline on a tracking server: the runs of an experiment that somebody tagged {@value BaselineRuns#TAG}, or its
 * best.
 *
 * @param server the server
 * @param experiment the experiment's name
 * @param into where fetched records are put
 */
record MlflowBaseline(TrackingServer server, String experiment, Path into) implements BaselineSource {
    /** What {@code check.baseline} begins with. */
    static final String PREFIX = "mlflow:";

    @Override
    public String name() {
        return PREFIX + experiment;
    }

    @Override
    public Baseline read(Set<RunSetting> checked) {
        List<SeedRuns> fetched = SeedRuns.of(BaselineRuns.fetch(server, experiment, into));
        List<SeedRuns> asked = fetched.stream()
                .filter(runs -> checked.stream().anyMatch(runs.setting()::agreesWith))
                .toList();
        // None of them: let the gate say in what they differ.
        return Baseline.of(asked.isEmpty() ? fetched : asked);
    }
}
