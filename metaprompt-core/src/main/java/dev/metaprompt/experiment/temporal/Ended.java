package dev.metaprompt.experiment.temporal;

import java.util.List;

/**
 * How cells ended, of a batch or of an experiment.
 *
 * @param finished how many have figures
 * @param failed how many have none
 * @param failures some of the latter, with a line each
 */
public record Ended(int finished, int failed, List<Failure> failures) {
    /** More would make a payload that the server refuses. */
    static final int MOST_FAILURES = 100;

    /** Longer lines are cut. */
    static final int LONGEST_MESSAGE = 300;

    /** Copies the list. */
    public Ended {
        failures = List.copyOf(failures);
    }

    /** Returns a message, or its beginning if it is long. */
    static String cut(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    /**
     * A cell without figures.
     *
     * @param number its place in the plan
     * @param message why
     */
    public record Failure(int number, String message) {}
}
