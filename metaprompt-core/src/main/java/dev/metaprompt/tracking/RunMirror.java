package dev.metaprompt.tracking;

import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.RunStatus;

/**
 * Brings one run to one server. The caller holds the run's {@link TrackingLock}.
 *
 * <p>Whatever an earlier attempt got done is found on the server and not sent twice. After a {@link ServerFault} it is
 * unknown what arrived; the next call then asks the server anew.
 */
final class RunMirror {
    /** Tag, written last: the digest of what has arrived. */
    static final String MIRRORED = "metaprompt.mirrored";

    /** A request to create a run whose answer is not known may be carried out this long after it was sent. */
    private static final Duration LATE = Duration.ofSeconds(12);

    private static final Duration POLL = Duration.ofMillis(500);

    /** How a call went. */
    enum Outcome {
        /** What was missing on the server, if anything, has arrived. */
        SENT,
        /** Nothing was missing. */
        COMPLETE,
        /** Somebody deleted the run on the server; it stays deleted. */
        DELETED_THERE
    }

    private final MlflowApi api;
    private final Parents parents;
    private final RunDirectory directory;
    private TrackingState state;
    private String experimentId;
    private ServerRun run;

    RunMirror(MlflowApi api, Parents parents, RunDirectory directory, String experiment) {
        this.api = api;
        this.parents = parents;
        this.directory = directory;
        this.state = TrackingState.read(directory, api.calls().server().uri(), experiment);
    }

    /** Notes in the run directory that the run is to be mirrored, so that the next process finishes what this began. */
    void announce() {
        state = state.arrived(null);
        state.write(directory);
    }

    /** Returns the run's page, below the server's address; only after a call that went well. */
    String page() {
        return "/#/experiments/" + experimentId + "/runs/" + run.id();
    }

    /** Tells whether files went, or would go, to the server: those of another store only MLflow's own client reaches. */
    boolean takesArtifacts() {
        return ArtifactProxy.takesFilesOf(run.info());
    }

    /** Sends what is missing of the first epochs of a run that goes on. */
    Outcome update(long epochs) throws ServerFault {
        return attempt(() -> {
            Leftovers leftovers = new Leftovers();
            Outcome outcome = send(RunContent.read(directory, epochs, state.host()), false, leftovers);
            leftovers.requireNone();
            return outcome;
        });
    }

    /** Sends whatever is missing of a run as its directory has it now. */
    Outcome complete() throws ServerFault {
        return attempt(() -> {
            // The digest first: should the files change in between, the next call finds another digest.
            String digest = RunContent.digest(directory);
            RunContent content = RunContent.read(directory, Long.MAX_VALUE, state.host());
            if (content.cell().isPresent()) {
                // Another attempt at the cell may have sent something since.
                run = null;
            }
            if (run == null && !attach(content)) {
                return Outcome.DELETED_THERE;
            }
            if (run.hasTag(MIRRORED, digest) && isLinked(content)) {
                remember(digest);
                return Outcome.COMPLETE;
            }
            Leftovers leftovers = new Leftovers();
            Outcome outcome = send(content, true, leftovers);
            if (outcome == Outcome.SENT) {
                seal(content, digest, leftovers);
            }
            return outcome;
        });
    }

    private interface Attempt {
        Outcome run() throws ServerFault;
    }

    private Outcome attempt(Attempt attempt) throws ServerFault {
        boolean well = false;
        try {
            Outcome outcome = attempt.run();
            well = true;
            return outcome;
        } finally {
            if (!well) {
                run = null;
            }
        }
    }

    private Outcome send(RunContent content, boolean whole, Leftovers leftovers) throws ServerFault {
        if (run == null && !attach(content)) {
            return Outcome.DELETED_THERE;
        }
        if (isSettled(content)) {
            return Outcome.COMPLETE;
        }
        if (run.contradicts(content, whole)) {
            RunFinder.setAside(api, run.id());
            if (!attach(content)) {
                return Outcome.DELETED_THERE;
            }
        }
        Optional<String> parent = parent(content);
        RunContent linked =
                parent.map(id -> content.with(RunContent.PARENT, id)).orElse(content);
        try {
            run.add(api, linked);
            rememberParent(parent);
        } catch (ServerFault e) {
            if (e.status() != 413) {
                throw e;
            }
            leftovers.add(e);
        }
        return Outcome.SENT;
    }

