package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;

/**
 * States of work, kept on an MLflow server for other machines: for each key a run, with an archive for the newest state.
 *
 * <p>An archive is uploaded first and announced by a tag of its own afterwards, so what is announced is whole. MLflow
 * cannot compare and set; but tags of different names do not overwrite each other, and everybody takes the newest of
 * those announced. So of two writers at once the one that has come further wins, whoever comes last, and a finished state
 * is never replaced. Who announces a state removes the older ones. Two runs of one key, created at once, count as one.
 *
 * <p>Nothing is held in memory. Calls are tried again for about half a minute. Safe for use by several threads and
 * machines.
 */
public final class ArtifactStore {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final TrackingServer server;
    private final String experiment;
    private final Duration pause;

    /** Asked for once, and again after every fault. */
    private volatile String experimentId;

    /**
     * Names a store; nothing is called yet.
     *
     * @param server the server
     * @param experiment MLflow's experiment, created where it is missing
     */
    public ArtifactStore(TrackingServer server, String experiment) {
        this(server, experiment, Duration.ofSeconds(1));
    }

    /** With another first pause between attempts, each later one being twice as long. */
    ArtifactStore(TrackingServer server, String experiment, Duration pause) {
        this.server = server;
        this.experiment = experiment;
        this.pause = pause;
    }

    /**
     * Returns the newest state.
     *
     * @param key what the work is known by
     * @return nothing if there is none
     * @throws StoreException if the server fails
     */
    public Optional<StoredState> newest(String key) {
        return attempt(api -> newest(find(api, key)).map(Place::state));
    }

    /**
     * Keeps a state, unless the store has come as far.
     *
     * @param key what the work is known by
     * @param name the run's name, for people
     * @param tags more tags of the run, for people; given when it is created
     * @param number how far the work has come
     * @param finished whether it is done
     * @param archive the state
     * @return false if the store had come as far already
     * @throws StoreException if the server fails
     * @throws InvalidInputException if the server refuses, or keeps files elsewhere
     */
    public boolean put(String key, String name, Map<String, String> tags, long number, boolean finished, Path archive) {
        String sha256 = sha256(archive);
        long bytes = size(archive);
        if (bytes > StoredState.MOST_BYTES) {
            throw new InvalidInputException(name + ": its state has " + bytes + " bytes, and a store takes "
                    + StoredState.MOST_BYTES + ". Share a folder: experiment.store=file:<folder>");
        }
        String file = (finished ? "finished-" : "state-") + number + "-" + sha256.substring(0, 12) + ".tar.gz";
        return attempt(api -> {
            List<Run> runs = find(api, key);
            if (newest(runs)
                    .filter(place -> !isOlder(place.state, number, finished))
                    .isPresent()) {
                return false;
            }
            RunInfo run =
                    runs.isEmpty() ? create(api, key, name, tags) : runs.get(0).getInfo();
            requireOwnFiles(run);
            api.artifacts().put(run, file, archive);
            StoredState state = new StoredState(
                    number, finished, file, sha256, bytes, Instant.now().toEpochMilli());
            api.setTag(run.getRunId(), state.tag(), state.text());
            tidy(api, runs, state);
            if (finished) {
                api.end(run.getRunId(), RunStatus.FINISHED, state.kept());
            }
            return true;
        });
    }

    private static boolean isOlder(StoredState there, long number, boolean finished) {
        return there.finished() ? false : finished || there.number() < number;
    }

    /**
     * Fetches the newest state.
     *
     * @param key what the work is known by
     * @param wanted whether a state is worth the way
     * @param into a file, which is replaced
     * @return the state whose archive is there now, of the announced size and digest; nothing if there is none, or the
     *     newest is not wanted
     * @throws StoreException if the server fails, or gives something else than was announced
     */
    public Optional<StoredState> get(String key, Predicate<StoredState> wanted, Path into) {
        return attempt(api -> {
            Optional<Place> newest = newest(find(api, key)).filter(place -> wanted.test(place.state));
            if (newest.isPresent()) {
                download(api, newest.get(), into);
            }
            return newest.map(Place::state);
        });
    }

