package dev.metaprompt.run;

import java.util.Locale;
import java.util.Optional;

/** How far a run has come. */
public enum RunStatus {
    /** Being trained, or killed without a word. */
    RUNNING,
    /** At its end, with results. */
    FINISHED,
    /** Ended by an error. */
    FAILED,
    /** Ended by the user; it can go on. */
    INTERRUPTED;

    /**
     * Returns the word in {@code run.json}.
     *
     * @return the name in lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the status of a word, if it is one. */
    static Optional<RunStatus> of(String word) {
        for (RunStatus status : values()) {
            if (status.word().equals(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
