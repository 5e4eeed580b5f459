package dev.metaprompt.tracking;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlflow.api.proto.Service.CreateExperiment;
import org.mlflow.api.proto.Service.DeleteRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.GetExperimentByName;
import org.mlflow.api.proto.Service.GetMetricHistory;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/**
 * MLflow's client over our {@link Wire}. Its own HTTP library follows redirects with the credentials and reads answers
 * without limit, so it is given no credentials, and the calls that would go past the methods below are made here.
 */
final class MlflowCaller extends MlflowClient {
    private static final long serialVersionUID = 1L;
    private static final int POINTS_A_PAGE = 25_000;

    /** Of one metric: a hundred times what the longest training has. */
    private static final int MOST_POINTS = 1_000_000;

    private final transient Wire wire;

    MlflowCaller(Wire wire) {
        super(new BasicMlflowHostCreds(wire.server().uri()));
        this.wire = wire;
    }

    @Override
    public String sendGet(String path) {
        return send(path, HttpRequest.newBuilder().GET());
    }

    @Override
    public String sendPost(String path, String json) {
        return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    @Override
    public String sendPatch(String path, String json) {
        return send(path, HttpRequest.newBuilder().method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    private String send(String path, HttpRequest.Builder request) {
        try {
            return wire.call(path, request);
        } catch (IOException e) {
            throw new MlflowClientException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowClientException(e);
        }
    }

    @Override
    public Optional<Experiment> getExperimentByName(String name) {
        try {
            GetExperimentByName.Response.Builder answer = GetExperimentByName.Response.newBuilder();
            read(sendGet("experiments/get-by-name?experiment_name=" + encoded(name)), answer);
            return Optional.of(answer.getExperiment());
        } catch (MlflowHttpException e) {
            if (e.getStatusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public String createExperiment(String name) {
        return createExperiment(CreateExperiment.newBuilder().setName(name).build());
    }

    @Override
    public void deleteRun(String runId) {
        sendPost("runs/delete", print(DeleteRun.newBuilder().setRunId(runId).build()));
    }

    @Override
    public List<Metric> getMetricHistory(String runId, String key) {
        String query = "metrics/get-history?run_uuid=" + encoded(runId) + "&run_id=" + encoded(runId) + "&metric_key="
                + encoded(key) + "&max_results=" + POINTS_A_PAGE;
        List<Metric> points = new ArrayList<>();
        Pages pages = new Pages();
        for (String token = ""; pages.goOn(token, points.size() <= MOST_POINTS); ) {
            GetMetricHistory.Response.Builder answer = GetMetricHistory.Response.newBuilder();
            read(sendGet(token.isEmpty() ? query : query + "&page_token=" + encoded(token)), answer);
            points.addAll(answer.getMetricsList());
            token = answer.getNextPageToken();
        }
        return points;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String print(Message message) {
        try {
            return JsonFormat.printer().preservingProtoFieldNames().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new MlflowClientException(e);
        }
    }

    private static void read(String json, Message.Builder into) {
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(json, into);
        } catch (InvalidProtocolBufferException e) {
            throw new MlflowClientException(e);
        }
    }
}
