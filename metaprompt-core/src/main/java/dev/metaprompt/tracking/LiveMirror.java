package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Mirrors a run while it is being trained, from a daemon thread that reads the run directory: the training itself only
 * drops a note into a small queue, and a note too many is lost without harm.
 *
 * <p>No fault of the server reaches the training. The user hears of the first one, and where the run is at the end.
 */
public final class LiveMirror implements AutoCloseable {
    private static final int NOTES = 8;
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** How long the end of a training waits for a server that says nothing, and for one that keeps answering. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration END = Duration.ofSeconds(20);
    private static final Duration BACKLOG = Duration.ofSeconds(5);

    private final RunDirectory run;
    private final TrackingServer server;
    private final Progress progress;
    private final MlflowApi api;
    private final RunMirror mirror;
    private final Backlog backlog;
    private final BlockingQueue<Boolean> notes = new ArrayBlockingQueue<>(NOTES);
    private final CountDownLatch ownDone = new CountDownLatch(1);
    private final CountDownLatch allDone = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "metaprompt-tracking");
    private volatile long epochs;
    private volatile boolean ending;
    private volatile boolean closed;
    private volatile boolean warned;
    private volatile boolean arrived;
    private volatile boolean takesMore;
    private long sentEpochs = -1;
    private int failures;
    private long nextAttempt = System.nanoTime();

    private LiveMirror(RunDirectory run, TrackingServer server, Optional<String> experiment, Progress progress) {
        this.run = run;
        this.server = server;
        this.progress = progress;
        this.api = new MlflowApi(new ServerCalls(server, CALL, () -> requireNot(closed)));
        this.mirror = new RunMirror(
                api, new Parents(api), run, RunPlace.of(run, server, experiment).experiment());
        this.backlog = new Backlog(
                run,
                server,
                CALL,
                () -> requireNot(closed || ending && ownDone.getCount() > 0),
                text -> progress.phase("warning: " + text + ". It is left out"));
        this.thread.setDaemon(true);
    }

    private static void requireNot(boolean stop) {
        if (stop) {
            throw new CancellationException("the training has ended");
        }
    }

    /**
     * Begins to mirror a run. Returns at once.
     *
     * @param run a run directory with a record; its folder's other runs that this server has not got yet are sent too
     *     while there is nothing else to send
     * @param server where to
     * @param experiment the experiment's name; as {@link RunSync} has it if empty
     * @param progress hears at most one warning, and at the end where the run is
     * @return to be ended by the caller
     */
    public static LiveMirror start(
            RunDirectory run, TrackingServer server, Optional<String> experiment, Progress progress) {
        LiveMirror live = new LiveMirror(run, server, experiment, progress);
        server.warning().ifPresent(progress::phase);
        live.thread.start();
        return live;
    }

    /**
     * Returns a listener that notices the epochs of the training.
     *
     * @param next hears everything as before
     * @return to be given to the training
     */
    public Progress watching(Progress next) {
        return new Progress() {
            @Override
            public void phase(String text) {
                next.phase(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {
                if (what.equals("epoch")) {
                    epochs = done;
                    notes.offer(true);
                }
                next.update(what, done, total, detail);
            }
        };
    }

    /**
     * Sends the rest once the record says how the run ended, and tells where it is. Waits while the server answers, but
     * a few seconds at most.
     *
     * @param hurry whether the process is about to be ended from outside
     */
    public void end(boolean hurry) {
        long start = System.nanoTime();
        ending = true;
        notes.offer(true);
        long silence = (hurry ? SHORTEST_PAUSE : SILENCE).toNanos();
        long limit = (hurry ? SILENCE : END).toNanos();
        try {
            while (!ownDone.await(50, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                if (now - start > limit || now - Math.max(start, api.calls().lastAnswer()) > silence) {
                    break;
                }
            }
            if (takesMore && !hurry) {
                allDone.await(BACKLOG.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        if (arrived) {
            progress.phase("mirrored: " + server.uri() + mirror.page()
                    + (mirror.takesArtifacts() ? "" : " (without files: that server keeps them elsewhere)"));
        } else {
            warn(server.shown() + " has not taken everything in time");
        }
    }

    /** Stops at once; what has not arrived is sent later. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(SHORTEST_PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void warn(String text) {
        if (!warned) {
            warned = true;
            progress.phase("warning: " + text + ". The training is not touched by it; send the run later: "
                    + "mvn metaprompt:sync -Dmetaprompt.tracking.uri=" + server.uri());
        }
    }

    private void work() {
        try (TrackingLock lock = awaitLock()) {
            mirror.announce();
            while (!ending) {
                if (due() && epochs > sentEpochs) {
                    attempt();
                } else if (failures > 0 || !backlog.sendOne()) {
                    notes.poll(SHORTEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            finish();
        } catch (CancellationException | InterruptedException e) {
            // The training has ended and waits no longer.
        } catch (IOException | InvalidInputException e) {
            warn(Quoted.fault(e));
        } finally {
            ownDone.countDown();
            allDone.countDown();
            api.close();
            backlog.close();
        }
    }

    /** A synchronisation may have the run just now, if it is one that goes on. */
    private TrackingLock awaitLock() throws IOException, InterruptedException {
        while (true) {
            Optional<TrackingLock> lock = TrackingLock.take(run);
            if (lock.isPresent()) {
                return lock.get();
            }
            requireNot(closed);
            TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE.toMillis());
        }
    }

    private boolean due() {
        return System.nanoTime() - nextAttempt >= 0;
    }

    private void attempt() {
        long now = epochs;
        try {
            mirror.update(now);
            sentEpochs = now;
            failures = 0;
        } catch (ServerFault e) {
            failures++;
            warn(e.getMessage());
        }
        long pause = SHORTEST_PAUSE.toNanos() << Math.min(failures, 6);
        nextAttempt = System.nanoTime() + Math.min(pause, LONGEST_PAUSE.toNanos());
    }

    private void finish() {
        try {
            arrived = mirror.complete() != RunMirror.Outcome.DELETED_THERE;
            takesMore = true;
        } catch (ServerFault e) {
            takesMore = e.blame() == ServerFault.Blame.ITEM;
            warn(e.getMessage());
        }
        ownDone.countDown();
        while (takesMore && backlog.sendOne()) {
            requireNot(closed);
        }
    }
}
