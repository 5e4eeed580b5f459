package dev.metaprompt.run;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** What the table of keys, which this package does not see, says of the keys of a record. */
public interface KeyRules {
    /**
     * Tells whether a method reads a key.
     *
     * @param method a method
     * @param key a key, perhaps of another version
     * @return whether its value can change a result
     */
    boolean reads(String method, String key);

    /**
     * Returns what the keys that say what is computed are where a record, perhaps an older version's, lacks them.
     *
     * @param method a method
     * @return the default of each key that has one and that the method reads
     */
    Map<String, Object> defaults(String method);

    /**
     * Returns what earlier versions took without a key for it: with the key, a run is what it was without.
     *
     * @param key a key, perhaps of another version
     * @return nothing for most keys
     */
    Optional<Object> takenBefore(String key);

    /** The rules of this version. */
    static KeyRules get() {
        return Loaded.RULES;
    }

    /** Looked up once. */
    final class Loaded {
        private static final KeyRules RULES = ServiceLoader.load(KeyRules.class, KeyRules.class.getClassLoader())
                .findFirst()
                .orElseThrow();

        private Loaded() {}
    }
}
