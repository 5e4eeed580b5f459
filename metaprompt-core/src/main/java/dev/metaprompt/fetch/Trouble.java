package dev.metaprompt.fetch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A fault that may pass: worth another try. */
final class Trouble extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> wait;

    Trouble(String message) {
        this(message, Optional.empty());
    }

    /**
     * Creates it.
     *
     * @param message what happened
     * @param wait how long the server asks to be left alone
     */
    Trouble(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait;
    }

    Optional<Duration> askedWait() {
        return wait;
    }
}
