package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;

/** Runs on a server that others are compared with. */
public final class BaselineRuns {
    /** Tag: a person declares a run, or several seeds of one configuration, to be the baseline. */
    public static final String TAG = "metaprompt.baseline";

    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Of a record or of predictions, in bytes; a million images have a tenth. */
    private static final long MOST = 1L << 30;

    private static final String FINISHED = "attributes.status = 'FINISHED'";

    private BaselineRuns() {}

    /**
     * Fetches the baseline of an experiment: the finished runs that carry the tag {@value #TAG}, or else the finished
     * run of the highest harmonic mean.
     *
     * @param server where to look
     * @param experiment the experiment's name
     * @param into a folder for what is fetched; created if missing
     * @return a folder for each run, with its {@code run.json} and, if the server has it, {@code predictions.csv}; at
     *     least one
     * @throws InvalidInputException if the server fails, or has no such experiment or run
     */
    public static List<RunDirectory> fetch(TrackingServer server, String experiment, Path into) {
        try (MlflowApi api = new MlflowApi(new ServerCalls(server, LIMIT, () -> {}))) {
            String id = api.experiment(experiment)
                    .map(Experiment::getExperimentId)
                    .orElseThrow(() -> new InvalidInputException(server.shown() + " has no experiment \"" + experiment
                            + "\". Name another behind mlflow: in metaprompt.check.baseline, or mirror runs there first:"
                            + " mvn metaprompt:sync"));
            List<RunDirectory> fetched = new ArrayList<>();
            for (Run run : choose(api, id, server, experiment)) {
                fetched.add(fetch(api, server, run, into));
            }
            return fetched;
        } catch (ServerFault e) {
            throw new InvalidInputException(
                    e.getMessage() + ". Without it there is no baseline; start it, or name a baseline file.", e);
        }
    }

    private static List<Run> choose(MlflowApi api, String experimentId, TrackingServer server, String experiment)
            throws ServerFault {
        List<Run> tagged = withoutParents(
                api.runs(experimentId, FINISHED + " and tags.`" + TAG + "` != ''", ViewType.ACTIVE_ONLY, List.of()));
        if (!tagged.isEmpty()) {
            return tagged;
        }
        List<Run> best = withoutParents(api.runs(
                experimentId,
                FINISHED + " and metrics.harmonic_mean >= 0",
                ViewType.ACTIVE_ONLY,
                List.of("metrics.harmonic_mean DESC")));
        if (best.isEmpty()) {
            throw new InvalidInputException(
                    server.shown() + " has no finished run with a harmonic mean in experiment \"" + experiment
                            + "\". Mirror one there first: mvn metaprompt:sync");
        }
        return best.subList(0, 1);
    }

    /** The parent of an experiment has figures too, but is no run to compare with. */
    private static List<Run> withoutParents(List<Run> runs) {
        return runs.stream()
                .filter(run -> !ServerRun.tags(run).containsKey(ParentMirror.CELLS))
                .toList();
    }

    private static RunDirectory fetch(MlflowApi api, TrackingServer server, Run run, Path into) throws ServerFault {
        String id = run.getInfo().getRunId();
        Path folder = into.resolve(id.replaceAll("[^0-9A-Za-z]", "_"));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be created (" + Quoted.reason(e) + ").", e);
        }
        // The record last: it makes a folder a run.
        api.artifacts().fetch(run.getInfo(), RunDirectory.PREDICTIONS, folder.resolve(RunDirectory.PREDICTIONS), MOST);
        if (!api.artifacts().fetch(run.getInfo(), RunDirectory.RECORD, folder.resolve(RunDirectory.RECORD), MOST)) {
            throw new InvalidInputException(server.shown() + " has no " + RunDirectory.RECORD + " in its run " + id
                    + ". Send it once more: mvn metaprompt:sync");
        }
        return RunDirectory.open(folder);
    }
}
