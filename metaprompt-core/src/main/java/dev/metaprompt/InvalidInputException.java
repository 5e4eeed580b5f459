package dev.metaprompt;

/**
 * Bad input by the user: an option, a file, a data set or a model that cannot be used as it is.
 *
 * <p>The message is one line that names the file or key, what was found, what is allowed and what to do. It reaches
 * the user without a stack trace.
 */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line: file or key, found, allowed, what to do
     */
    public InvalidInputException(String message) {
        super(message);
    }

    /**
     * Creates the exception with the fault that revealed the bad input.
     *
     * @param message one line: file or key, found, allowed, what to do
     * @param cause the fault that revealed it
     */
    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
