package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tries again, with growing pauses, what failed for a reason that may pass. */
final class Retries {
    /** Getting on by this much shows that the line works: the count of failures begins anew. */
    private static final long GOT_ON = 1_000_000;

    private static final String PROXIES =
            "a proxy: -Dhttps.proxyHost=<host> -Dhttps.proxyPort=<port>, settings.xml or https_proxy";

    /** Waits; a seam for tests. */
    @FunctionalInterface
    interface Pause {
        /** Waits as long as told. */
        void of(Duration wait) throws InterruptedException;
    }

    /** One try. */
    @FunctionalInterface
    interface Attempt<T> {
        /** Tries. */
        T run() throws IOException, InterruptedException;
    }

    private final Patience patience;
    private final Pause pause;

    Retries(Patience patience, Pause pause) {
        this.patience = patience;
        this.pause = pause;
    }

    /**
     * Tries until it succeeds or patience ends.
     *
     * @param what what is tried, for the messages
     * @param from where it comes from, for the last message
     * @param bytes how many bytes have come so far
     * @param progress hears of each failure
     * @throws InvalidInputException if it does not succeed
     */
    <T> T call(String what, String from, LongSupplier bytes, Progress progress, Attempt<T> attempt) {
        int failures = 0;
        long best = bytes.getAsLong();
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                long now = bytes.getAsLong();
                failures = now >= best + GOT_ON ? 1 : failures + 1;
                best = Math.max(best, now);
                afterFailure(what, from, failures, e, progress);
            } catch (InterruptedException e) {
                throw interrupted(what, e);
            }
        }
    }

    private void afterFailure(String what, String from, int failures, IOException fault, Progress progress) {
        String reason = Words.fault(fault);
        if (failures >= patience.tries()) {
            throw new InvalidInputException(
                    what + ": could not be fetched from " + from + ", " + failures + " tries failed, the last because "
                            + reason + ". Check the network ("
                            + PROXIES + ") and run again:"
                            + " what has come is kept.",
                    fault);
        }
        Duration wait = wait(failures, fault);
        progress.phase(what + ": " + reason + "; tries again in " + Words.time(wait) + " (try " + (failures + 1)
                + " of " + patience.tries() + ")");
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private Duration wait(int failures, IOException fault) {
        if (fault instanceof Trouble trouble && trouble.askedWait().isPresent()) {
            return patience.atMost(trouble.askedWait().get());
        }
        return patience.pauseAfter(failures);
    }

    static InvalidInputException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new InvalidInputException(what + ": interrupted. Run again: it goes on where it was.", e);
    }
}
