package dev.metaprompt.tracking;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An archive in an {@link ArtifactStore}, as its tag announces it.
 *
 * @param number how far the work had come; grows with it
 * @param finished whether the work was done; such a state is newer than any that was not
 * @param file the archive's name there
 * @param sha256 of the archive, in lower-case hexadecimal
 * @param bytes the archive's size
 * @param kept when it was announced, in milliseconds since 1970
 */
public record StoredState(long number, boolean finished, String file, String sha256, long bytes, long kept) {
    /** Tags of this name, with the archive's behind it, announce states. */
    static final String TAG = "metaprompt.state.";

    /** The largest archive that is kept or fetched. */
    static final long MOST_BYTES = 16L << 30;

    private static final int LONGEST_TAG = 2000;
    private static final Pattern FILE = Pattern.compile("(state|finished)--?\\d{1,19}-[0-9a-f]{12}\\.tar\\.gz");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Gson GSON = new Gson();

    /** Of equal states the one announced first is the newest for everybody: it may be in use. */
    private static final Comparator<StoredState> AGE = Comparator.comparing(StoredState::finished)
            .thenComparing(StoredState::number)
            .thenComparing(StoredState::kept, Comparator.reverseOrder())
            .thenComparing(StoredState::file);

    /** Returns the newest of some states. */
    static Comparator<StoredState> byAge() {
        return AGE;
    }

    /**
     * Compares with how far work has come elsewhere.
     *
     * @param otherNumber how far
     * @param otherFinished whether it is done
     * @return whether this state has come further
     */
    public boolean isNewerThan(long otherNumber, boolean otherFinished) {
        return finished == otherFinished ? !finished && number > otherNumber : finished;
    }

    String tag() {
        return TAG + file;
    }

    String text() {
        return GSON.toJson(this);
    }

    /** Reads a tag; nothing if it is another, damaged, or announces what nobody here has kept. */
    static Optional<StoredState> read(Map.Entry<String, String> tag) {
        if (!tag.getKey().startsWith(TAG) || tag.getValue().length() > LONGEST_TAG) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(GSON.fromJson(tag.getValue(), StoredState.class))
                    .filter(state -> matches(FILE, state.file) && matches(SHA_256, state.sha256))
                    .filter(state -> tag.getKey().equals(state.tag()))
                    .filter(state -> state.bytes >= 0 && state.bytes <= MOST_BYTES);
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    private static boolean matches(Pattern pattern, String text) {
        return text != null && pattern.matcher(text).matches();
    }
}
