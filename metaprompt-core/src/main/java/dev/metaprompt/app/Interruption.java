package dev.metaprompt.app;

import dev.metaprompt.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The one way a child is asked to stop, whoever asks: a message of the parent, the parent's end, or a signal.
 *
 * <p>The command gets a time of grace to wind up; after it the process ends by force.
 */
final class Interruption {
    private final Duration grace;
    private final Runnable forceEnd;
    private final CountDownLatch commandDone = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();
    private boolean requested;
    private boolean ended;

    /**
     * Creates it.
     *
     * @param grace how long the command may take to wind up
     * @param forceEnd ends the process when it took longer
     */
    Interruption(Duration grace, Runnable forceEnd) {
        this.grace = grace;
        this.forceEnd = forceEnd;
    }

    /** Asks the command to stop; returns at once. Only the first request counts, and none once the command ended. */
    void request() {
        List<Runnable> due;
        synchronized (this) {
            if (requested || ended) {
                return;
            }
            requested = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        startTimer();
        due.forEach(Interruption::runQuietly);
    }

    private void startTimer() {
        Thread timer = new Thread(
                () -> {
                    if (!awaitCommand()) {
                        forceEnd.run();
                    }
                },
                "metaprompt-grace");
        timer.setDaemon(true);
        timer.start();
    }

    /** Waits for the command, at most the time of grace; true if it has ended. */
    boolean awaitCommand() {
        try {
            return commandDone.await(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells that the command has ended and its outcome was reported. */
    void commandEnded() {
        synchronized (this) {
            ended = true;
        }
        commandDone.countDown();
    }

    synchronized boolean requested() {
        return requested;
    }

    /** Returns progress that ends the work at its next sign of life once it is to be wound up. */
    Progress ending(Progress progress) {
        return new Progress() {
            @Override
            public void phase(String text) {
                progress.phase(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {
                if (requested()) {
                    throw new CancellationException("interrupted at " + what + " " + done + "/" + total);
                }
                progress.update(what, done, total, detail);
            }
        };
    }

    /** Registers an action, or runs it now if the request has been made. */
    void onRequest(Runnable action) {
        synchronized (this) {
            if (!requested) {
                actions.add(action);
                return;
            }
        }
        runQuietly(action);
    }

    /** One action's fault must not keep the others from running. */
    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
