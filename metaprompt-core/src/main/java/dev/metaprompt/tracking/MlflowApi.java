package dev.metaprompt.tracking;

import com.google.gson.JsonObject;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.Page;
import org.mlflow.tracking.RunsPage;

/** MLflow's client with a time limit on every call. */
final class MlflowApi implements AutoCloseable {
    private static final int PAGE = 100;
    private static final int METRICS_A_BATCH = 800;
    private static final int PARAMS_A_BATCH = 100;
    private static final int TAGS_A_BATCH = 90;

    /** Its faults reach the user once, as ours; held here, since the logging system forgets settings nobody holds. */
    private static final Logger HTTP_CLIENT = Logger.getLogger("org.mlflow_project.apachehttp");

    private final ServerCalls calls;
    private final ArtifactProxy artifacts;
    private MlflowClient client;

    /** Creates it; nothing is called yet. */
    MlflowApi(ServerCalls calls) {
        this(calls, null);
    }

    /** With a client for files that others use too. */
    MlflowApi(ServerCalls calls, HttpClient http) {
        this.calls = calls;
        this.artifacts = new ArtifactProxy(calls, http);
        HTTP_CLIENT.setLevel(Level.WARNING);
    }

    ServerCalls calls() {
        return calls;
    }

    ArtifactProxy artifacts() {
        return artifacts;
    }

    /** A hanging call is ended by closing the client: no interruption reaches its thread. */
    private <T> T ask(Callable<T> call) throws ServerFault {
        return calls.ask(call, calls.limit(), this::close);
    }

    private void tell(Consumer<MlflowClient> call) throws ServerFault {
        MlflowClient mlflow = client();
        ask(() -> {
            call.accept(mlflow);
            return null;
        });
    }

    private MlflowClient client() {
        if (client == null) {
            client = new MlflowClient(calls.server().credentials());
        }
        return client;
    }

    /** Returns an experiment if there is one of that name, a deleted one too. */
    Optional<Experiment> experiment(String name) throws ServerFault {
        MlflowClient mlflow = client();
        return ask(() -> mlflow.getExperimentByName(name));
    }

    /** Returns the id of an experiment, which is created where it is missing. */
    String experimentId(String name) throws ServerFault {
        Optional<Experiment> there = experiment(name);
        if (there.isPresent()) {
            if (there.get().getLifecycleStage().equals("deleted")) {
                throw calls.changed(
                        "experiment " + name + " is deleted there; restore it, or set metaprompt.tracking.experiment");
            }
            return there.get().getExperimentId();
        }
        MlflowClient mlflow = client();
        try {
            return ask(() -> mlflow.createExperiment(name));
        } catch (ServerFault e) {
            // Somebody else may have created it just now.
            return experiment(name).map(Experiment::getExperimentId).orElseThrow(() -> e);
        }
    }

    /** Returns every run of an experiment that a filter lets pass, whatever its lifecycle stage. */
    List<Run> runs(String experimentId, String filter, ViewType view, List<String> order) throws ServerFault {
        MlflowClient mlflow = client();
        RunsPage first = ask(() -> mlflow.searchRuns(List.of(experimentId), filter, view, PAGE, order));
        List<Run> runs = new ArrayList<>(first.getItems());
        Page<Run> page = first;
        while (page.hasNextPage()) {
            Page<Run> before = page;
            page = ask(before::getNextPage);
            page.getItems().forEach(runs::add);
        }
        return runs;
    }

    RunInfo createRun(String experimentId, String name, long startTime, Map<String, String> tags) throws ServerFault {
        CreateRun.Builder request = CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setRunName(name)
                .setStartTime(startTime);
        tags.forEach((key, value) -> request.addTags(tag(key, value)));
        MlflowClient mlflow = client();
        return ask(() -> mlflow.createRun(request.build()));
    }

    private static RunTag tag(String key, String value) {
        return RunTag.newBuilder().setKey(key).setValue(value).build();
    }

    List<Metric> history(String runId, String key) throws ServerFault {
        MlflowClient mlflow = client();
        return ask(() -> mlflow.getMetricHistory(runId, key));
    }

    /** Sends points, parameters and tags in as few calls as the server's limits allow. */
    void log(String runId, List<Point> points, Map<String, String> params, Map<String, String> tags)
            throws ServerFault {
        List<Metric> metrics = points.stream().map(MlflowApi::metric).toList();
        List<Param> parameters = params.entrySet().stream()
                .map(e -> Param.newBuilder()
                        .setKey(e.getKey())
                        .setValue(e.getValue())
                        .build())
                .toList();
        List<RunTag> runTags =
                tags.entrySet().stream().map(e -> tag(e.getKey(), e.getValue())).toList();
        int batch = 0;
        while (batch * METRICS_A_BATCH < metrics.size()
                || batch * PARAMS_A_BATCH < parameters.size()
                || batch * TAGS_A_BATCH < runTags.size()) {
            List<Metric> someMetrics = part(metrics, batch, METRICS_A_BATCH);
            List<Param> someParams = part(parameters, batch, PARAMS_A_BATCH);
            List<RunTag> someTags = part(runTags, batch, TAGS_A_BATCH);
            tell(mlflow -> mlflow.logBatch(runId, someMetrics, someParams, someTags));
            batch++;
        }
    }

    private static <T> List<T> part(List<T> all, int number, int size) {
        int from = Math.min(number * size, all.size());
        return all.subList(from, Math.min(from + size, all.size()));
    }

    private static Metric metric(Point point) {
        return Metric.newBuilder()
                .setKey(point.key())
                .setStep(point.step())
                .setTimestamp(point.timestamp())
                .setValue(point.value())
                .build();
    }

    void setTag(String runId, String key, String value) throws ServerFault {
        tell(mlflow -> mlflow.setTag(runId, key, value));
    }

    void deleteTag(String runId, String key) throws ServerFault {
        tell(mlflow -> mlflow.deleteTag(runId, key));
    }

    void deleteRun(String runId) throws ServerFault {
        tell(mlflow -> mlflow.deleteRun(runId));
    }

    void end(String runId, RunStatus status, long time) throws ServerFault {
        tell(mlflow -> mlflow.setTerminated(runId, status, time));
    }

    /** Marks an ended run as running again. */
    void reopen(String runId) throws ServerFault {
        JsonObject request = new JsonObject();
        request.addProperty("run_id", runId);
        request.addProperty("status", "RUNNING");
        tell(mlflow -> mlflow.sendPost("runs/update", request.toString()));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
