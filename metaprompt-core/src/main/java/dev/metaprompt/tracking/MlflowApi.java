package dev.metaprompt.tracking;

import com.google.gson.JsonObject;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.RunsPage;

/** MLflow's client with a time limit on every call. */
final class MlflowApi implements AutoCloseable {
    /** The experiment that a server makes for itself. */
    private static final String ANY = "Default";

    private static final int PAGE = 100;
    private static final int METRICS_A_BATCH = 800;
    private static final int PARAMS_A_BATCH = 100;
    private static final int TAGS_A_BATCH = 90;

    /** What a list may hold: more than people look at, and less than fills the memory. */
    private static final int MOST_RUNS = 20_000;

    private static final long MOST_LIST_BYTES = 128L << 20;

    private final ServerCalls calls;
    private final ArtifactProxy artifacts;
    private MlflowClient client;

    /** Creates it; nothing is called yet. */
    MlflowApi(ServerCalls calls) {
        this.calls = calls;
        this.artifacts = new ArtifactProxy(calls);
    }

    ServerCalls calls() {
        return calls;
    }

    ArtifactProxy artifacts() {
        return artifacts;
    }

    /**
     * Sends a file of a run. A way that breaks is tried once more, as a server may have closed a connection that had been
     * idle; if it breaks again while the server answers something else, the fault is about the file: what is too large
     * is often answered by closing the connection, and whether the reason still arrives is chance.
     */
    void send(RunInfo run, String name, Path file) throws ServerFault {
        for (boolean again = false; ; again = true) {
            try {
                artifacts.put(run, name, file);
                return;
            } catch (ServerFault e) {
                if (!e.isBreak()) {
                    throw e;
                }
                requireAnswer();
                if (again) {
                    throw e.breaksAt(name, file.toFile().length());
                }
            }
        }
    }

    private <T> T ask(Callable<T> call) throws ServerFault {
        return calls.ask(call, calls.limit());
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
            client = new MlflowCaller(calls.server().wire());
        }
        return client;
    }

    /** Returns an experiment if there is one of that name, a deleted one too. */
    Optional<Experiment> experiment(String name) throws ServerFault {
        MlflowClient mlflow = client();
        return ask(() -> mlflow.getExperimentByName(name));
    }

    /** Asks something that every server can tell; whether the experiment is there is all the same. */
    void requireAnswer() throws ServerFault {
        experiment(ANY);
    }

    /** Returns the id of an experiment, which is created where it is missing. */
    String experimentId(String name) throws ServerFault {
        Optional<Experiment> there = experiment(name);
        if (there.isPresent()) {
            if (there.get().getLifecycleStage().equals("deleted")) {
                throw calls.changed("experiment " + Quoted.of(name)
                        + " is deleted there; restore it, or set metaprompt.tracking.experiment");
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
        List<Run> runs = new ArrayList<>();
        Pages pages = new Pages();
        long bytes = 0;
        for (String token = ""; goOn(pages, token, runs.size() <= MOST_RUNS && bytes <= MOST_LIST_BYTES); ) {
            String asked = token.isEmpty() ? null : token;
            RunsPage page = ask(() -> mlflow.searchRuns(List.of(experimentId), filter, view, PAGE, order, asked));
            bytes += page.getItems().stream().mapToLong(Run::getSerializedSize).sum();
            runs.addAll(page.getItems());
            token = page.getNextPageToken().orElse("");
        }
        return runs;
    }

    private boolean goOn(Pages pages, String token, boolean within) throws ServerFault {
        try {
            return pages.goOn(token, within);
        } catch (MlflowClientException e) {
            throw calls.broken("answers with " + Quoted.fault(e));
        }
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

    /** What one call sends. */
    private record Batch(List<Metric> metrics, List<Param> params, List<RunTag> tags) {
        int size() {
            return metrics.size() + params.size() + tags.size();
        }

        /** Its elements from one number to before another, metrics first. */
        Batch part(int from, int to) {
            int params0 = metrics.size();
            int tags0 = params0 + params.size();
            return new Batch(
                    slice(metrics, from, to),
                    slice(params, from - params0, to - params0),
                    slice(tags, from - tags0, to - tags0));
        }
    }

    private static <T> List<T> slice(List<T> all, int from, int to) {
        int start = Math.max(0, Math.min(from, all.size()));
        return all.subList(start, Math.max(start, Math.min(to, all.size())));
    }

    /**
     * Sends points, parameters and tags in as few calls as the server's limits allow.
     *
     * @throws ServerFault of status 413 if something is too large for the server; all else has arrived then
     */
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
        Leftovers leftovers = new Leftovers();
        int batch = 0;
        while (batch * METRICS_A_BATCH < metrics.size()
                || batch * PARAMS_A_BATCH < parameters.size()
                || batch * TAGS_A_BATCH < runTags.size()) {
            log(
                    runId,
                    new Batch(
                            part(metrics, batch, METRICS_A_BATCH),
                            part(parameters, batch, PARAMS_A_BATCH),
                            part(runTags, batch, TAGS_A_BATCH)),
                    leftovers);
            batch++;
        }
        leftovers.requireNone();
    }

    private static <T> List<T> part(List<T> all, int number, int size) {
        return slice(all, number * size, (number + 1) * size);
    }

    /** What is too large at once may go in parts. */
    private void log(String runId, Batch batch, Leftovers leftovers) throws ServerFault {
        try {
            tell(mlflow -> mlflow.logBatch(runId, batch.metrics, batch.params, batch.tags));
        } catch (ServerFault e) {
            if (e.status() != 413) {
                throw e;
            }
            int half = batch.size() / 2;
            if (half == 0) {
                leftovers.add(e);
            } else {
                log(runId, batch.part(0, half), leftovers);
                log(runId, batch.part(half, batch.size()), leftovers);
            }
        }
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
