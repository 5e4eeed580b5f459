package dev.metaprompt;

/**
 * Bad input by the user: an option, a file, a data set or a model that cannot be used as it is.
 *
 * <p>The message is one line that names the file or key, what was found, what is allowed and what to do. It reaches
 * the user without a stack trace.
 */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 2000;

    /**
     * Creates the exception.
     *
     * @param message one line: file or key, found, allowed, what to do
     */
    public InvalidInputException(String message) {
        super(oneLine(message));
    }

    /**
     * Creates the exception with the fault that revealed the bad input.
     *
     * @param message one line: file or key, found, allowed, what to do
     * @param cause the fault that revealed it
     */
    public InvalidInputException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    // Messages quote files: what those hold must neither break the line, nor steer a terminal, nor fill the screen.
    private static String oneLine(String message) {
        String line = String.valueOf(message).replaceAll("[\\p{Cc}\u2028\u2029]+", " ");
        int end = LONGEST / 2 - 2;
        return line.length() <= LONGEST ? line : line.substring(0, end) + " … " + line.substring(line.length() - end);
    }
}
