package dev.metaprompt.io;

/**
 * Quotes what stands in a file for an error: enough to find it by, too little to carry a secret away, and nothing that a
 * terminal or a CI system would take for a command.
 */
public final class Quoted {
    /** The most characters that an error quotes of a file. */
    public static final int LONGEST = 80;

    private Quoted() {}

    /**
     * Shortens a text to one line.
     *
     * @param text from a file
     * @return at most {@value #LONGEST} characters of it, with {@code …} if there were more; line ends as spaces, other
     *     control and formatting characters as {@code ?}
     */
    public static String of(String text) {
        // What is cut off need not be looked at: it may be the whole of a large file.
        boolean cut = text.length() > LONGEST;
        String kept = cut ? text.substring(0, LONGEST) : text;
        if (cut && Character.isHighSurrogate(kept.charAt(LONGEST - 1))) {
            kept = kept.substring(0, LONGEST - 1);
        }
        String oneLine =
                kept.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
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
}
