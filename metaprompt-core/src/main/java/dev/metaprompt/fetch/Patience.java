package dev.metaprompt.fetch;

import java.time.Duration;

/**
 * How long and how often a download waits.
 *
 * @param connect for a connection
 * @param stall for the first or the next byte
 * @param tries how often in a row it may fail without getting on, at least 1
 * @param pause before the second try; doubled before each further one
 * @param longestPause the most it waits before a try, whatever the server asks for with Retry-After
 * @param poll between two looks whether another process has finished
 */
public record Patience(
        Duration connect, Duration stall, int tries, Duration pause, Duration longestPause, Duration poll) {
    /** For people: gives up after about half a minute without a network. */
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            6,
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofMillis(200));

    /**
     * How long to wait before the next try.
     *
     * @param failures how many tries in a row have failed, from 1
     * @return at most {@link #longestPause}
     */
    Duration pauseAfter(int failures) {
        Duration wait = pause.multipliedBy(1L << Math.min(failures - 1, 20));
        return atMost(wait);
    }

    /** Shortens a wait that a server asks for. */
    Duration atMost(Duration wait) {
        return wait.compareTo(longestPause) > 0 ? longestPause : wait;
    }
}
