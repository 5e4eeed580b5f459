package dev.metaprompt.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The table of keys: every option there is, once. */
public final class Keys {
    /** The methods {@code method} accepts; a new method is added here. */
    public static final List<String> METHODS = List.of("metaprompt", "coop", "clip", "linear-probe");

    /** The methods that are trained on episodes. */
    public static final Set<String> EPISODIC_METHODS = Set.of("metaprompt");

    private static final List<Key> ALL = KeyTable.rows(METHODS);

    private Keys() {}

    /**
     * Returns every key.
     *
     * @return in the order people read them, groups together
     */
    public static List<Key> all() {
        return ALL;
    }

    /**
     * Finds a key.
     *
     * @param name flat dotted name
     * @return the key, or nothing if there is none of that name
     */
    public static Optional<Key> find(String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    /** Returns a key that must exist. */
    static Key get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no key " + name));
    }

    /**
     * Returns the known key a wrong name most likely means.
     *
     * @param wrong a name that is no key
     * @return the key of which {@code wrong} is the last part or the whole in other letter case, else the one with the
     *     smallest edit distance; the earlier row of two equally near ones
     */
    public static Key nearest(String wrong) {
        String plain = wrong.startsWith("metaprompt.") ? wrong.substring("metaprompt.".length()) : wrong;
        Key best = ALL.get(0);
        int bestDistance = Integer.MAX_VALUE;
        for (Key key : ALL) {
            int distance = distance(plain, key.name());
            if (distance < bestDistance) {
                best = key;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static int distance(String wrong, String name) {
        String a = wrong.toLowerCase(Locale.ROOT);
        String b = name.toLowerCase(Locale.ROOT);
        boolean lastPart = b.endsWith("." + a) || a.endsWith("." + b);
        return a.equals(b) ? 0 : lastPart ? 1 : 1 + EditDistance.of(a, b);
    }
}
