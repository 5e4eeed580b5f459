package dev.metaprompt.run;

import dev.metaprompt.ModelReading;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What runs share that differ in their seed alone: data, method, and every key that says what is computed.
 *
 * <p>Two are equal if the same would be computed: a key that one lacks, for example since its version had none, counts
 * as its default, and a key that the method does not read counts for nothing.
 */
public final class RunSetting {
    /**
     * Model and data are compared by digest, so that the same files elsewhere are the same setting and other files under
     * the same names are another.
     */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "seed",
            "run",
            "runs",
            "cache",
            "cache.limit",
            "config",
            "image.colorOrder",
            "images",
            "texts",
            "out",
            "offline",
            "device",
            "threads",
            "model",
            "tokenizer",
            "dataset",
            "dataset.root",
            "dataset.split",
            "tracking.uri",
            "tracking.experiment",
            "tracking.allowPlain");

    /**
     * A setting has this key only where it is not the order of older versions and test images depend on it: elsewhere
     * the figures are those of older versions.
     */
    private static final String COLOR_ORDER = "image.colorOrder";

    /** What keys are where a setting lacks them, if not unset. */
    private static final Map<String, String> LACKING = Map.of(COLOR_ORDER, "resize-first");

    private static final String TOKENIZER = "tokenizer";
    private static final String DRAW = "dataset.draw";
    private static final String DRAWN_FROM_FILE = "file:";

    /** Keys that name a file: it counts by what it holds, where that was recorded. */
    private static final Set<String> FILES = Set.of(TOKENIZER, DRAW);

    private static final String DIGEST = "sha256:";

    /** The keys that tables have columns for. */
    private static final Set<String> COLUMNS = Set.of("method", "way", "shot");

    private static final Comparator<RunSetting> ORDER = Comparator.comparing(
                    (RunSetting s) -> s.data().dataset())
            .thenComparing(s -> s.data().toString())
            .thenComparing(RunSetting::method)
            .thenComparing(s -> s.number("way"))
            .thenComparing(s -> s.number("shot"))
            .thenComparing(s -> s.decisive.toString());

    private final Data data;
    private final String method;
    private final Map<String, Object> config;
    private final Map<String, Object> decisive;

    /**
     * Creates it.
     *
     * @param data model and classes, the same for every method
     * @param method the method
     * @param config the keys that say what is computed; neither the seed, nor where things are, nor the machine
     */
    public RunSetting(Data data, String method, Map<String, Object> config) {
        this.data = Objects.requireNonNull(data, "data");
        this.method = Objects.requireNonNull(method, "method");
        this.config = Collections.unmodifiableMap(new TreeMap<>(config));
        Map<String, Object> read = new TreeMap<>(KeyRules.get().defaults(method));
        config.forEach((key, value) -> {
            if (KeyRules.get().reads(method, key)) {
                read.put(key, value);
            }
        });
        this.decisive = Collections.unmodifiableMap(read);
    }

    /** Returns model and classes, the same for every method. */
    public Data data() {
        return data;
    }

    /** Returns the method. */
    public String method() {
        return method;
    }

    /** Returns the keys as they were recorded, sorted: also those that the method does not read. */
    public Map<String, Object> config() {
        return config;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunSetting that
                && method.equals(that.method)
                && data.equals(that.data)
                && decisive.equals(that.decisive);
    }

    @Override
    public int hashCode() {
        return Objects.hash(data, method, decisive);
    }

    @Override
    public String toString() {
        return method + " on " + data + " with " + config;
    }

    /**
     * The model and the data that figures may be compared on.
     *
     * @param dataset the dataset's name
     * @param split SHA-256 of the split
     * @param generatorSeed the seed of generated data, a Long; an empty text where there is none
     * @param base base classes in their order
     * @param newClasses new classes in their order; may be empty
     * @param model the model's name
     * @param weights SHA-256 of its weights
     * @param reading what was read from its configuration and preprocessing files, see {@link ModelReading}; an empty text
     *     where that was not recorded
     * @param testContent SHA-256 of what the test images hold, which no seed changes; an empty text where that was not
     *     recorded
     * @param testColorOrder the order of colour conversion, where features of test images depend on it; an empty text
     *     elsewhere, and for the order of older versions
     */
    public record Data(
            String dataset,
            String split,
            Object generatorSeed,
            List<String> base,
            List<String> newClasses,
            String model,
            String weights,
            String reading,
            String testContent,
            String testColorOrder) {
        /** Copies the lists. */
        public Data {
            base = List.copyOf(base);
            newClasses = List.copyOf(newClasses);
        }

        /**
         * The name of the data counts for nothing where the content of the test images was recorded: it may be a
         * folder's. The model's does, as its digest is of the weights alone. Of two readings
         * the digests count, not how earlier versions read the files.
         */
        @Override
        public boolean equals(Object other) {
            return other instanceof Data that
                    && split.equals(that.split)
                    && generatorSeed.equals(that.generatorSeed)
                    && base.equals(that.base)
                    && newClasses.equals(that.newClasses)
                    && model.equals(that.model)
                    && weights.equals(that.weights)
                    && ModelReading.digest(reading).equals(ModelReading.digest(that.reading))
                    && testContent.equals(that.testContent)
                    && testColorOrder.equals(that.testColorOrder)
                    && (!testContent.isEmpty() || dataset.equals(that.dataset));
        }

        @Override
        public int hashCode() {
            return Objects.hash(
                    split,
                    generatorSeed,
                    base,
                    newClasses,
                    model,
                    weights,
                    ModelReading.digest(reading),
                    testContent,
                    testColorOrder);
        }

        Data withTestContent(String content) {
            return new Data(
                    dataset, split, generatorSeed, base, newClasses, model, weights, reading, content, testColorOrder);
        }

        Data withReading(String known) {
            return new Data(
                    dataset,
                    split,
                    generatorSeed,
                    base,
                    newClasses,
                    model,
                    weights,
                    known,
                    testContent,
                    testColorOrder);
        }

        /**
         * Returns the same data in any order of colour conversion.
         *
         * @return data that are equal where only the order differs
         */
        public Data inAnyOrder() {
            return new Data(dataset, split, generatorSeed, base, newClasses, model, weights, reading, testContent, "");
        }

        static Data of(RunRecord record) {
            RunRecord.DatasetInfo d = record.dataset();
            return new Data(
                    d.name(),
                    d.sha256(),
                    record.config().getOrDefault("dataset.seed", ""),
                    d.base(),
                    d.newClasses(),
                    record.model().name(),
                    record.model().sha256(),
                    record.model().reading().orElse(""),
                    d.content().map(RunRecord.Content::test).orElse(""),
                    d.content().flatMap(RunRecord.Content::testColorOrder).orElse(""));
        }
    }

    /**
     * Returns a run's setting.
     *
     * @param record the run's record
     * @return what it shares with runs of other seeds
     */
    public static RunSetting of(RunRecord record) {
        Map<String, Object> config = new TreeMap<>(record.config());
        config.entrySet().removeIf(entry -> !decides(entry.getKey(), entry.getValue()));
        tokenizer(record).ifPresent(value -> config.put(TOKENIZER, value));
        config.computeIfPresent(DRAW, (key, value) -> draw(value.toString(), record));
        Data data = Data.of(record);
        if (!data.testColorOrder().isEmpty()) {
            config.put(COLOR_ORDER, data.testColorOrder());
        }
        return new RunSetting(data, record.method(), config);
    }

    // A tokenizer of its own counts by what it holds; where that was not recorded, its place is all there is.
    private static Optional<Object> tokenizer(RunRecord record) {
        return Optional.ofNullable(record.config().get(TOKENIZER))
                .map(place -> record.model()
                        .tokenizerSha256()
                        .<Object>map(digest -> DIGEST + digest)
                        .orElse(place));
    }

    // So does a list of training images.
    private static Object draw(String value, RunRecord record) {
        return value.startsWith(DRAWN_FROM_FILE)
                ? record.dataset().drawSha256().map(digest -> DIGEST + digest).orElse(value)
                : value;
    }

    /**
     * Tells whether this may be the setting of another run: it is the same as far as both records say. Records of older
     * versions do not say what their test images and their tokenizer hold, nor what was read from the model's files.
     *
     * @param other another setting
     * @return true if they are equal, or would be if one of them said what the other says
     */
    public boolean agreesWith(RunSetting other) {
        boolean unknown =
                data.testContent().isEmpty() || other.data().testContent().isEmpty();
        Data theirs = other.data().withReading(data.reading());
        boolean sameData = unknown
                ? data.dataset().equals(theirs.dataset()) && data.equals(theirs.withTestContent(data.testContent()))
                : data.equals(theirs);
        return sameData
                && ModelReading.agree(data.reading(), other.data().reading())
                && method.equals(other.method())
                && differingKeys(other).stream().allMatch(key -> isUnknownFile(key, other));
    }

    /** One names a file by its place, the other by what it holds: nothing says that they differ. */
    private boolean isUnknownFile(String key, RunSetting other) {
        return FILES.contains(key)
                && decisive.containsKey(key)
                && other.decisive.containsKey(key)
                && (isPlace(key) && other.isDigest(key) || other.isPlace(key) && isDigest(key));
    }

    private boolean isDigest(String key) {
        return shown(key).startsWith(DIGEST);
    }

    private boolean isPlace(String key) {
        return !isDigest(key) && (key.equals(TOKENIZER) || shown(key).startsWith(DRAWN_FROM_FILE));
    }

    RunSetting with(Data known) {
        return new RunSetting(known, method, config);
    }

    /**
     * Tells whether a key says what is computed.
     *
     * @param key a key
     * @param value its value
     * @return false for the seed, for keys that say where things are or on what machine, for what a key that earlier
     *     versions lacked says of what they computed, and for the order of colour conversion, which decides for some
     *     images alone
     */
    public static boolean decides(String key, Object value) {
        return !NOT_SETTINGS.contains(key) && !KeyRules.get().takenBefore(key).equals(Optional.of(value));
    }

    /**
     * Returns the order of tables.
     *
     * @return by dataset, data, method, way, shot and the rest
     */
    public static Comparator<RunSetting> order() {
        return ORDER;
    }

    /**
     * Returns a whole number of the configuration.
     *
     * @param key for example {@code way}
     * @return its value; 0 if it is unset or no whole number
     */
    public long number(String key) {
        return config.get(key) instanceof Long number ? number : 0;
    }

    /**
     * Returns the keys whose values differ.
     *
     * @param other another setting
     * @return sorted
     */
    public Set<String> differingKeys(RunSetting other) {
        Set<String> keys = new TreeSet<>(decisive.keySet());
        keys.addAll(other.decisive.keySet());
        keys.removeIf(key -> Objects.equals(decisive.get(key), other.decisive.get(key)));
        return keys;
    }

    /**
     * Returns a value as tables show it.
     *
     * @param key a key
     * @return {@code unset} if it has none and never had one
     */
    public String shown(String key) {
        Object value = decisive.get(key);
        return value == null ? LACKING.getOrDefault(key, "unset") : value.toString();
    }

    /**
     * Returns the keys, and their values here, in which settings of the same method and data differ.
     *
     * @param all the settings of a table
     * @return {@code key=value} with spaces between them, without the keys that tables have columns for
     */
    public String differences(Collection<RunSetting> all) {
        return String.join(
                " ",
                differingKeys(all).stream().map(key -> key + "=" + shown(key)).toList());
    }

    /**
     * Returns the keys in which settings of the same method and data differ.
     *
     * @param all the settings of a table
     * @return sorted, without the keys that tables have columns for
     */
    public Set<String> differingKeys(Collection<RunSetting> all) {
        Set<String> keys = new TreeSet<>();
        for (RunSetting other : all) {
            if (other.method.equals(method) && other.data.inAnyOrder().equals(data.inAnyOrder())) {
                keys.addAll(differingKeys(other));
            }
        }
        keys.removeAll(COLUMNS);
        return keys;
    }
}
