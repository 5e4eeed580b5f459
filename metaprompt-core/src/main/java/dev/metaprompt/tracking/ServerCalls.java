package dev.metaprompt.tracking;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Calls to one server: each with a time limit, each fault as a {@link ServerFault}. */
final class ServerCalls {
    private final TrackingServer server;
    private final Duration limit;
    private final Runnable beforeCall;
    private volatile long lastAnswer = System.nanoTime();

    /**
     * Creates it; nothing is called yet.
     *
     * @param limit how long a call may take
     * @param beforeCall may throw to end the work between two calls
     */
    ServerCalls(TrackingServer server, Duration limit, Runnable beforeCall) {
        this.server = server;
        this.limit = limit;
        this.beforeCall = beforeCall;
    }

    TrackingServer server() {
        return server;
    }

    Duration limit() {
        return limit;
    }

    /** Returns when the server answered last, in nanoseconds as {@link System#nanoTime()}. */
    long lastAnswer() {
        return lastAnswer;
    }

    /** Makes a call, which is interrupted if it takes too long. */
    <T> T ask(Callable<T> call, Duration within) throws ServerFault {
        beforeCall.run();
        try {
            T answer = BoundedCalls.run(call, within);
            lastAnswer = System.nanoTime();
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken("waiting for it was interrupted");
        } catch (Exception e) {
            throw ServerFault.of(server, e);
        }
    }

    /** Waits a moment before asking again. */
    void pause(Duration time) throws ServerFault {
        beforeCall.run();
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken("waiting for it was interrupted");
        }
    }

    /** Returns the fault of a server that answers well, but not what was to be expected of one run. */
    ServerFault changed(String text) {
        return ServerFault.said(server, text, ServerFault.Blame.ITEM);
    }

    /** Returns the fault of a server, or of the way to it, that will be the same for whatever is sent. */
    ServerFault broken(String text) {
        return ServerFault.said(server, text, ServerFault.Blame.SERVER);
    }
}
