package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * How a command ended.
 *
 * @param kind which of the four ways
 * @param message one line for the user; empty at success
 * @param trace stack trace of a fault; else empty
 */
record Outcome(Kind kind, String message, String trace) {
    /** The ways to end; the exit code is what a shell would expect. */
    enum Kind {
        SUCCESS(0),
        FAULT(1),
        INVALID(2),
        INTERRUPTED(130);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    static Outcome success() {
        return new Outcome(Kind.SUCCESS, "", "");
    }

    static Outcome interrupted() {
        return new Outcome(Kind.INTERRUPTED, "interrupted", "");
    }

    /** Returns the outcome of a command that threw. */
    static Outcome of(Throwable thrown) {
        Throwable fault = unwrap(thrown);
        if (fault instanceof InvalidInputException || Quoted.isOfTheLocale(fault)) {
            return new Outcome(Kind.INVALID, Quoted.fault(fault), "");
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return new Outcome(Kind.FAULT, Quoted.fault(fault), trace.toString());
    }

    /** A worker's exception arrives wrapped; the user is to see the one that says what happened. */
    private static Throwable unwrap(Throwable thrown) {
        Throwable t = thrown;
        while ((t instanceof ExecutionException || t instanceof CompletionException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }
}
