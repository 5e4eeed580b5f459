package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Sends runs to a server until it holds everything their directories hold; to be repeated at any time. */
public final class RunSync {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TrackingServer server;
    private final Optional<String> experiment;

    /**
     * Creates it.
     *
     * @param server where the runs go
     * @param experiment the experiment's name; if empty, where this server is to hold a run already, else
     *     {@code metaprompt/<experiment>} of a cell and {@code metaprompt/<dataset>} of other runs
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
     * @param refused how many of those the server did not take, or not whole, or could not be read here; the others
     *     somebody deleted on the server or is sending just now
     */
    public record Summary(int sent, int complete, List<String> leftOut, int refused) {}

    /**
     * Finds the folders of experiments.
     *
     * @param runs the folder of run directories; may be missing
     * @return its folders that hold the record of an experiment, by name; their run directories are its cells
     */
    public static List<Path> experiments(Path runs) {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(runs)) {
            return children.filter(child -> PlainFiles.isThere(child.resolve(ExperimentRecord.FILE)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(
                    runs + ": cannot be listed (" + Quoted.reason(e) + "). Check its permissions.", e);
        }
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
        return run(List.of(), runs, progress, stop);
    }

    /**
     * Sends experiments and then runs, one after the other, so that cells find their parents.
     *
     * @param experiments folders of experiments; counted as runs
     * @param runs run directories
     * @param progress hears each run
     * @param stop asked before every call to the server
     * @return what was done
     * @throws InvalidInputException if the server fails, and not for one run alone; what has arrived stays there, and
     *     the rest is sent by the next synchronisation
     */
    public Summary run(List<Path> experiments, List<RunDirectory> runs, Progress progress, BooleanSupplier stop) {
        server.warning().ifPresent(progress::phase);
        try (MlflowApi api = new MlflowApi(new ServerCalls(server, LIMIT, () -> requireNoStop(stop)))) {
            SyncPass pass = new SyncPass(api::requireAnswer);
            int total = experiments.size() + runs.size();
            for (Path folder : experiments) {
                progress.update("runs compared", pass.done(), total, name(folder));
                pass.item("experiment " + name(folder), () -> parent(api, folder));
            }
            Parents parents = new Parents(api);
            for (RunDirectory run : runs) {
                progress.update("runs compared", pass.done(), total, run.id());
                pass.item("run " + run.id(), () -> one(api, parents, run, progress));
            }
            pass.end();
            progress.update("runs compared", total, total, "");
            return pass.summary();
        } catch (ServerFault e) {
            throw new InvalidInputException(
                    e.getMessage() + ". Everything is kept in the run directories; when it is back,"
                            + " send the rest: mvn metaprompt:sync",
                    e);
        }
    }

    private static void requireNoStop(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("interrupted between two calls to the tracking server");
        }
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    /** Sends an experiment; nothing if its folder holds none. */
    private Optional<RunMirror.Outcome> parent(MlflowApi api, Path folder) throws ServerFault {
        Optional<ExperimentRecord> record = ExperimentRecord.read(folder);
        return record.isPresent()
                ? Optional.of(new ParentMirror(api, folder)
                        .send(record.get(), record.get().trackingExperiment(experiment)))
                : Optional.empty();
    }

    private Optional<RunMirror.Outcome> one(MlflowApi api, Parents parents, RunDirectory run, Progress progress)
            throws ServerFault, IOException, SyncPass.Busy {
        try (TrackingLock lock = TrackingLock.take(run).orElse(null)) {
            if (lock == null) {
                throw new SyncPass.Busy();
            }
            RunPlace place = RunPlace.of(run, server, experiment);
            place.notice(run).ifPresent(progress::phase);
            return Optional.of(new RunMirror(api, parents, run, place.experiment()).complete());
        }
    }
}
