package dev.metaprompt.tracking;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.metaprompt.Host;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run directory knows of its mirror: {@code tracking.json}. A cache, except for {@code createAsked}: the server
 * is asked before anything is believed, and the file may be deleted at any time.
 *
 * @param uri the server that is to hold the run
 * @param experiment the experiment's name there
 * @param host the machine that trained the run
 * @param createAsked when the server was last asked to create the run, while its answer is not known
 * @param runId the run's id on the server
 * @param mirrored the digest of what has arrived there
 * @param parent the id of the parent run there that the run was last linked to, if it is a cell of an experiment
 */
record TrackingState(
        String uri, String experiment, String host, String createAsked, String runId, String mirrored, String parent) {
    /** The file in a run directory. */
    static final String FILE = "tracking.json";

    private static final long LARGEST = 1 << 20;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** Reads the state of a run, or begins one; a damaged file counts as none. */
    static TrackingState read(RunDirectory run, String uri, String experiment) {
        Optional<TrackingState> read = find(run);
        String host = read.map(TrackingState::host).orElseGet(Host::name);
        boolean same = read.isPresent() && uri.equals(read.get().uri) && experiment.equals(read.get().experiment);
        return same
                ? new TrackingState(
                        uri,
                        experiment,
                        host,
                        read.get().createAsked,
                        read.get().runId,
                        read.get().mirrored,
                        read.get().parent)
                : new TrackingState(uri, experiment, host, null, null, null, null);
    }

    static Optional<TrackingState> find(RunDirectory run) {
        Path file = run.file(FILE);
        try {
            return PlainFiles.isThere(file)
                    ? Optional.ofNullable(GSON.fromJson(PlainFiles.text(file, LARGEST), TrackingState.class))
                    : Optional.empty();
        } catch (IOException | JsonParseException e) {
            return Optional.empty();
        }
    }

    void write(RunDirectory run) {
        AtomicFiles.writeText(run.file(FILE), GSON.toJson(this) + "\n");
    }

    TrackingState asking(Instant now) {
        return new TrackingState(uri, experiment, host, now.toString(), null, null, null);
    }

    TrackingState found(String id) {
        boolean same = id.equals(runId);
        return new TrackingState(uri, experiment, host, null, id, same ? mirrored : null, same ? parent : null);
    }

    TrackingState arrived(String digest) {
        return new TrackingState(uri, experiment, host, createAsked, runId, digest, parent);
    }

    TrackingState linked(String to) {
        return new TrackingState(uri, experiment, host, createAsked, runId, mirrored, to);
    }

    /** Returns when the server was asked to create the run, if nobody knows yet whether it has. */
    Optional<Instant> asked() {
        try {
            return Optional.ofNullable(createAsked).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