    private static void download(MlflowApi api, Place place, Path into) throws ServerFault {
        StoredState state = place.state;
        String found = api.artifacts().get(place.run, state.file(), into, state.bytes());
        if (!found.equals(state.sha256())) {
            throw api.calls()
                    .changed("its file " + state.file() + " of run " + place.run.getRunId() + " has the digest " + found
                            + " and not " + state.sha256() + " as announced; if it stays so, delete that run there");
        }
    }

    private record Place(RunInfo run, StoredState state) {}

    private static Optional<Place> newest(List<Run> runs) {
        return states(runs).stream().max(Comparator.comparing(Place::state, StoredState.byAge()));
    }

    private static List<Place> states(List<Run> runs) {
        List<Place> states = new ArrayList<>();
        for (Run run : runs) {
            for (Map.Entry<String, String> tag : ServerRun.tags(run).entrySet()) {
                StoredState.read(tag).ifPresent(state -> states.add(new Place(run.getInfo(), state)));
            }
        }
        return states;
    }

    private List<Run> find(MlflowApi api, String key) throws ServerFault {
        return RunFinder.find(api, experimentId(api), hashed(key)).living();
    }

    private static String hashed(String key) {
        return Sha256.hex(("store|" + key).getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }

    private RunInfo create(MlflowApi api, String key, String name, Map<String, String> more) throws ServerFault {
        long now = Instant.now().toEpochMilli();
        Map<String, String> tags = new LinkedHashMap<>(more);
        tags.put(RunFinder.KEY, hashed(key));
        tags.put(RunFinder.CREATED, String.format(Locale.ROOT, "%016d", now));
        tags.put("mlflow.source.name", "metaprompt:experiment");
        return api.createRun(experimentId(api), name, now, tags);
    }

    private String experimentId(MlflowApi api) throws ServerFault {
        String id = experimentId;
        if (id == null) {
            id = api.experimentId(experiment);
            experimentId = id;
        }
        return id;
    }

    private void requireOwnFiles(RunInfo run) {
        if (!ArtifactProxy.takesFilesOf(run)) {
            throw new InvalidInputException("experiment.store is mlflow: but " + server.shown() + " keeps files at "
                    + server.redacted(run.getArtifactUri())
                    + " and takes none itself. Start it with --serve-artifacts, or share a folder:"
                    + " experiment.store=file:<folder>");
        }
    }

    /** Removes what is older: first the announcement, then the file. What stays by a fault harms nobody. */
    private static void tidy(MlflowApi api, List<Run> runs, StoredState state) {
        for (Place place : states(runs)) {
            if (isOlder(place.state, state.number(), state.finished())) {
                try {
                    api.deleteTag(place.run.getRunId(), place.state.tag());
                    api.artifacts().delete(place.run, place.state.file());
                } catch (ServerFault e) {
                    return;
                }
            }
        }
    }

    private interface Work<T> {
        T on(MlflowApi api) throws ServerFault;
    }

    private <T> T attempt(Work<T> work) {
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            try (MlflowApi api = new MlflowApi(new ServerCalls(server, LIMIT, () -> {}))) {
                return work.on(api);
            } catch (ServerFault e) {
                experimentId = null;
                requireWorthwhile(e, attempt);
                sleep(wait, e);
                wait = wait.multipliedBy(2);
            }
        }
    }

    private static void requireWorthwhile(ServerFault e, int attempt) {
        if (e.status() == 401 || e.status() == 403) {
            throw new InvalidInputException(e.getMessage() + ".", e);
        }
        if (e.status() == 413) {
            throw new InvalidInputException(
                    e.getMessage() + ". Raise the server's limit for uploads, or share a folder:"
                            + " experiment.store=file:<folder>",
                    e);
        }
        if (attempt >= ATTEMPTS || Thread.currentThread().isInterrupted()) {
            throw new StoreException(e.getMessage() + ". What is here is intact; go on when the server is back.", e);
        }
    }

    private static void sleep(Duration time, ServerFault fault) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(fault.getMessage() + ". Waiting for it was interrupted.", fault);
        }
    }

    private static String sha256(Path file) {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = new DigestInputStream(PlainFiles.read(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return Sha256.hex(digest);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static StoreException unreadable(Path file, IOException e) {
        return new StoreException(file + ": cannot be read (" + Quoted.reason(e) + ").", e);
    }
}
