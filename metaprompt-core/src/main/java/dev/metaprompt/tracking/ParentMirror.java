package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;

/**
 * Brings an experiment to a server as the parent run of its cells. Like a run it is found by a tag, which follows from
 * the plan's id; so whoever runs the experiment, and however often, there is one parent. Figures may change from one
 * time to the next: a changed one becomes a further point.
 */
final class ParentMirror {
    /** Tag of parents alone: how many cells. */
    static final String CELLS = "metaprompt.cells";

    private static final Pattern FILES =
            Pattern.compile("(experiment|summary)\\.json|summary\\.(md|csv)|report\\.html|claims\\.\\w+");

    private final MlflowApi api;
    private final Path folder;
    private String experimentId;
    private RunInfo info;

    ParentMirror(MlflowApi api, Path folder) {
        this.api = api;
        this.folder = folder;
    }

    /** Returns the run's page; only after a call that went well. */
    String page() {
        return "/#/experiments/" + experimentId + "/runs/" + info.getRunId();
    }

    /** Returns the run's id; only after a call that went well. */
    String runId() {
        return info.getRunId();
    }

    /** Sends what is missing of an experiment as its folder has it now. */
    RunMirror.Outcome send(ExperimentRecord record, String experiment) throws ServerFault {
        Map<String, Path> files = files();
        String digest = digest(record, files);
        experimentId = api.experimentId(experiment);
        RunFinder.Found found = RunFinder.find(
                api, experimentId, ExperimentRecord.key(record.facts().id()));
        RunFinder.setAside(api, found.superfluous());
        if (found.deletedThere()) {
            return RunMirror.Outcome.DELETED_THERE;
        }
        Map<String, String> tags = tags(record.facts());
        Run there = found.first().orElse(null);
        info = there == null ? create(record, tags) : there.getInfo();
        if (there != null && digest.equals(ServerRun.tags(there).get(RunMirror.MIRRORED))) {
            return RunMirror.Outcome.COMPLETE;
        }
        Leftovers leftovers = new Leftovers();
        leftovers.attempt(() -> api.log(info.getRunId(), points(record, there), params(record.facts(), there), tags));
        status(record);
        if (ArtifactProxy.takesFilesOf(info)) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                leftovers.attempt(() -> api.send(info, file.getKey(), file.getValue()));
            }
        }
        leftovers.requireNone();
        api.setTag(info.getRunId(), RunMirror.MIRRORED, digest);
        return RunMirror.Outcome.SENT;
    }

    private RunInfo create(ExperimentRecord record, Map<String, String> tags) throws ServerFault {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put(RunFinder.KEY, ExperimentRecord.key(record.facts().id()));
        all.put(
                RunFinder.CREATED,
                String.format(Locale.ROOT, "%016d", Instant.now().toEpochMilli()));
        all.put("mlflow.source.name", "metaprompt:experiment");
        return api.createRun(
                experimentId, record.facts().name(), record.started().toEpochMilli(), all);
    }

    private static Map<String, String> tags(ExperimentRecord.Facts facts) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(RunContent.EXPERIMENT, facts.name());
        tags.put(RunContent.EXPERIMENT_ID, facts.id());
        tags.put(CELLS, Integer.toString(facts.cells()));
        tags.put("mlflow.note.content", facts.title());
        tags.put("metaprompt.title", facts.title());
        tags.replaceAll((key, value) -> RunContent.shortened(value, RunContent.LONGEST_TAG));
        return tags;
    }

    /** A parameter that is there already stays: MLflow changes none. */
    private static Map<String, String> params(ExperimentRecord.Facts facts, Run there) {
        Map<String, String> params = new LinkedHashMap<>();
        Map<String, String> names = MlflowNames.fit(facts.axes().keySet());
        facts.axes()
                .forEach((axis, labels) -> params.put(
                        names.get(axis), RunContent.shortened(String.join(", ", labels), RunContent.LONGEST_PARAM)));
        if (there != null) {
            for (Param param : there.getData().getParamsList()) {
                params.remove(param.getKey());
            }
        }
        return params;
    }

    private static List<Point> points(ExperimentRecord record, Run there) {
        Map<String, Metric> latest = new LinkedHashMap<>();
        if (there != null) {
            there.getData().getMetricsList().forEach(metric -> latest.put(metric.getKey(), metric));
        }
        long time = record.finished().orElse(record.started()).toEpochMilli();
        // An earlier version recorded names that not every server takes.
        Map<String, String> names = MlflowNames.fit(record.figures().keySet());
        return record.figures().entrySet().stream()
                .map(figure -> {
                    String name = names.get(figure.getKey());
                    Metric before = latest.get(name);
                    long step = before == null ? 0 : before.getStep() + 1;
                    return before != null && before.getValue() == figure.getValue()
                            ? null
                            : new Point(name, step, time, figure.getValue());
                })
                .filter(point -> point != null)
                .toList();
    }

    private void status(ExperimentRecord record) throws ServerFault {
        Optional<RunStatus> end = RunMirror.end(record.status());
        if (end.isPresent()) {
            api.end(
                    info.getRunId(),
                    end.get(),
                    record.finished().orElse(record.started()).toEpochMilli());
        } else if (info.getStatus() != RunStatus.RUNNING) {
            api.reopen(info.getRunId());
        }
    }

    /** The files that people and programs read, by name. */
    private Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(PlainFiles::isThere)
                    .filter(file -> isSent(file.getFileName().toString()))
                    .sorted()
                    .forEach(file -> files.put(file.getFileName().toString(), file));
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be listed (" + Quoted.reason(e) + ").", e);
        }
        return files;
    }

    private static boolean isSent(String name) {
        return FILES.matcher(name).matches();
    }

    private static String digest(ExperimentRecord record, Map<String, Path> files) {
        MessageDigest digest = Sha256.begin();
        digest.update(record.text().getBytes(StandardCharsets.UTF_8));
        files.values().forEach(file -> RunContent.feed(digest, file));
        return Sha256.hex(digest);
    }
}
