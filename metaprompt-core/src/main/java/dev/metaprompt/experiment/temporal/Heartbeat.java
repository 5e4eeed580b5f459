package dev.metaprompt.experiment.temporal;

import dev.metaprompt.experiment.CellWatcher;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the server that a cell goes on, whatever the computing thread is busy with, and interrupts that thread when the
 * server wants the cell no more or the worker is to end.
 */
final class Heartbeat implements CellWatcher, AutoCloseable {
    private static final long LONGEST_MILLIS = 10_000;
    private final ActivityExecutionContext context;
    private final int number;
    private final Thread computing = Thread.currentThread();
    private final ScheduledExecutorService timer = daemon("metaprompt-heartbeat");
    private volatile String where = "starts";
    private volatile ActivityCompletionException stopped;
    private boolean closed;

    /**
     * Starts.
     *
     * @param context of the activity of the calling thread, which computes
     * @param number of the cell
     * @param timeout after which the server gives the cell to another
     */
    Heartbeat(ActivityExecutionContext context, int number, Duration timeout) {
        this.context = context;
        this.number = number;
        long every = Math.min(LONGEST_MILLIS, timeout.toMillis() / 4);
        timer.scheduleWithFixedDelay(this::beat, 0, every, TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private void beat() {
        try {
            context.heartbeat(new Beat(number, where));
        } catch (ActivityCompletionException e) {
            stop(e);
        } catch (RuntimeException e) {
            // The next one may get through; without it the server gives the cell to another, which is what it is for.
        }
    }

    private synchronized void stop(ActivityCompletionException reason) {
        if (!closed && stopped == null) {
            stopped = reason;
            computing.interrupt();
        }
    }

    @Override
    public void progress(String what, long done, long total, String detail) {
        where = what + " " + done + "/" + total;
    }

    /** Why the cell is to be stopped; empty while it may go on. */
    Optional<ActivityCompletionException> stopped() {
        return Optional.ofNullable(stopped);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.shutdown();
    }
}
