package dev.metaprompt.config;

import dev.metaprompt.config.Configuration.Chosen;
import dev.metaprompt.io.Quoted;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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

    /** How the name of a weight file ends; no configuration need lie beside one. */
    private static final Pattern WEIGHT_FILE = Pattern.compile(
            ".*\\.(safetensors|bin|pt|pth|ckpt|index\\.json)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private RecordedKeys() {}

    /** Adds what a record of an older version lacks, since it went without saying. */
    static void addUnrecorded(Map<String, Chosen> recorded, String run) {
        String origin = EarlierVersions.RECORD + Quoted.of(run);
        EarlierVersions.DONE.forEach((key, value) -> recorded.putIfAbsent(key, new Chosen(value, origin)));
        if (isOfWeightFile(recorded)) {
            EarlierVersions.taken().forEach((key, value) -> recorded.putIfAbsent(key, new Chosen(value, origin)));
        }
    }

    private static boolean isOfWeightFile(Map<String, Chosen> recorded) {
        return Optional.ofNullable(recorded.get("model"))
                .filter(model -> WEIGHT_FILE.matcher(model.value().toString()).matches())
                .isPresent();
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
            if (EarlierVersions.taken(key).isPresent() && !recorded.containsKey(key)) {
                // The files of the run's model said it, which are compared by digest; the record does not.
                return;
            }
            Chosen old = Optional.ofNullable(recorded.get(key)).orElseGet(() -> lacking(key, recorded));
            if (!mayDiffer.test(key) && !same(value, old)) {
                Setting setting = new Setting(key, value.value().toString(), value.origin());
                throw Messages.contradiction(setting, old == null ? "none" : Messages.shown(old.value()), run);
            }
        });
    }

    /** What an older version did not record, it computed with the default. */
    private static Chosen lacking(String key, Map<String, Chosen> recorded) {
        Chosen method = recorded.get("method");
        return MethodKeys.defaultOf(method == null ? "" : method.value().toString(), key)
                .map(value -> new Chosen(value, "default"))
                .orElse(null);
    }

    private static boolean same(Chosen given, Chosen recorded) {
        return recorded != null
                && (given.value().equals(recorded.value()) || given.value().equals("auto"));
    }
}
