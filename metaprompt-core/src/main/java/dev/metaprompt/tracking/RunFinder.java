package dev.metaprompt.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;

/**
 * Finds a run on the server by its tag. Where two processes created it at once, every process chooses the same one, the
 * oldest, and sets the others aside: tags them and deletes them, which MLflow can undo.
 */
final class RunFinder {
    /** Tag: what a run is known by. */
    static final String KEY = "metaprompt.run_key";
    /** Tag: when this program asked for the run, in milliseconds. */
    static final String CREATED = "metaprompt.created";
    /** Tag: set aside by this program in favour of another run. */
    static final String SUPERSEDED = "metaprompt.superseded";

    private RunFinder() {}

    /**
     * What a search has found.
     *
     * @param living runs that count, the oldest first
     * @param superfluous runs to set aside
     * @param deletedThere whether somebody else deleted the run
     */
    record Found(List<Run> living, List<Run> superfluous, boolean deletedThere) {
        Optional<Run> first() {
            return living.stream().findFirst();
        }

        boolean isFirst(String runId) {
            return first().filter(run -> run.getInfo().getRunId().equals(runId)).isPresent();
        }
    }

    static Found find(MlflowApi api, String experimentId, String key) throws ServerFault {
        List<Run> all = api.runs(experimentId, "tags.`" + KEY + "` = '" + key + "'", ViewType.ALL, List.of());
        List<Run> living = all.stream()
                .filter(run -> isActive(run) && !isSuperseded(run))
                .sorted(Comparator.comparing((Run run) -> ServerRun.tags(run).getOrDefault(CREATED, ""))
                        .thenComparing(run -> run.getInfo().getRunId()))
                .toList();
        List<Run> superfluous = new ArrayList<>(all);
        superfluous.removeIf(run -> !isActive(run) || living.indexOf(run) == 0);
        boolean deleted = living.isEmpty() && all.stream().anyMatch(run -> !isActive(run) && !isSuperseded(run));
        return new Found(living, superfluous, deleted);
    }

    private static boolean isActive(Run run) {
        return run.getInfo().getLifecycleStage().equals("active");
    }

    private static boolean isSuperseded(Run run) {
        return ServerRun.tags(run).containsKey(SUPERSEDED);
    }

    /** Sets runs aside. */
    static void setAside(MlflowApi api, List<Run> runs) throws ServerFault {
        for (Run run : runs) {
            setAside(api, run.getInfo().getRunId());
        }
    }

    /** Sets a run aside; killed between the two calls, the next search finds it by its tag and deletes it. */
    static void setAside(MlflowApi api, String runId) throws ServerFault {
        api.setTag(runId, SUPERSEDED, "true");
        api.deleteRun(runId);
    }
}
