package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tracking.RunSync;
import dev.metaprompt.tracking.TrackingServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The goal {@code sync}: sends what a tracking server has not got yet, of one run or of all. */
final class SyncCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.withoutModel(context);
        TrackingServer server = Tracking.server(config)
                .orElseThrow(() -> new InvalidInputException(
                        "tracking.uri is unset, and MLFLOW_TRACKING_URI gives no http(s) address either. Name the MLflow"
                                + " server: -Dmetaprompt.tracking.uri=http://localhost:5000"));
        Path folder = Settings.runs(config);
        Optional<String> one = config.optional("run");
        List<Path> experiments = one.isPresent() ? List.of() : RunSync.experiments(folder);
        List<RunDirectory> runs = one.isPresent()
                ? List.of(RunDirectory.find(folder, context.baseDirectory(), one.get()))
                : all(folder, experiments);
        if (runs.isEmpty() && experiments.isEmpty()) {
            throw new InvalidInputException("runs is " + Quoted.path(folder)
                    + ", which holds no run. Train one: mvn metaprompt:train, or name another folder as runs.");
        }
        RunSync.Summary summary = new RunSync(server, config.optional("tracking.experiment"))
                .run(experiments, runs, context.progress(), context::interrupted);
        List<String> lines = new ArrayList<>();
        lines.add(server.uri() + ": " + (experiments.size() + runs.size()) + " runs, " + summary.sent() + " sent, "
                + summary.complete() + " were there already, "
                + summary.leftOut().size() + " left out");
        summary.leftOut().forEach(line -> lines.add("left out: " + line));
        context.result(lines);
        if (summary.refused() > 0) {
            throw new InvalidInputException(summary.refused() + " of " + (experiments.size() + runs.size())
                    + " runs could not be sent whole to " + server.uri()
                    + "; the lines above name them. Mend that, and send the rest: mvn metaprompt:sync");
        }
    }

    /** The runs of the folder itself, and those of the experiments in it. */
    private static List<RunDirectory> all(Path folder, List<Path> experiments) {
        List<RunDirectory> runs = new ArrayList<>(RunDirectory.list(folder));
        experiments.forEach(experiment -> runs.addAll(RunDirectory.list(experiment)));
        return runs;
    }
}
