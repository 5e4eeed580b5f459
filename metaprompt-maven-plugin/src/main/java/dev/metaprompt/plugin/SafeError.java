package dev.metaprompt.plugin;

import java.util.Optional;

/** An error of which Maven shows the messages, all of them harmless. */
final class SafeError extends Exception {
    private static final long serialVersionUID = 1L;

    private SafeError(Throwable error) {
        super(ConsoleText.text(error.toString()), error.getCause() == null ? null : of(error.getCause()));
        setStackTrace(error.getStackTrace());
    }

    /** Returns the error itself, if nothing in it or its causes can do harm; else one that words it harmlessly. */
    static Throwable of(Throwable error) {
        return error == null || isHarmless(error) ? error : new SafeError(error);
    }

    private static boolean isHarmless(Throwable error) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            String message = Optional.ofNullable(t.getMessage()).orElse("");
            if (!ConsoleText.isHarmless(message)) {
                return false;
            }
        }
        return true;
    }
}
