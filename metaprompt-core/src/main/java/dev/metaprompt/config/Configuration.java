package dev.metaprompt.config;

import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Every key's checked value and where it came from. */
public final class Configuration {
    private final Path baseDirectory;
    private final Map<String, Chosen> chosen;

    /**
     * A key's value.
     *
     * @param value a Long, Double, Boolean or String
     * @param origin where it came from
     */
    record Chosen(Object value, String origin) {}

    Configuration(Path baseDirectory, Map<String, Chosen> chosen) {
        this.baseDirectory = baseDirectory;
        this.chosen = Collections.unmodifiableMap(new LinkedHashMap<>(chosen));
    }

    /**
     * Begins to gather settings.
     *
     * @param baseDirectory where relative paths start: the directory Maven was started in
     * @return a builder without settings
     */
    public static ConfigurationBuilder builder(Path baseDirectory) {
        return new ConfigurationBuilder(baseDirectory);
    }

    /**
     * Returns a whole number.
     *
     * @param key a key of type integer, or one of type auto integer that is not {@code auto}
     * @return its value
     * @throws ArithmeticException if it does not fit an int
     */
    public int integer(String key) {
        return Math.toIntExact(longInteger(key));
    }

    /**
     * Returns a whole number that may be large.
     *
     * @param key as {@link #integer}
     * @return its value
     */
    public long longInteger(String key) {
        return (Long) required(key);
    }

    /**
     * Returns a whole number or nothing.
     *
     * @param key a key of type auto integer
     * @return its value; nothing if it is {@code auto}
     */
    public OptionalInt autoInteger(String key) {
        return required(key).equals("auto") ? OptionalInt.empty() : OptionalInt.of(integer(key));
    }

    /**
     * Returns a decimal number.
     *
     * @param key a key of type number
     * @return its value, finite
     */
    public double number(String key) {
        return (Double) required(key);
    }

    /**
     * Returns a boolean.
     *
     * @param key a key of type boolean
     * @return its value
     */
    public boolean flag(String key) {
        return (Boolean) required(key);
    }

    /**
     * Returns a text.
     *
     * @param key a key of type text that has a default
     * @return its value, not empty
     */
    public String text(String key) {
        return (String) required(key);
    }

    /**
     * Returns a text that may be unset.
     *
     * @param key a key of type text
     * @return its value, not empty; nothing if it is unset
     */
    public Optional<String> optional(String key) {
        return value(key).map(String.class::cast);
    }

    /**
     * Returns names.
     *
     * @param key a key of type names
     * @return at least one name, none twice; an empty list if the key is unset
     */
    public List<String> names(String key) {
        return optional(key).map(text -> List.of(text.split(","))).orElse(List.of());
    }

    /**
     * Returns a path that may be unset.
     *
     * @param key a key whose text is a path
     * @return the path, absolute; nothing if the key is unset
     */
    public Optional<Path> path(String key) {
        return optional(key).map(text -> baseDirectory.resolve(text).normalize());
    }

    /**
     * Returns the seed of the few-shot draw, the episodes and the initial values.
     *
     * @return 0 ≤ seed &lt; 2^53
     */
    public long seed() {
        return longInteger("seed");
    }

    /**
     * Returns where relative paths start.
     *
     * @return an absolute path
     */
    public Path baseDirectory() {
        return baseDirectory;
    }

    /**
     * Returns a value of any type.
     *
     * @param key a known key
     * @return a Long, Double, Boolean or String; nothing if the key is unset
     */
    public Optional<Object> value(String key) {
        Keys.get(key);
        return Optional.ofNullable(chosen.get(key)).map(Chosen::value);
    }

    private Object required(String key) {
        return value(key).orElseThrow(() -> new IllegalArgumentException("key " + key + " is unset"));
    }

    /**
     * Returns where a value came from.
     *
     * @param key a known key
     * @return for example {@code default} or {@code -Dway}; {@code unset} if it has no value
     */
    public String origin(String key) {
        Keys.get(key);
        return chosen.containsKey(key) ? chosen.get(key).origin() : "unset";
    }

    /**
     * Returns a key with its value and origin, as messages begin.
     *
     * @param key a known key
     * @return for example {@code way is 30 (-Dway)}
     */
    public String describe(String key) {
        return key + " is " + value(key).map(Quoted::of).orElse("unset") + " (" + origin(key) + ")";
    }

    /**
     * Returns every value that is set.
     *
     * @return Longs, Doubles, Booleans and Strings by key, in the order of {@link Keys#all()}
     */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        chosen.forEach((key, value) -> values.put(key, value.value()));
        return Collections.unmodifiableMap(values);
    }

    /**
     * Returns the values of keys that a goal reads.
     *
     * @param goal for example {@code train}
     * @return as {@link #values()}
     */
    public Map<String, Object> values(String goal) {
        Map<String, Object> values = new LinkedHashMap<>(values());
        values.keySet().removeIf(key -> !Keys.get(key).group().goals().contains(goal));
        return Collections.unmodifiableMap(values);
    }

    /**
     * Returns the origin of every value that is set.
     *
     * @return origins by key, in the order of {@link Keys#all()}
     */
    public Map<String, String> origins() {
        Map<String, String> origins = new LinkedHashMap<>();
        chosen.forEach((key, value) -> origins.put(key, value.origin()));
        return Collections.unmodifiableMap(origins);
    }

    /**
     * Returns the origins of values of keys that a goal reads.
     *
     * @param goal for example {@code train}
     * @return as {@link #origins()}
     */
    public Map<String, String> origins(String goal) {
        Map<String, String> origins = new LinkedHashMap<>(origins());
        origins.keySet().retainAll(values(goal).keySet());
        return Collections.unmodifiableMap(origins);
    }

    /**
     * Returns this configuration with one value chosen by the program, for example the resolved number of attention
     * heads.
     *
     * @param key a known key
     * @param value an Integer, Long, Double, Boolean or String that the key accepts
     * @param origin how it was chosen, for example {@code auto: largest divisor of 512 up to 8}
     * @return a new configuration
     * @throws dev.metaprompt.InvalidInputException if the key does not accept the value
     */
    public Configuration with(String key, Object value, String origin) {
        Map<String, Chosen> changed = new LinkedHashMap<>();
        Object parsed = Values.parse(Keys.get(key), new Setting(key, value.toString(), origin));
        for (Key each : Keys.all()) {
            String name = each.name();
            if (name.equals(key)) {
                changed.put(name, new Chosen(parsed, origin));
            } else if (chosen.containsKey(name)) {
                changed.put(name, chosen.get(name));
            }
        }
        return new Configuration(baseDirectory, changed);
    }

    /**
     * Returns this configuration without a value.
     *
     * @param key a known key that may be unset
     * @return a new configuration
     */
    public Configuration without(String key) {
        Keys.get(key);
        Map<String, Chosen> fewer = new LinkedHashMap<>(chosen);
        fewer.remove(key);
        return new Configuration(baseDirectory, fewer);
    }
}
