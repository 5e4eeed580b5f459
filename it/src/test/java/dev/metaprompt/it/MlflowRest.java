package dev.metaprompt.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A server's REST interface as its users see it; shares nothing with the code under test. */
final class MlflowRest {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Supplier<String> uri;

    MlflowRest(Supplier<String> uri) {
        this.uri = uri;
    }

    /**
     * A run on the server.
     *
     * @param json as the server gives it
     */
    record Run(JsonObject json) {
        String id() {
            return json.getAsJsonObject("info").get("run_id").getAsString();
        }

        String info(String name) {
            return json.getAsJsonObject("info").get(name).getAsString();
        }

        Map<String, String> params() {
            return pairs("params");
        }

        Map<String, String> tags() {
            return pairs("tags");
        }

        private Map<String, String> pairs(String name) {
            Map<String, String> pairs = new TreeMap<>();
            JsonArray array = json.getAsJsonObject("data").getAsJsonArray(name);
            for (JsonElement element : array == null ? new JsonArray() : array) {
                JsonObject pair = element.getAsJsonObject();
                pairs.put(pair.get("key").getAsString(), pair.get("value").getAsString());
            }
            return pairs;
        }

        /** Returns the last value of each metric. */
        Map<String, Double> metrics() {
            Map<String, Double> metrics = new TreeMap<>();
            JsonArray array = json.getAsJsonObject("data").getAsJsonArray("metrics");
            for (JsonElement element : array == null ? new JsonArray() : array) {
                JsonObject metric = element.getAsJsonObject();
                metrics.put(metric.get("key").getAsString(), metric.get("value").getAsDouble());
            }
            return metrics;
        }
    }

    /**
     * A point of a metric.
     *
     * @param step its step
     * @param value its value
     */
    record Point(long step, double value) {}

    String experimentId(String name) throws IOException, InterruptedException {
        JsonObject answer = get("mlflow/experiments/get-by-name?experiment_name=" + encode(name));
        return answer.getAsJsonObject("experiment").get("experiment_id").getAsString();
    }

    /** Returns the runs of an experiment that nobody has deleted. */
    List<Run> runs(String experiment) throws IOException, InterruptedException {
        JsonObject request = new JsonObject();
        JsonArray ids = new JsonArray();
        ids.add(experimentId(experiment));
        request.add("experiment_ids", ids);
        request.addProperty("max_results", 1000);
        JsonArray found = post("mlflow/runs/search", request).getAsJsonArray("runs");
        List<Run> runs = new ArrayList<>();
        for (JsonElement run : found == null ? new JsonArray() : found) {
            runs.add(new Run(run.getAsJsonObject()));
        }
        return runs;
    }

    List<Point> history(String runId, String metric) throws IOException, InterruptedException {
        JsonArray found = get("mlflow/metrics/get-history?run_id=" + runId + "&metric_key=" + encode(metric))
                .getAsJsonArray("metrics");
        List<Point> points = new ArrayList<>();
        for (JsonElement element : found == null ? new JsonArray() : found) {
            JsonObject point = element.getAsJsonObject();
            points.add(
                    new Point(point.get("step").getAsLong(), point.get("value").getAsDouble()));
        }
        return points;
    }

    byte[] artifact(Run run, String name) throws IOException, InterruptedException {
        String path = "mlflow-artifacts/artifacts/" + run.info("experiment_id") + "/" + run.id() + "/artifacts/" + name;
        return send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Returns the names of a run's files. */
    List<String> artifacts(Run run) throws IOException, InterruptedException {
        JsonArray found = get("mlflow/artifacts/list?run_id=" + run.id()).getAsJsonArray("files");
        List<String> names = new ArrayList<>();
        for (JsonElement file : found == null ? new JsonArray() : found) {
            names.add(file.getAsJsonObject().get("path").getAsString());
        }
        return names;
    }

    private URI address(String path) {
        return URI.create(uri.get() + "/api/2.0/" + path);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonObject get(String path) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(address(path)));
    }

    private JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private JsonObject json(HttpRequest.Builder request) throws IOException, InterruptedException {
        return JsonParser.parseString(
                        send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString()))
                .getAsJsonObject();
    }

    private <T> T send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpResponse<T> response = client.send(request, handler);
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answers " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
