package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The parent run of an experiment that goes on: there before the first cell, so that cells find it, and complete at the
 * end. No fault of the server reaches the experiment: the user hears of the first one, and a synchronisation sends the
 * rest. Calls block for as long as a call to a server that hangs may take, which is a few seconds; used by one thread.
 */
public final class ExperimentRun {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration HURRY = Duration.ofSeconds(3);
    private static final Duration END = Duration.ofSeconds(30);

    private final Optional<TrackingServer> server;
    private final Optional<String> experiment;
    private final Path folder;
    private final Progress progress;
    private ExperimentRecord record;
    private Optional<String> link = Optional.empty();
    private boolean warned;

    private ExperimentRun(
            Optional<TrackingServer> server,
            Optional<String> experiment,
            Path folder,
            ExperimentRecord record,
            Progress progress) {
        this.server = server;
        this.experiment = experiment;
        this.folder = folder;
        this.record = record;
        this.progress = progress;
    }

    /**
     * Begins an experiment, or goes on with it, and shows it on the server.
     *
     * @param server where to; nothing to keep the record alone
     * @param experiment MLflow's experiment; {@code metaprompt/<experiment>} if empty
     * @param folder the experiment's folder; exists
     * @param facts what the experiment is
     * @param progress hears at most one warning
     * @return to be ended by the caller
     */
    public static ExperimentRun begin(
            Optional<TrackingServer> server,
            Optional<String> experiment,
            Path folder,
            ExperimentRecord.Facts facts,
            Progress progress) {
        ExperimentRecord record = ExperimentRecord.begin(folder, facts, experiment, Instant.now());
        ExperimentRun run = new ExperimentRun(server, experiment, folder, record, progress);
        server.flatMap(TrackingServer::warning).ifPresent(progress::phase);
        run.send(CALL, List.of());
        return run;
    }

    /**
     * Returns the experiment's page.
     *
     * @return an address; nothing without a server, or if the run has not arrived there
     */
    public Optional<String> link() {
        return link;
    }

    /**
     * Ends the experiment: records how, and sends figures, files ({@code experiment.json}, {@code summary.*},
     * {@code report.html}, {@code claims.*} of its folder), and the runs of its cells that the server has not got yet or
     * that have not found their parent.
     *
     * @param status how it ended: not {@link RunStatus#RUNNING}
     * @param figures by name, for example {@code harmonic_mean/metaprompt}; names that not every MLflow server takes
     *     are changed, kept apart, and what is not finite is left out
     * @param hurry whether the process is about to be ended from outside: then only the experiment itself is sent
     * @return the experiment's page, if everything of the experiment itself has arrived
     */
    public Optional<String> end(RunStatus status, Map<String, Double> figures, boolean hurry) {
        if (status == RunStatus.RUNNING) {
            throw new IllegalArgumentException("an experiment that goes on has no end");
        }
        record = record.ended(status, figures, Instant.now());
        record.write(folder);
        link = Optional.empty();
        send(hurry ? HURRY : CALL, hurry ? List.of() : RunDirectory.list(folder));
        return link;
    }

    private void send(Duration limit, List<RunDirectory> cells) {
        if (server.isEmpty()) {
            return;
        }
        try (MlflowApi api = new MlflowApi(new ServerCalls(server.get(), limit, () -> {}))) {
            ParentMirror mirror = new ParentMirror(api, folder);
            Optional<String> parent = sendParent(mirror);
            sendCells(parent, cells);
        } catch (ServerFault | InvalidInputException e) {
            warn(Quoted.fault(e));
        }
    }

    /** Returns the parent's id, if it is there whole; a fault that is about the parent leaves the cells to be sent. */
    private Optional<String> sendParent(ParentMirror mirror) throws ServerFault {
        try {
            if (mirror.send(record, record.trackingExperiment(experiment)) == RunMirror.Outcome.DELETED_THERE) {
                warn("the experiment's run was deleted on "
                        + server.orElseThrow().uri() + "; restore it there to have it back");
                return Optional.empty();
            }
            link = Optional.of(server.orElseThrow().uri() + mirror.page());
            return Optional.of(mirror.runId());
        } catch (ServerFault e) {
            if (e.blame() != ServerFault.Blame.ITEM) {
                throw e;
            }
            warn(e.getMessage());
            return Optional.empty();
        }
    }

    private void sendCells(Optional<String> parent, List<RunDirectory> cells) throws ServerFault {
        long end = System.nanoTime() + END.toNanos();
        Runnable inTime = () -> {
            if (System.nanoTime() - end > 0) {
                throw new CancellationException("time is up");
            }
        };
        try (MlflowApi api = new MlflowApi(new ServerCalls(server.orElseThrow(), CALL, inTime))) {
            Parents parents = new Parents(api);
            for (RunDirectory cell : cells) {
                if (waits(cell, parent)) {
                    sendCell(api, parents, cell);
                }
            }
        } catch (CancellationException e) {
            warn("there are more runs than could be sent now");
        }
    }

    private boolean waits(RunDirectory cell, Optional<String> parent) {
        return TrackingState.find(cell)
                .filter(state -> server.orElseThrow().uri().equals(state.uri()) && state.experiment() != null)
                .filter(state -> state.mirrored() == null
                        || parent.isPresent() && !parent.get().equals(state.parent()))
                .isPresent();
    }

    private void sendCell(MlflowApi api, Parents parents, RunDirectory cell) throws ServerFault {
        try (TrackingLock lock = TrackingLock.take(cell).orElse(null)) {
            Optional<TrackingState> state = TrackingState.find(cell);
            if (lock != null && state.isPresent()) {
                new RunMirror(api, parents, cell, state.get().experiment()).complete();
            }
        } catch (ServerFault e) {
            if (e.blame() != ServerFault.Blame.ITEM) {
                throw e;
            }
            warn("run " + cell.id() + ": " + e.getMessage());
        } catch (InvalidInputException | IOException e) {
            // That run cannot be read, which the experiment's own end says better.
        }
    }

    private void warn(String text) {
        if (!warned) {
            warned = true;
            progress.phase("warning: " + text + ". The experiment is not touched by it; send it later:"
                    + " mvn metaprompt:sync -Dmetaprompt.tracking.uri="
                    + server.orElseThrow().uri());
        }
    }
}
