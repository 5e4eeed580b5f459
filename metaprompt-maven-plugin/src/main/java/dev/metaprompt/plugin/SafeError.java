package dev.metaprompt.plugin;

import java.util.Optional;

/**
 * An error of which Maven shows the messages, all of them harmless and none of them a path or a class alone. Its stack
 * trace names the error that it stands for.
 */
final class SafeError extends Exception {
    private static final long serialVersionUID = 1L;

    private final String original;

    private SafeError(Throwable error) {
        super(words(error), error.getCause() == null ? null : of(error.getCause()));
        original = ConsoleText.text(error.toString());
        setStackTrace(error.getStackTrace());
    }

    /** Returns the error itself, if nothing in it or its causes can do harm; else one that words it harmlessly. */
    static Throwable of(Throwable error) {
        return error == null || isHarmless(error) ? error : new SafeError(error);
    }

    private static String words(Throwable error) {
        return ConsoleText.text(FaultWords.of(error));
    }

    private static boolean isHarmless(Throwable error) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            String message = Optional.ofNullable(t.getMessage()).orElse("");
            if (!message.isEmpty() && !message.equals(words(t))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return original;
    }
}
