package dev.metaprompt.tracking;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs calls that may hang without end, each in a daemon thread of its own, and stops waiting after a while. */
final class BoundedCalls {
    private BoundedCalls() {}

    /**
     * Makes a call.
     *
     * @throws TimeoutException if it took longer than the limit; it may still go on
     * @throws Exception what the call threw
     */
    static <T> T run(Callable<T> call, Duration limit) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "metaprompt-tracking-call");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
