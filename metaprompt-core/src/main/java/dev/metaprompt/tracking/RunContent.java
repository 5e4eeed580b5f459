package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a server is to hold of a run: read from its directory, and the same on every reading of the same files.
 *
 * @param record the run's record
 * @param cell which cell of an experiment it is, if any
 * @param key what the run is known by on every server; follows from the record alone, or from the cell: two attempts at
 *     one cell are one run
 * @param params every resolved key
 * @param tags what the run can be found by
 * @param points curves and figures
 */
record RunContent(
        RunRecord record,
        Optional<CellInfo> cell,
        String key,
        Map<String, String> params,
        Map<String, String> tags,
        List<Point> points) {
    /** Raised when what is sent of a run changes, so that finished mirrors are looked at again. */
    private static final String FORMAT = "1";

    /** Tag: why the run failed. */
    static final String ERROR = "error";
    /** Tag: what was assumed of model and data, and what was left out. */
    static final String WARNINGS = "warnings";
    /** Tag: the experiment's name. */
    static final String EXPERIMENT = "metaprompt.experiment";
    /** Tag: the id of the experiment's plan. */
    static final String EXPERIMENT_ID = "metaprompt.experimentId";
    /** Tag that MLflow reads: the id of the parent run. */
    static final String PARENT = "mlflow.parentRunId";

    /** The shortest limit among MLflow's servers. */
    static final int LONGEST_PARAM = 500;

    static final int LONGEST_TAG = 5000;
    private static final Set<String> WITHOUT_EPISODES = Set.of("coop", "clip", "linear-probe");
    private static final List<String> ARTIFACTS =
            List.of(RunDirectory.RECORD, RunDirectory.REPORT, RunDirectory.LEARNED, RunDirectory.PREDICTIONS);

    /**
     * Reads a run.
     *
     * @param epochs how many epochs of its curves at most
     * @param host the name of the machine that trained it
     * @throws InvalidInputException if a file is damaged
     */
    static RunContent read(RunDirectory run, long epochs, String host) {
        RunRecord record = run.readRecord();
        Optional<CellInfo> cell = CellInfo.read(run.path());
        Map<String, String> tags = tags(record, host);
        cell.ifPresent(info -> tags.putAll(tags(info)));
        return new RunContent(
                record,
                cell,
                cell.map(RunContent::key).orElseGet(() -> key(record)),
                params(record),
                tags,
                EpochMetrics.read(run, record, epochs));
    }

    /** Returns the same with a tag more. */
    RunContent with(String tag, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(tag, value);
        return new RunContent(record, cell, key, params, more, points);
    }

    /** The experiment's name, not its plan's id: a longer plan takes its cells over. */
    private static String key(CellInfo cell) {
        String text = "cell|" + cell.experiment() + "|" + cell.cell();
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }

    private static Map<String, String> tags(CellInfo cell) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(EXPERIMENT, cell.experiment());
        tags.put(EXPERIMENT_ID, cell.experimentId());
        tags.put("metaprompt.cell", cell.cell());
        Map<String, String> axes = new LinkedHashMap<>();
        cell.coordinates().forEach((axis, label) -> axes.put("metaprompt.axis." + axis, label));
        Map<String, String> names = MlflowNames.fit(axes.keySet());
        axes.forEach((axis, label) -> tags.put(names.get(axis), shortened(label, LONGEST_TAG)));
        return tags;
    }

    /** The id alone may be given twice, on two machines; not to the nanosecond. */
    static String key(RunRecord record) {
        String text = record.id() + "|" + record.started() + "|" + record.method() + "|"
                + record.model().sha256() + "|" + record.dataset().sha256();
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }

    /** Returns the run's name, for example {@code metaprompt 5-way 2-shot s1}. */
    static String name(RunRecord record) {
        Object seed = record.config().getOrDefault("seed", 0);
        if (WITHOUT_EPISODES.contains(record.method())) {
            return record.method() + " s" + seed;
        }
        return record.method() + " " + record.config().get("way") + "-way "
                + record.config().get("shot") + "-shot s" + seed;
    }

    private static Map<String, String> params(RunRecord record) {
        Map<String, String> params = new LinkedHashMap<>();
        Map<String, String> names = MlflowNames.fit(record.config().keySet());
        record.config().forEach((key, value) -> params.put(names.get(key), shortened(value.toString(), LONGEST_PARAM)));
        return params;
    }

    static String shortened(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        String end = "… (" + text.length() + " characters, whole in " + RunDirectory.RECORD + ")";
        int length = longest - end.length();
        // Half a character would come back as another one.
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length) + end;
    }

    private static Map<String, String> tags(RunRecord record, String host) {
        Map<String, String> tags = new LinkedHashMap<>();
        String commit = record.environment().gitCommit().orElse("");
        boolean dirty = commit.endsWith("-dirty");
        tags.put("metaprompt.run_id", record.id());
        tags.put("method", record.method());
        for (String key : List.of("way", "shot", "seed")) {
            tags.put(key, String.valueOf(record.config().get(key)));
        }
        tags.put("dataset", record.dataset().name());
        tags.put("dataset_sha256", record.dataset().sha256());
        tags.put("model", record.model().name());
        tags.put("model_sha256", record.model().sha256());
        if (!commit.isEmpty()) {
            tags.put("git_commit", dirty ? commit.substring(0, commit.length() - "-dirty".length()) : commit);
            tags.put("git_dirty", Boolean.toString(dirty));
        }
        tags.put("host", host);
        tags.put("device", record.environment().device());
        tags.put("threads", Integer.toString(record.environment().threads()));
        tags.put("version", record.environment().project());
        tags.put("djl_version", record.environment().djl());
        tags.put("engine_version", record.environment().engine());
        tags.put("java_version", record.environment().java());
        tags.put("os", record.environment().os());
        record.error().ifPresent(error -> tags.put(ERROR, error));
        if (!record.warnings().isEmpty()) {
            tags.put(WARNINGS, String.join("\n", record.warnings()));
        }
        tags.replaceAll((key, value) -> shortened(value, LONGEST_TAG));
        return tags;
    }

    /** Tells whether the run has ended: nothing on a server may then go beyond its files. */
    boolean ended() {
        return record.status() != RunStatus.RUNNING;
    }

    /** Returns the files that go to the server, by their names there. */
    static Map<String, Path> artifacts(RunDirectory run) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String name : ARTIFACTS) {
            if (PlainFiles.isThere(run.file(name))) {
                files.put(name, run.file(name));
            }
        }
        plots(run.file("plots")).forEach(plot -> files.put("plots/" + plot.getFileName(), plot));
        return files;
    }

    private static List<Path> plots(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> plots = Files.list(folder)) {
            return plots.filter(plot -> plot.getFileName().toString().matches("[\\w.-]+\\.(svg|png)"))
                    .filter(PlainFiles::isThere)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be listed (" + Quoted.reason(e) + ").", e);
        }
    }

    /** Returns a digest of everything that is sent of a run. */
    static String digest(RunDirectory run) {
        MessageDigest digest = Sha256.begin();
        List<Path> files = new ArrayList<>(artifacts(run).values());
        files.add(run.file(RunDirectory.EPOCHS));
        files.add(run.file(RunDirectory.METRICS));
        files.add(run.file(CellInfo.FILE));
        digest.update(FORMAT.getBytes(StandardCharsets.UTF_8));
        for (Path file : files) {
            if (Files.exists(file)) {
                feed(digest, file);
            }
        }
        return Sha256.hex(digest);
    }

    static void feed(MessageDigest digest, Path file) {
        digest.update(("\n" + file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new DigestInputStream(PlainFiles.read(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read (" + Quoted.reason(e) + ").", e);
        }
    }
}
