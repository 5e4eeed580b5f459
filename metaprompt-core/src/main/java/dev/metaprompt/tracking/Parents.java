package dev.metaprompt.tracking;

import dev.metaprompt.run.CellInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The parent runs of cells on a server, each looked up once; one that is not there is asked for again after a while. */
final class Parents {
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(30);

    private record Answer(Optional<String> runId, long time) {}

    private final MlflowApi api;
    private final Map<String, Answer> answers = new HashMap<>();

    Parents(MlflowApi api) {
        this.api = api;
    }

    /** Returns the id of a cell's parent run, if the server has one. */
    Optional<String> find(String mlflowExperimentId, CellInfo cell) throws ServerFault {
        String place = mlflowExperimentId + "/" + cell.experimentId();
        Answer known = answers.get(place);
        if (known == null || known.runId.isEmpty() && System.nanoTime() - known.time > AGAIN) {
            Optional<String> runId = RunFinder.find(api, mlflowExperimentId, ExperimentRecord.key(cell.experimentId()))
                    .first()
                    .map(run -> run.getInfo().getRunId());
            known = new Answer(runId, System.nanoTime());
            answers.put(place, known);
        }
        return known.runId;
    }
}