    private Optional<String> parent(RunContent content) throws ServerFault {
        return content.cell().isPresent()
                ? parents.find(experimentId, content.cell().get())
                : Optional.empty();
    }

    private boolean isLinked(RunContent content) throws ServerFault {
        Optional<String> parent = parent(content);
        boolean linked = parent.isEmpty() || run.hasTag(RunContent.PARENT, parent.get());
        if (linked) {
            rememberParent(parent);
        }
        return linked;
    }

    private void rememberParent(Optional<String> parent) {
        if (parent.isPresent() && !parent.get().equals(state.parent())) {
            state = state.linked(parent.get());
            state.write(directory);
        }
    }

    /** Whether the server has the cell finished, by an attempt that was faster: an unfinished one changes nothing then. */
    private boolean isSettled(RunContent content) {
        return content.cell().isPresent()
                && content.record().status() != dev.metaprompt.run.RunStatus.FINISHED
                && run.info().getStatus() == RunStatus.FINISHED
                && run.isTagged(MIRRORED);
    }

    /** Finds the run on the server or creates it, and learns what it holds; false if somebody deleted it there. */
    private boolean attach(RunContent content) throws ServerFault {
        experimentId = api.experimentId(state.experiment());
        RunFinder.Found found = RunFinder.find(api, experimentId, content.key());
        while (found.living().isEmpty() && createMayBeUnderWay()) {
            api.calls().pause(POLL);
            found = RunFinder.find(api, experimentId, content.key());
        }
        RunFinder.setAside(api, found.superfluous());
        if (found.deletedThere()) {
            return false;
        }
        run = found.living().isEmpty()
                ? create(content.key(), content.record())
                : ServerRun.read(api, found.living().get(0));
        state = state.found(run.id());
        state.write(directory);
        return true;
    }

    private boolean createMayBeUnderWay() {
        Instant now = Instant.now();
        return state.asked()
                .filter(asked -> asked.plus(LATE).isAfter(now) && !asked.isAfter(now))
                .isPresent();
    }

    private ServerRun create(String key, RunRecord record) throws ServerFault {
        Instant now = Instant.now();
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(RunFinder.KEY, key);
        tags.put(RunFinder.CREATED, String.format(Locale.ROOT, "%016d", now.toEpochMilli()));
        tags.put("mlflow.source.name", "metaprompt:train");
        state = state.asking(now);
        state.write(directory);
        String name = RunContent.name(record);
        return ServerRun.created(
                api.createRun(experimentId, name, record.started().toEpochMilli(), tags), tags);
    }

    /** Files, status, and last of all the tag that says that everything is there, if it is. */
    private void seal(RunContent content, String digest, Leftovers leftovers) throws ServerFault {
        if (takesArtifacts()) {
            for (Map.Entry<String, Path> file : RunContent.artifacts(directory).entrySet()) {
                leftovers.attempt(() -> api.send(run.info(), file.getKey(), file.getValue()));
            }
        }
        Optional<RunStatus> end = end(content.record().status());
        if (end.isPresent()) {
            Instant time = content.record().finished().orElse(content.record().started());
            api.end(run.id(), end.get(), time.toEpochMilli());
        }
        RunFinder.Found found = RunFinder.find(api, experimentId, content.key());
        if (!found.isFirst(run.id())) {
            throw api.calls().changed("the run was deleted or replaced there meanwhile");
        }
        RunFinder.setAside(api, found.superfluous());
        leftovers.requireNone();
        run.setTag(api, MIRRORED, digest);
        remember(digest);
    }

    private void remember(String digest) {
        if (!digest.equals(state.mirrored())) {
            state = state.arrived(digest);
            state.write(directory);
        }
    }

    static Optional<RunStatus> end(dev.metaprompt.run.RunStatus status) {
        return switch (status) {
            case RUNNING -> Optional.empty();
            case FINISHED -> Optional.of(RunStatus.FINISHED);
            case FAILED -> Optional.of(RunStatus.FAILED);
            case INTERRUPTED -> Optional.of(RunStatus.KILLED);
        };
    }
}
