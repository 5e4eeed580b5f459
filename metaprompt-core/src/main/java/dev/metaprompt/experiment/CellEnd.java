package dev.metaprompt.experiment;

import java.util.Objects;

/**
 * How the work on a cell ended.
 *
 * @param kind which way
 * @param message one line for the user; empty when finished
 */
public record CellEnd(Kind kind, String message) {
    /** The ways to end. */
    public enum Kind {
        /** Its run is finished, now or before. */
        FINISHED,
        /** Bad input: trying again would end the same. */
        INVALID,
        /** A fault; its run can be gone on with. */
        FAILED,
        /** Its process ended without a word, or was stopped by somebody else than its experiment. */
        CRASHED,
        /** Another process works on it. */
        BUSY,
        /** Its experiment asked it to stop; its run can be gone on with. */
        INTERRUPTED
    }

    /** Refuses missing parts. */
    public CellEnd {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }
}
