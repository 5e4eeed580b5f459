package dev.metaprompt.config;

import dev.metaprompt.config.Configuration.Chosen;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Gathers the settings of every layer and resolves them to a {@link Configuration}. */
public final class ConfigurationBuilder {
    private static final String PREFIX = "metaprompt.";
    private static final Set<String> SAID_IF_LEFT_OUT =
            Set.of("tracking.uri", "tracking.experiment", "tracking.allowPlain", "cache", "cache.limit", "offline");

    private final Path baseDirectory;
    private final List<Setting> pom = new ArrayList<>();
    private final List<Setting> commandLine = new ArrayList<>();
    private Function<String, List<Setting>> recommendation = model -> List.of();
    private Consumer<String> notice = text -> {};

    ConfigurationBuilder(Path baseDirectory) {
        this.baseDirectory = baseDirectory.toAbsolutePath().normalize();
    }

    /**
     * Adds a setting of the POM.
     *
     * @param key the key as written
     * @param value the text as written
     * @param origin where it was written
     * @return this; of two settings of one key the later one counts
     */
    public ConfigurationBuilder pom(String key, String value, String origin) {
        pom.add(new Setting(key, value, origin));
        return this;
    }

    /**
     * Adds a setting of the command line.
     *
     * @param key the key as written, without {@code metaprompt.}
     * @param value the text as written
     * @param origin {@code -D<key>}, {@code -Dmetaprompt.<key>} or another place of the same rank
     * @return this; of two settings of one key the later one counts, but the bare and the prefixed property must agree
     */
    public ConfigurationBuilder commandLine(String key, String value, String origin) {
        commandLine.add(new Setting(key, value, origin));
        return this;
    }

    /**
     * Sets how a model's recommended settings are found.
     *
     * @param source gives for the value of {@code model} the settings of the {@code metaprompt.yaml} beside its weights
     *     (see {@link ConfigFile}), or none
     * @return this
     */
    public ConfigurationBuilder recommendation(Function<String, List<Setting>> source) {
        this.recommendation = source;
        return this;
    }

    /**
     * Sets who is told what a record says and is not taken from it.
     *
     * @param listener takes a sentence at a time
     * @return this
     */
    public ConfigurationBuilder notice(Consumer<String> listener) {
        this.notice = listener;
        return this;
    }

    /**
     * Resolves the layers for a new piece of work.
     *
     * @return checked values
     * @throws dev.metaprompt.InvalidInputException if a key is unknown, a value is not allowed, or values contradict
     *     each other
     */
    public Configuration resolve() {
        Map<String, Chosen> explicit = explicit();
        Map<String, Chosen> all = defaults();
        String method = word(explicit, all, "method");
        BuiltInSettings.methodDefaults(method).forEach((k, v) -> all.put(k, new Chosen(v, "method default")));
        all.putAll(recommended(word(explicit, all, "model"), method));
        if (explicit.containsKey("preset")) {
            String preset = word(explicit, all, "preset");
            BuiltInSettings.preset(preset).forEach((k, v) -> all.put(k, new Chosen(v, "preset " + preset)));
        }
        all.putAll(explicit);
        Configuration configuration = new Configuration(baseDirectory, inTableOrder(all));
        CrossChecks.check(configuration);
        return configuration;
    }

    /**
     * Resolves the layers for going on with a run: the run's recorded values count, and what the user gave must not
     * contradict them. Where things are ({@code run}, {@code runs}, {@code cache}, {@code config}) and what server is told
     * come from what was given now alone: a record may be somebody else's (see {@link FromElsewhere}).
     *
     * @param run the run's id, for messages
     * @param values the recorded values
     * @param origins the recorded origins
     * @return the recorded values, the places as given now, and of what is not recorded the default, or what was done
     *     before there was a key for it
     * @throws dev.metaprompt.InvalidInputException if an option contradicts the record, or is wrong in itself
     */
    public Configuration resume(String run, Map<String, Object> values, Map<String, String> origins) {
        return recorded(run, values, origins, RecordedKeys::mayDifferInTraining);
    }

    /**
     * Resolves the layers for evaluating a run: as {@link #resume}, but the data, the templates, the machine and what
     * is measured may differ too. With another {@code dataset} the recorded choice of split and classes, which was made
     * for the old one, no longer counts.
     *
     * @param run the run's id, for messages
     * @param values the recorded values
     * @param origins the recorded origins
     * @return the recorded values with what was given now in their place
     * @throws dev.metaprompt.InvalidInputException if an option contradicts the record, or is wrong in itself
     */
    public Configuration evaluate(String run, Map<String, Object> values, Map<String, String> origins) {
        return recorded(run, values, origins, RecordedKeys::mayDifferInEvaluation);
    }

    /**
     * Resolves the layers for repeating a run: as {@link #resume}, but {@code device} and {@code threads} may differ.
     *
     * @param run the run's id, for messages
     * @param values the recorded values
     * @param origins the recorded origins
     * @return the recorded values, the places and the machine as given now, and of what is not recorded the default, or
     *     what was done before there was a key for it
     * @throws dev.metaprompt.InvalidInputException if an option contradicts the record, or is wrong in itself
     */
    public Configuration replay(String run, Map<String, Object> values, Map<String, String> origins) {
        return recorded(run, values, origins, RecordedKeys::mayDifferInReplay);
    }

