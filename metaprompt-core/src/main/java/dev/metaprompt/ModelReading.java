package dev.metaprompt;

import java.util.regex.Pattern;

/**
 * What was read from a model's configuration and preprocessing files, as runs, cells and baselines keep it: a digest of
 * towers and preprocessing, or an empty text where a version did not record it.
 */
public final class ModelReading {
    /** Begins a reading that versions which recorded none took otherwise from the same files. */
    public static final String ANEW = "anew:";

    private static final Pattern READING = Pattern.compile("(" + ANEW + ")?[0-9a-f]{64}");

    private ModelReading() {}

    /**
     * Tells whether a text from elsewhere is a reading.
     *
     * @param text any text
     * @return false also for an empty one
     */
    public static boolean isReading(String text) {
        return READING.matcher(text).matches();
    }

    /**
     * Tells whether versions that recorded no reading took another from the same files.
     *
     * @param reading a reading, or an empty text
     * @return false for an empty text
     */
    public static boolean isAnew(String reading) {
        return reading.startsWith(ANEW);
    }

    /**
     * Returns what is computed with, without what earlier versions made of the files.
     *
     * @param reading a reading, or an empty text
     * @return the digest alone
     */
    public static String digest(String reading) {
        return isAnew(reading) ? reading.substring(ANEW.length()) : reading;
    }

    /**
     * Tells whether two may be the same: one that was not recorded may be any that earlier versions took, too.
     *
     * @param one a reading, or an empty text
     * @param other another
     * @return true if nothing says that they differ
     */
    public static boolean agree(String one, String other) {
        return one.isEmpty() || other.isEmpty()
                ? !isAnew(one) && !isAnew(other)
                : digest(one).equals(digest(other));
    }

    /**
     * Returns the beginning of the digest, for messages.
     *
     * @param reading a reading, or an empty text
     * @return {@code unknown} for an empty text
     */
    public static String shown(String reading) {
        String digest = digest(reading);
        return digest.isEmpty() ? "unknown" : digest.substring(0, Math.min(12, digest.length()));
    }
}
