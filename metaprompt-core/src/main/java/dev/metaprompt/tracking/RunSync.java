package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Sends runs to a server until it holds everything their directories hold; to be repeated at any time. */
public final class RunSync {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TrackingServer server;
    private final Optional<String> experiment;

    /**
     * Creates it.
     *
     * @param server where the runs go
     * @param experiment the experiment's name; a run's own ({@link #experiment}) if empty
     */
    public RunSync(TrackingServer server, Optional<String> experiment) {
        this.server = server;
        this.experiment = experiment;
    }

    /**
     * How a synchronisation went.
     *
     * @param sent runs of which something was missing
     * @param complete runs of which nothing was missing
     * @param leftOut one line for each run that was left out, and why
     */
    public record Summary(int sent, int complete, List<String> leftOut) {}

    /**
     * Returns the experiment of a run on the server.
     *
     * @param record the run's record
     * @param asked what the user asks for now
     * @return that; else what the run was trained with; else {@code metaprompt/<dataset>}
     */
    public static String experiment(RunRecord record, Optional<String> asked) {
        Object recorded = record.config().get("tracking.experiment");
        String own = recorded instanceof String text
                ? text
                : "metaprompt/" + record.dataset().name();
        return asked.orElse(own);
    }

    /**
     * Sends runs, one after the other.
     *
     * @param runs run directories
     * @param progress hears each run
     * @param stop asked before every call to the server
     * @return what was done
     * @throws InvalidInputException if the server fails; what has arrived stays there, and the rest is sent by the next
     *     synchronisation
     */
    public Summary run(List<RunDirectory> runs, Progress progress, BooleanSupplier stop) {
        int[] counts = new int[2];
        List<String> leftOut = new ArrayList<>();
        try (MlflowApi api = new MlflowApi(new ServerCalls(server, LIMIT, () -> requireNoStop(stop)))) {
            for (RunDirectory run : runs) {
                progress.update("runs compared", counts[0] + counts[1] + leftOut.size(), runs.size(), run.id());
                one(api, run, counts, leftOut);
            }
            progress.update("runs compared", runs.size(), runs.size(), "");
        } catch (ServerFault e) {
            throw new InvalidInputException(
                    e.getMessage() + ". Everything is kept in the run directories; when it is back,"
                            + " send the rest: mvn metaprompt:sync",
                    e);
        }
        return new Summary(counts[0], counts[1], List.copyOf(leftOut));
    }

    private static void requireNoStop(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("interrupted between two calls to the tracking server");
        }
    }

    private void one(MlflowApi api, RunDirectory run, int[] counts, List<String> leftOut) throws ServerFault {
        try (TrackingLock lock = TrackingLock.take(run).orElse(null)) {
            if (lock == null) {
                leftOut.add("run " + run.id() + " is being sent by another process");
                return;
            }
            switch (new RunMirror(api, run, experiment(run.readRecord(), experiment)).complete()) {
                case SENT -> counts[0]++;
                case COMPLETE -> counts[1]++;
                case DELETED_THERE ->
                    leftOut.add("run " + run.id()
                            + " was deleted on the server; restore it there to have it mirrored again");
            }
        } catch (ServerFault e) {
            // What the server has against this run it may not have against the others.
            if (e.status() != 400 && e.status() != 409) {
                throw e;
            }
            leftOut.add("run " + run.id() + ": " + e.getMessage());
        } catch (InvalidInputException e) {
            leftOut.add(e.getMessage());
        } catch (IOException e) {
            leftOut.add(run.path() + ": cannot be locked (" + e.getMessage() + ")");
        }
    }
}
