package dev.metaprompt.io;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Quotes what stands in a file for an error: enough to find it by, too little to carry a secret away, and nothing that a
 * terminal or a CI system would take for a command.
 */
public final class Quoted {
    /** The most characters that an error quotes of a file. */
    public static final int LONGEST = 80;

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** How Gson's reader, of which no user knows, begins to say that a text is no JSON. */
    private static final String STRICT = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private Quoted() {}

    /**
     * Shortens a text to one line.
     *
     * @param text from a file
     * @return at most {@value #LONGEST} characters of it, with {@code …} if there were more; line ends as spaces, other
     *     control and formatting characters as {@code ?}
     */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /**
     * Shortens a text to one line as {@link #of(String)} does, of another length.
     *
     * @param text from elsewhere, without secrets
     * @param longest the most characters of it, at least 1
     * @return one line
     */
    public static String of(String text, int longest) {
        // What is cut off need not be looked at: it may be the whole of a large file.
        boolean cut = text.length() > longest;
        String kept = cut ? text.substring(0, longest) : text;
        if (cut && Character.isHighSurrogate(kept.charAt(longest - 1))) {
            kept = kept.substring(0, longest - 1);
        }
        String oneLine = CONTROLS.matcher(
                        kept.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip())
                .replaceAll("?");
        return cut ? oneLine + "…" : oneLine;
    }

    /**
     * Shortens a value as {@link #of(String)} does.
     *
     * @param value a value read from a file, or null
     * @return its text, shortened
     */
    public static String of(Object value) {
        return of(String.valueOf(value));
    }

    /**
     * Names a place that a file may have named: what is there whole, so that it is found; of what is not there as much as
     * of any text.
     *
     * @param path a path
     * @return one line
     */
    public static String path(Path path) {
        Path there = path;
        while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        if (there == null) {
            return of(path);
        }
        String found = CONTROLS.matcher(there.toString()).replaceAll("?");
        String separator = there.getFileSystem().getSeparator();
        return there.equals(path)
                ? found
                : found + (found.endsWith(separator) ? "" : separator) + of(there.relativize(path));
    }

    /**
     * Says why a file was not read. Parsers repeat what stands in it; and whoever tells a fault of the file system has
     * named the file already.
     *
     * @param thrown a parser's exception, or one of the file system
     * @return one line, shortened; never empty
     */
    public static String reason(Throwable thrown) {
        if (thrown instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (thrown instanceof AccessDeniedException) {
            return "access is denied";
        }
        String message = thrown.getMessage();
        if (thrown instanceof FileSystemException fault) {
            message = fault.getReason();
        } else if (thrown instanceof InvalidPathException fault) {
            message = fault.getReason();
        } else if (thrown.getCause() != null && thrown.getCause().toString().equals(message)) {
            return reason(thrown.getCause());
        }
        if (message == null || message.isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        String first = message.strip().lines().findFirst().orElseThrow();
        return of(first.startsWith(STRICT) ? "malformed JSON" + first.substring(STRICT.length()) : first);
    }
}
