package dev.metaprompt.config;

import java.util.Map;
import java.util.Optional;

/** What earlier versions did where there is a key for it now. */
public final class EarlierVersions {
    /** How the origin begins of a value that a run's record lacks. */
    public static final String RECORD = "older than the key, record of run ";

    /** What they did with every run. */
    static final Map<String, Object> DONE = Map.of("image.colorOrder", "resize-first");

    /** What they took where no file said it; where one did, a record that lacks the key says nothing. */
    private static final Map<String, Object> TAKEN = Map.of("model.activation", "quickgelu");

    private EarlierVersions() {}

    /**
     * Returns what they took of a model whose files do not say it: with the key, a run is what it was without.
     *
     * @param key a key
     * @return nothing for keys that nothing was taken for
     */
    public static Optional<Object> taken(String key) {
        return Optional.ofNullable(TAKEN.get(key));
    }

    static Map<String, Object> taken() {
        return TAKEN;
    }
}
