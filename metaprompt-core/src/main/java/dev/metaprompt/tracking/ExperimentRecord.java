package dev.metaprompt.tracking;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far an experiment has come, for the parent run on a server: {@value #FILE} in the experiment's folder. Written
 * whether there is a server or not, so that everything can be sent later.
 *
 * @param facts what the experiment is
 * @param trackingExperiment MLflow's experiment as the user chose it; nothing for {@link #trackingExperiment(Optional)}'s
 *     choice
 * @param status how far it is
 * @param started when it was begun first
 * @param finished when it ended last; nothing while it goes on
 * @param figures the summary's figures, all finite, by names fit for a server
 */
public record ExperimentRecord(
        Facts facts,
        Optional<String> trackingExperiment,
        RunStatus status,
        Instant started,
        Optional<Instant> finished,
        Map<String, Double> figures) {
    /** The file's name. */
    public static final String FILE = "experiment-run.json";

    private static final long LARGEST = 64 << 20;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * What an experiment is.
     *
     * @param name its name
     * @param title one line for people
     * @param id digest of its plan
     * @param cells how many trainings
     * @param axes labels by axis, both in the matrix's order
     */
    public record Facts(String name, String title, String id, int cells, Map<String, List<String>> axes) {
        /** Copies the map; refuses missing parts. */
        public Facts {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(id, "id");
            Map<String, List<String>> copy = new LinkedHashMap<>();
            axes.forEach((axis, labels) -> copy.put(axis, List.copyOf(labels)));
            axes = Collections.unmodifiableMap(copy);
        }

        /**
         * Collects the axes from the cells.
         *
         * @param name the experiment's name
         * @param title one line for people
         * @param id digest of the plan
         * @param coordinates label by axis, of each cell
         * @return the facts
         */
        public static Facts of(String name, String title, String id, List<Map<String, String>> coordinates) {
            Map<String, Set<String>> axes = new LinkedHashMap<>();
            coordinates.forEach(cell -> cell.forEach((axis, label) ->
                    axes.computeIfAbsent(axis, each -> new LinkedHashSet<>()).add(label)));
            Map<String, List<String>> lists = new LinkedHashMap<>();
            axes.forEach((axis, labels) -> lists.put(axis, List.copyOf(labels)));
            return new Facts(name, title, id, coordinates.size(), lists);
        }
    }

    /** As it stands in the file. */
    private record Stored(
            Facts facts,
            String trackingExperiment,
            String status,
            String started,
            String finished,
            Map<String, Double> figures) {}

    /** Copies the figures, by name; refuses what is not finite. */
    public ExperimentRecord {
        figures.forEach((figure, value) -> {
            if (value == null || !Double.isFinite(value)) {
                throw new IllegalArgumentException("a figure is not finite");
            }
        });
        figures = Collections.unmodifiableMap(new TreeMap<>(figures));
    }

    /**
     * Begins an experiment, or goes on with it.
     *
     * @param folder the experiment's folder; exists
     * @param facts what the experiment is
     * @param trackingExperiment MLflow's experiment, if the user chose one
     * @param now the time
     * @return the record, which is written
     */
    public static ExperimentRecord begin(Path folder, Facts facts, Optional<String> trackingExperiment, Instant now) {
        Optional<ExperimentRecord> earlier =
                readQuietly(folder).filter(record -> record.facts.id().equals(facts.id()));
        ExperimentRecord record = new ExperimentRecord(
                facts,
                trackingExperiment,
                RunStatus.RUNNING,
                earlier.map(ExperimentRecord::started).orElse(now),
                Optional.empty(),
                earlier.map(ExperimentRecord::figures).orElse(Map.of()));
        record.write(folder);
        return record;
    }

    /** A damaged file is worth no more than none to what goes on. */
    static Optional<ExperimentRecord> readQuietly(Path folder) {
        try {
            return read(folder);
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    ExperimentRecord ended(RunStatus end, Map<String, Double> newFigures, Instant now) {
        Map<String, String> names = MlflowNames.fit(newFigures.keySet());
        Map<String, Double> fit = new TreeMap<>();
        newFigures.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                fit.put(names.get(name), value);
            }
        });
        return new ExperimentRecord(facts, trackingExperiment, end, started, Optional.of(now), fit);
    }

    /**
     * Returns MLflow's experiment: what is asked for now, or was when it was begun, or else
     * {@code metaprompt/<experiment>}. A parent and its children must be in one experiment for MLflow to show them as
     * such, and cells may have several datasets; so the dataset, which names the experiment of single runs, cannot.
     *
     * @param asked what the user asks for now
     * @return its name
     */
    public String trackingExperiment(Optional<String> asked) {
        return asked.or(() -> trackingExperiment).orElse(trackingExperiment(facts.name()));
    }

    static String trackingExperiment(String name) {
        return "metaprompt/" + name;
    }

    /** Returns what the parent run is known by. */
    static String key(String experimentId) {
        return Sha256.hex(("experiment|" + experimentId).getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
    }

    void write(Path folder) {
        AtomicFiles.writeText(folder.resolve(FILE), text());
    }

    String text() {
        return GSON.toJson(new Stored(
                        facts,
                        trackingExperiment.orElse(null),
                        status.name(),
                        started.toString(),
                        finished.map(Instant::toString).orElse(null),
                        figures))
                + "\n";
    }

    /**
     * Reads the record of an experiment.
     *
     * @param folder the experiment's folder
     * @return nothing if it was never begun
     * @throws InvalidInputException if the file is damaged
     */
    public static Optional<ExperimentRecord> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!PlainFiles.isThere(file)) {
            return Optional.empty();
        }
        try {
            Stored stored = GSON.fromJson(PlainFiles.text(file, LARGEST), Stored.class);
            return Optional.of(new ExperimentRecord(
                    Objects.requireNonNull(stored.facts, "facts"),
                    Optional.ofNullable(stored.trackingExperiment),
                    RunStatus.valueOf(stored.status),
                    Instant.parse(stored.started),
                    Optional.ofNullable(stored.finished).map(Instant::parse),
                    stored.figures));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new InvalidInputException(
                    file + ": does not tell how far the experiment is (" + Quoted.reason(e)
                            + "). Run the experiment again, which writes it.",
                    e);
        }
    }
}
