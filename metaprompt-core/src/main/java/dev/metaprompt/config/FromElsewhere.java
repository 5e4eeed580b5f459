package dev.metaprompt.config;

import java.util.List;

/**
 * What may be said of a piece of work by what comes from elsewhere: a matrix in a pull request, a plan that a server hands
 * out, the record of somebody's run. What is computed, and with what kind of arithmetic; never where things are, how this
 * machine is used, or what server is told.
 */
public final class FromElsewhere {
    private static final List<String> ARITHMETIC = List.of("device", "threads", "precision");
    /** What it removes are this machine's features, so it is this machine's to say. */
    private static final String OF_CACHE = "cache.limit";

    private FromElsewhere() {}

    /**
     * Tells whether a matrix, plan or record may set a key.
     *
     * @param key a key
     * @return whether it may
     */
    public static boolean maySet(Key key) {
        boolean place = key.group() == Group.PLACE && !ARITHMETIC.contains(key.name())
                || key.name().equals(OF_CACHE);
        return !place && key.group() != Group.TRACKING && key.group().goals().contains("train");
    }

    /**
     * Tells whether a matrix, plan or record may set a key.
     *
     * @param name what stands there, perhaps no key at all
     * @return whether there is such a key, and it may
     */
    public static boolean maySet(String name) {
        return Keys.find(name).map(FromElsewhere::maySet).orElse(false);
    }
}
