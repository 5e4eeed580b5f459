package dev.metaprompt.tracking;

/**
 * A store that cannot be used now: absent, hanging, or with a file that arrives damaged. Unlike bad input it may be well
 * the next time. The message is one line.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
