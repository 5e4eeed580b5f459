package dev.metaprompt.tracking;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

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

    /** Makes a call; {@code abandon} is run if it takes too long. */
    <T> T ask(Callable<T> call, Duration within, Runnable abandon) throws ServerFault {
        beforeCall.run();
        try {
            T answer = BoundedCalls.run(call, within);
            lastAnswer = System.nanoTime();
            return answer;
        } catch (TimeoutException e) {
            abandon.run();
            throw ServerFault.of(server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw changed("waiting for it was interrupted");
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
            throw changed("waiting for it was interrupted");
        }
    }

    /** Returns the fault of a server that answers well, but not what was to be expected. */
    ServerFault changed(String text) {
        return ServerFault.said(server, text);
    }
}
