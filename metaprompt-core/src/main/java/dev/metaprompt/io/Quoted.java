package dev.metaprompt.io;

import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    /** A fault that nobody expected is told at some length. */
    private static final int LONGEST_FAULT = 400;

    private static final int DEEPEST = 4;

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
     * @return one line, shortened, without names of classes and paths; never empty
     */
    public static String reason(Throwable thrown) {
        return of(Reason.of(thrown));
    }

    /**
     * Says what went wrong, for whoever knows nothing of it yet: with the files that the exceptions name, and the
     * reasons behind the reason.
     *
     * @param thrown any exception
     * @return one line without names of classes; never empty. What an exception of ours says stands as it is
     */
    public static String fault(Throwable thrown) {
        if (Reason.isOurs(thrown)) {
            return thrown.getMessage();
        }
        StringBuilder text = new StringBuilder();
        Throwable t = thrown;
        for (int depth = 0; t != null && depth < DEEPEST; depth++, t = t.getCause()) {
            String reason = of(Reason.of(t), LONGEST_FAULT);
            String file =
                    Reason.file(t).map(name -> of(name, LONGEST_FAULT) + ": ").orElse("");
            boolean stands = t.getCause() != null && Reason.of(t.getCause()).equals(Reason.of(t));
            if (!stands && text.indexOf(reason) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(file).append(reason);
            }
        }
        return text.isEmpty() ? reason(thrown) : text.toString();
    }

    /**
     * Tells whether something failed because the locale of this JVM has no way to write a name.
     *
     * @param thrown any exception
     * @return whether that is its cause
     */
    public static boolean isOfTheLocale(Throwable thrown) {
        Throwable t = thrown;
        while (t != null && !Reason.isOfTheLocale(t)) {
            t = t.getCause();
        }
        return t != null;
    }
}
