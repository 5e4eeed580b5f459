package dev.metaprompt.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.plugin.MojoFailureException;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/**
 * Gathers the options a user gave, weakest first, each with where it was written.
 *
 * <p>They are read from their sources and not from the goals' fields: Maven lets a POM's {@code <configuration>} beat
 * {@code -D}, drops elements it does not know without a word, and does not tell where a value came from.
 */
final class Options {
    /** The properties that work without the prefix. */
    static final Set<String> BARE = Set.of("way", "shot", "seed", "method", "model", "dataset");

    /** The element that holds keys with dots in their names. */
    static final String MAP_ELEMENT = "options";

    private static final String PREFIX = "metaprompt.";
    private static final Set<String> GOALS = Set.of(
            "train",
            "experiment",
            "worker",
            "evaluate",
            "prepare",
            "encode",
            "pretrain",
            "replay",
            "report",
            "check",
            "sync");

    /** Parameters that are shorter than their keys, since they stand in one goal's configuration. */
    static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("minBase", "check.minBase"),
            Map.entry("minNew", "check.minNew"),
            Map.entry("minHarmonicMean", "check.minHarmonicMean"),
            Map.entry("baseline", "check.baseline"),
            Map.entry("tolerance", "check.tolerance"),
            Map.entry("confidence", "check.confidence"),
            Map.entry("checkedRuns", "check.runs"),
            Map.entry("mixed", "check.mixed"),
            Map.entry("update", "check.update"),
            Map.entry("seeds", "experiment.seeds"),
            Map.entry("parallel", "experiment.parallel"),
            Map.entry("store", "experiment.store"),
            Map.entry("recompute", "experiment.recompute"),
            Map.entry("claims", "experiment.claims"),
            Map.entry("address", "temporal.address"),
            Map.entry("truncate", "encode.truncate"));

    /** Elements of {@code <configuration>} that the plugin itself reads; see {@link AbstractGoalMojo}. */
    private static final Set<String> OWN_ELEMENTS =
            Set.of("skip", "skipGoal", "forkJvmArgs", "forkDebug", "forkEnvironment");

    /** No keys: the plugin's own, and the version property that POMs usually carry. */
    private static final Set<String> OWN_PROPERTIES = Set.of("skip", "fork.jvmArgs", "fork.debug", "version");

    private final List<RawOption> gathered = new ArrayList<>();

    /** Evaluates what the model builder left in a POM's text, for example {@code ${session.executionRootDirectory}}. */
    interface Expressions {
        /**
         * Evaluates.
         *
         * @return null if the text is one expression that has no value
         */
        String evaluate(String text) throws MojoFailureException;
    }

    /** Adds {@code metaprompt.*} of a project's {@code <properties>}. */
    Options addProjectProperties(Properties properties, String origin) {
        prefixed(properties).forEach((key, value) -> gathered.add(RawOption.pom(key, value, origin)));
        return this;
    }

    /** Adds the plugin's {@code <configuration>}, whose nested elements spell dotted keys. */
    Options addConfiguration(Xpp3Dom configuration, String origin, Expressions expressions)
            throws MojoFailureException {
        if (configuration != null) {
            for (Xpp3Dom child : configuration.getChildren()) {
                if (child.getName().equals(MAP_ELEMENT)) {
                    addConfiguration(child, origin, expressions);
                } else if (!OWN_ELEMENTS.contains(child.getName())) {
                    flatten(child, SHORT.getOrDefault(child.getName(), child.getName()), origin, expressions);
                }
            }
        }
        return this;
    }

    private void flatten(Xpp3Dom element, String key, String origin, Expressions expressions)
            throws MojoFailureException {
        for (Xpp3Dom child : element.getChildren()) {
            flatten(child, key + "." + child.getName(), origin, expressions);
        }
        if (element.getChildCount() == 0) {
            String value = expressions.evaluate(element.getValue() == null ? "" : element.getValue());
            if (value != null) {
                gathered.add(RawOption.pom(key, value, origin));
            }
        }
    }

    /** Adds {@code metaprompt.*} of Maven's own JVM (MAVEN_OPTS) that are not given as user properties. */
    Options addSystemProperties(Properties system, Properties user) {
        prefixed(system).forEach((key, value) -> {
            if (!user.containsKey(PREFIX + key)) {
                gathered.add(RawOption.user(key, value, "-D" + PREFIX + key + " of Maven's JVM"));
            }
        });
        return this;
    }

    /** Adds Maven's own {@code -o}. */
    Options addOffline(boolean offline) {
        if (offline) {
            gathered.add(RawOption.user("offline", "true", "-o"));
        }
        return this;
    }

    /** Adds what was typed: {@code -Dmetaprompt.<key>} and the bare ones; where both are, the child compares them. */
    Options addUserProperties(Properties user) {
        for (String key : new TreeSet<>(BARE)) {
            if (user.getProperty(key) != null) {
                gathered.add(RawOption.user(key, user.getProperty(key), "-D" + key));
            }
        }
        prefixed(user).forEach((key, value) -> gathered.add(RawOption.user(key, value, "-D" + PREFIX + key)));
        return this;
    }

    private static Map<String, String> prefixed(Properties properties) {
        Map<String, String> found = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            String key = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
            if (!key.isEmpty() && !isOwnProperty(key)) {
                found.put(key, properties.getProperty(name));
            }
        }
        return found;
    }

    private static boolean isOwnProperty(String key) {
        return OWN_PROPERTIES.contains(key)
                || key.endsWith(".skip") && GOALS.contains(key.substring(0, key.length() - ".skip".length()));
    }

    /**
     * Returns everything gathered.
     *
     * @return weakest first
     */
    List<RawOption> all() {
        return List.copyOf(gathered);
    }

    /** Returns the strongest option of a key. */
    Optional<RawOption> strongest(String key) {
        return gathered.stream().filter(o -> o.key().equals(key)).reduce((weaker, stronger) -> stronger);
    }
}
