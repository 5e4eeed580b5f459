package dev.metaprompt.tracking;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;

/** A run on the server and what it holds, as far as the server has confirmed it. */
final class ServerRun {
    /** Each is a call; a run has a dozen. */
    private static final int MOST_METRICS = 10_000;

    private final Map<String, String> params = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private final Map<Point.Place, Double> points = new HashMap<>();
    private RunInfo info;
    private boolean doubled;

    private ServerRun(RunInfo info) {
        this.info = info;
    }

    /** Returns a run that was just created with some tags. */
    static ServerRun created(RunInfo info, Map<String, String> tags) {
        ServerRun run = new ServerRun(info);
        run.tags.putAll(tags);
        return run;
    }

    /** Reads a run that an earlier process created. */
    static ServerRun read(MlflowApi api, Run there) throws ServerFault {
        ServerRun run = new ServerRun(there.getInfo());
        run.tags.putAll(tags(there));
        for (Param param : there.getData().getParamsList()) {
            run.params.put(param.getKey(), param.getValue());
        }
        if (there.getData().getMetricsCount() > MOST_METRICS) {
            throw api.calls().changed("run " + run.id() + " has more than " + MOST_METRICS + " metrics there");
        }
        for (Metric latest : there.getData().getMetricsList()) {
            for (Metric metric : api.history(run.id(), latest.getKey())) {
                Point.Place place = new Point.Place(metric.getKey(), metric.getStep());
                run.doubled |= run.points.put(place, metric.getValue()) != null;
            }
        }
        return run;
    }

    /** Returns the tags of a run as a map. */
    static Map<String, String> tags(Run there) {
        Map<String, String> tags = new HashMap<>();
        for (RunTag tag : there.getData().getTagsList()) {
            tags.put(tag.getKey(), tag.getValue());
        }
        return tags;
    }

    String id() {
        return info.getRunId();
    }

    RunInfo info() {
        return info;
    }

    boolean hasTag(String key, String value) {
        return value.equals(tags.get(key));
    }

    boolean isTagged(String key) {
        return tags.containsKey(key);
    }

    /** MLflow adds and never takes back: what is wrong there cannot be put right in the same run. */
    boolean contradicts(RunContent content, boolean whole) {
        Map<Point.Place, Point> wanted = new HashMap<>();
        content.points().forEach(point -> wanted.put(point.place(), point));
        boolean otherPoint = points.entrySet().stream().anyMatch(there -> {
            Point point = wanted.get(there.getKey());
            return point == null ? whole && content.ended() : !point.sameValue(there.getValue());
        });
        boolean otherParam = content.params().entrySet().stream()
                .anyMatch(entry ->
                        !params.getOrDefault(entry.getKey(), entry.getValue()).equals(entry.getValue()));
        return doubled || otherPoint || otherParam;
    }

    /** Sends what is not there yet. */
    void add(MlflowApi api, RunContent content) throws ServerFault {
        if (!content.ended() && info.getStatus() != RunStatus.RUNNING) {
            api.reopen(id());
            info = info.toBuilder().setStatus(RunStatus.RUNNING).build();
        }
        List<Point> newPoints = content.points().stream()
                .filter(point -> !points.containsKey(point.place()))
                .toList();
        Map<String, String> newParams = missing(content.params(), params);
        Map<String, String> newTags = missing(content.tags(), tags);
        api.log(id(), newPoints, newParams, newTags);
        if (tags.containsKey(RunContent.ERROR) && !content.tags().containsKey(RunContent.ERROR)) {
            // An earlier attempt failed, and the run has gone on since.
            api.deleteTag(id(), RunContent.ERROR);
            tags.remove(RunContent.ERROR);
        }
        newPoints.forEach(point -> points.put(point.place(), point.value()));
        params.putAll(newParams);
        tags.putAll(newTags);
    }

    private static Map<String, String> missing(Map<String, String> wanted, Map<String, String> there) {
        Map<String, String> missing = new LinkedHashMap<>(wanted);
        missing.entrySet().removeIf(entry -> entry.getValue().equals(there.get(entry.getKey())));
        return missing;
    }

    void setTag(MlflowApi api, String key, String value) throws ServerFault {
        api.setTag(id(), key, value);
        tags.put(key, value);
    }
}
