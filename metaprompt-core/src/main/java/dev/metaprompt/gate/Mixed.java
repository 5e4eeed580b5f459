package dev.metaprompt.gate;

import java.util.Locale;

/** What is done where a configuration's newest runs are of different code: {@code check.mixed}. */
public enum Mixed {
    /** The configuration fails, whatever its figures, which are those of the newest code alone. */
    REFUSE,
    /** The runs of the newest code are judged, the others named and left out. */
    NEWEST,
    /** They are judged as if one code had computed them, and named. */
    JOIN;

    /**
     * Reads a value of the key.
     *
     * @param word one of {@code refuse}, {@code newest} and {@code join}
     * @return what it means
     * @throws IllegalArgumentException if it is another word
     */
    public static Mixed of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
