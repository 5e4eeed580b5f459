package dev.metaprompt.config;

import dev.metaprompt.config.Configuration.Chosen;
import dev.metaprompt.io.Quoted;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which options may differ from a run's record when the run is taken up again. */
final class RecordedKeys {
    /** Where things are, not what is computed; what lies there is compared by digest with what the run began with. */
    private static final Set<String> PLACES = Set.of(
            "run",
            "runs",
            "cache",
            "cache.limit",
            "config",
            "model",
            "offline",
            "tokenizer",
            "dataset",
            "dataset.root",
            "dataset.split",
            "tracking.uri",
            "tracking.experiment",
            "tracking.allowPlain");

    /** What an evaluation may choose anew beside the groups of data and evaluation. */
    private static final Set<String> EVALUATION =
            Set.of("dataset", "prompt.template", "device", "threads", "precision", "image.colorOrder");

    /** What was done before a key was there, where that is not its default now. */
    private static final Map<String, Object> BEFORE = Map.of("image.colorOrder", "resize-first");

    /** What was taken of models whose files do not say it; of others it says nothing. */
    private static final Map<String, String> TAKEN_BEFORE = Map.of("model.activation", "quickgelu");

    private RecordedKeys() {}

    /** Adds what a record of an older version lacks, since it went without saying. */
    static void addUnrecorded(Map<String, Chosen> recorded, String run) {
        BEFORE.forEach((key, value) ->
                recorded.putIfAbsent(key, new Chosen(value, "older than the key, record of run " + Quoted.of(run))));
    }

    static boolean mayDifferInTraining(String key) {
        return PLACES.contains(key) || !Keys.get(key).group().goals().contains("train");
    }

    /** A replay may run elsewhere; what it computes is compared, not where. */
    static boolean mayDifferInReplay(String key) {
        return mayDifferInTraining(key) || key.equals("device") || key.equals("threads");
    }

    static boolean mayDifferInEvaluation(String key) {
        Group group = Keys.get(key).group();
        return mayDifferInTraining(key)
                || EVALUATION.contains(key)
                || group == Group.DATASET
                || group == Group.EVALUATE;
    }

    /** Returns whether a key says how one dataset is split, which says nothing of another. */
    static boolean belongsToDataset(String key) {
        return Keys.get(key).group() == Group.DATASET && !key.equals("dataset.shots");
    }

    static boolean otherDataset(Map<String, Chosen> given, Map<String, Chosen> recorded) {
        return given.containsKey("dataset") && !same(given.get("dataset"), recorded.get("dataset"));
    }

    /**
     * Compares given values with recorded ones. {@code auto} agrees with whatever was chosen then.
     *
     * @throws dev.metaprompt.InvalidInputException if two contradict each other
     */
    static void requireSame(
            Map<String, Chosen> given, Map<String, Chosen> recorded, Predicate<String> mayDiffer, String run) {
        given.forEach((key, value) -> {
            Chosen old = Optional.ofNullable(recorded.get(key)).orElseGet(() -> lacking(key, recorded));
            if (!mayDiffer.test(key) && !same(value, old)) {
                Setting setting = new Setting(key, value.value().toString(), value.origin());
                throw Messages.contradiction(setting, old == null ? "none" : Messages.shown(old.value()), run);
            }
        });
    }

    /** What an older version did not record, it computed with what it took always, or with the default. */
    private static Chosen lacking(String key, Map<String, Chosen> recorded) {
        Chosen method = recorded.get("method");
        return Optional.<Object>ofNullable(TAKEN_BEFORE.get(key))
                .or(() -> MethodKeys.defaultOf(
                        method == null ? "" : method.value().toString(), key))
                .map(value -> new Chosen(value, "default"))
                .orElse(null);
    }

    private static boolean same(Chosen given, Chosen recorded) {
        return recorded != null
                && (given.value().equals(recorded.value()) || given.value().equals("auto"));
    }
}
