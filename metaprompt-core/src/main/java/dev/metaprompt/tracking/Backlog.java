package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Runs of the same folder that were to be mirrored on the same server and have not arrived whole. */
final class Backlog implements AutoCloseable {
    private final RunDirectory own;
    private final TrackingServer server;
    private final MlflowApi api;
    private final Consumer<String> leftOut;
    private Deque<RunDirectory> runs;

    /**
     * Finds none yet.
     *
     * @param beforeCall may throw to end the work between two calls
     * @param leftOut hears of runs that the server does not take
     */
    Backlog(RunDirectory own, TrackingServer server, Duration limit, Runnable beforeCall, Consumer<String> leftOut) {
        this.own = own;
        this.server = server;
        this.leftOut = leftOut;
        this.api = new MlflowApi(new ServerCalls(server, limit, beforeCall));
    }

    /**
     * Sends one of them.
     *
     * @return false if there is none left; after a fault that is not about the run, too
     */
    boolean sendOne() {
        if (runs == null) {
            runs = find();
        }
        RunDirectory next = runs.poll();
        if (next == null) {
            return false;
        }
        try (TrackingLock lock = TrackingLock.take(next).orElse(null)) {
            Optional<TrackingState> state = waiting(next);
            if (lock != null && state.isPresent()) {
                new RunMirror(api, new Parents(api), next, state.get().experiment()).complete();
            }
        } catch (ServerFault e) {
            if (e.blame() == ServerFault.Blame.ITEM) {
                leftOut.accept("run " + next.id() + ": " + e.getMessage());
            } else {
                runs.clear();
            }
        } catch (CancellationException e) {
            runs.clear();
        } catch (InvalidInputException | IOException e) {
            // That run cannot be read, which its own goals say better.
        }
        return !runs.isEmpty();
    }

    private Deque<RunDirectory> find() {
        Deque<RunDirectory> found = new ArrayDeque<>();
        if (Files.exists(own.file(CellInfo.FILE))) {
            // The experiment sends what its cells could not: else each of thousands would look at all the others.
            return found;
        }
        Path folder = own.path().toAbsolutePath().getParent();
        for (RunDirectory run : RunDirectory.list(folder)) {
            if (!run.id().equals(own.id()) && waiting(run).isPresent()) {
                found.add(run);
            }
        }
        return found;
    }

    private Optional<TrackingState> waiting(RunDirectory run) {
        return TrackingState.find(run)
                .filter(state -> server.uri().equals(state.uri()) && state.experiment() != null)
                .filter(state -> state.mirrored() == null);
    }

    @Override
    public void close() {
        api.close();
    }
}