    private Configuration recorded(
            String run, Map<String, Object> values, Map<String, String> origins, Predicate<String> mayDiffer) {
        Map<String, Chosen> explicit = explicit();
        Map<String, Chosen> recorded = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            String origin = Quoted.of(origins.getOrDefault(key, "record of run " + run));
            Setting setting = new Setting(key, value.toString(), origin);
            if (FromElsewhere.maySet(known(setting))) {
                recorded.put(key, new Chosen(Values.parse(known(setting), setting), origin));
            } else if (!explicit.containsKey(key)) {
                leaveOut(setting, run);
            }
        });
        RecordedKeys.addUnrecorded(recorded, run);
        RecordedKeys.requireSame(explicit, recorded, mayDiffer, run);
        boolean otherDataAllowed = mayDiffer.test("dataset.classSplit");
        if (otherDataAllowed && RecordedKeys.otherDataset(explicit, recorded)) {
            recorded.keySet().removeIf(RecordedKeys::belongsToDataset);
        }
        explicit.keySet().removeIf(key -> recorded.containsKey(key) && !mayDiffer.test(key));
        Map<String, Chosen> all = defaults();
        all.putAll(recorded);
        all.putAll(explicit);
        Configuration configuration = new Configuration(baseDirectory, inTableOrder(all));
        CrossChecks.check(configuration);
        return configuration;
    }

    /** A record may be a stranger's: where things are, and what server is told, is for this machine's user to say. */
    private void leaveOut(Setting setting, String run) {
        boolean chosen = !List.of("default", "automatic").contains(setting.origin());
        if (chosen && SAID_IF_LEFT_OUT.contains(setting.key())) {
            notice.accept("run " + Quoted.of(run) + " was started with " + setting.key() + " "
                    + Messages.shown(setting.value())
                    + ", which is not taken from its record: set -Dmetaprompt." + setting.key()
                    + " again if it is wanted");
        }
    }

    private static Map<String, Chosen> defaults() {
        Map<String, Chosen> all = new LinkedHashMap<>();
        for (Key key : Keys.all()) {
            key.defaultValue().ifPresent(value -> all.put(key.name(), new Chosen(value, "default")));
        }
        return all;
    }

    private Map<String, Chosen> explicit() {
        commandLine.forEach(this::refuseContradiction);
        Map<String, Chosen> fromPom = parsed(pom);
        Map<String, Chosen> fromCommandLine = parsed(commandLine);
        Chosen file = fromCommandLine.getOrDefault("config", fromPom.get("config"));
        Map<String, Chosen> explicit = new LinkedHashMap<>();
        if (file != null) {
            String label = (String) file.value();
            List<Setting> settings = ConfigFile.read(baseDirectory.resolve(label), label);
            settings.stream()
                    .filter(s -> s.key().equals("config") || s.key().equals("run"))
                    .forEach(setting -> {
                        throw Messages.notHere(setting, "a configuration file");
                    });
            explicit.putAll(parsed(settings));
        }
        explicit.putAll(fromPom);
        explicit.putAll(fromCommandLine);
        return explicit;
    }

    private void refuseContradiction(Setting bare) {
        for (Setting other : commandLine) {
            boolean pair = other.key().equals(bare.key())
                    && bare.origin().equals("-D" + bare.key())
                    && other.origin().equals("-D" + PREFIX + bare.key());
            if (pair && !other.value().equals(bare.value())) {
                throw Messages.givenTwice(bare, other);
            }
        }
    }

    private Map<String, Chosen> recommended(String model, String method) {
        List<Setting> settings = Recommendation.forMethod(recommendation.apply(model), method);
        for (Setting setting : settings) {
            if (!known(setting).group().recommendable()) {
                throw Messages.notHere(setting, "a model's recommendation");
            }
        }
        Map<String, Chosen> result = new LinkedHashMap<>();
        parsed(settings)
                .forEach((key, value) ->
                        result.put(key, new Chosen(value.value(), "model recommendation (" + value.origin() + ")")));
        return result;
    }

    private static Map<String, Chosen> parsed(List<Setting> settings) {
        Map<String, Chosen> result = new LinkedHashMap<>();
        for (Setting setting : settings) {
            Object value = Values.parse(known(setting), setting);
            result.put(setting.key(), new Chosen(value, setting.origin()));
        }
        return result;
    }

    private static Key known(Setting setting) {
        return Keys.find(setting.key()).orElseThrow(() -> Messages.unknownKey(setting));
    }

    private static String word(Map<String, Chosen> strong, Map<String, Chosen> weak, String key) {
        return (String) strong.getOrDefault(key, weak.get(key)).value();
    }

    private static Map<String, Chosen> inTableOrder(Map<String, Chosen> values) {
        Map<String, Chosen> ordered = new LinkedHashMap<>();
        for (Key key : Keys.all()) {
            if (values.containsKey(key.name())) {
                ordered.put(key.name(), values.get(key.name()));
            }
        }
        return ordered;
    }
}
