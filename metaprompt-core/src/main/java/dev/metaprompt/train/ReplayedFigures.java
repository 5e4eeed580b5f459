package dev.metaprompt.train;

import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Compares the predictions and figures of a finished run with those of its replay, and the figures with each other. */
public final class ReplayedFigures {
    private static final String PREDICTIONS = "predictions.csv";
    private static final String RESULTS = "run.json, results.";

    private final Agreement agreement;
    private final List<Prediction> recorded;
    private final Map<String, Integer> images = new LinkedHashMap<>();
    private final Map<String, Integer> imagesOfSplit = new LinkedHashMap<>();
    private final Map<String, String> splitOfClass = new LinkedHashMap<>();
    private final Map<String, Integer> right = new LinkedHashMap<>();

    /**
     * Compares the predictions.
     *
     * @param agreement hears what was found; holds the comparison of the training already
     * @param recorded the record's rows
     * @param replayed the replay's rows
     * @throws dev.metaprompt.InvalidInputException at the first difference
     */
    public ReplayedFigures(Agreement agreement, List<Prediction> recorded, List<Prediction> replayed) {
        this.agreement = agreement;
        this.recorded = recorded;
        comparePredictions(replayed);
        for (Prediction row : recorded) {
            images.merge(row.label(), 1, Integer::sum);
            imagesOfSplit.merge(row.split(), 1, Integer::sum);
            splitOfClass.put(row.label(), row.split());
            right.merge(row.label(), row.predicted().equals(row.label()) ? 1 : 0, Integer::sum);
        }
    }

    private void comparePredictions(List<Prediction> replayed) {
        Map<String, Integer> changed = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(recorded.size(), replayed.size()); i++) {
            Prediction theirs = recorded.get(i);
            Prediction mine = replayed.get(i);
            String where = PREDICTIONS + ", line " + (i + 2) + " (" + Quoted.of(mine.image()) + "), ";
            agreement.same(where + "split", theirs.split(), mine.split());
            agreement.same(where + "image", theirs.image(), mine.image());
            agreement.same(where + "label", theirs.label(), mine.label());
            predicted(where + "predicted", theirs.predicted(), mine.predicted(), changed, mine.split());
            // A probability is between 0 and 1: differences of a small one mean nothing.
            agreement.close(where + "probability", theirs.probability(), mine.probability(), 1, Agreement.LIMIT);
            agreement.close(
                    where + "labelProbability", theirs.labelProbability(), mine.labelProbability(), 1, Agreement.LIMIT);
            predicted(
                    where + "zeroShotPredicted",
                    theirs.zeroShotPredicted(),
                    mine.zeroShotPredicted(),
                    changed,
                    mine.split() + " zero-shot");
        }
        agreement.same(PREDICTIONS + ", rows", recorded.size(), replayed.size());
    }

    // One image of a split may lie on the border of two classes, where numbers have differed already.
    private void predicted(String where, String theirs, String mine, Map<String, Integer> changed, String split) {
        if (!theirs.equals(mine) && (agreement.exact() || changed.merge(split, 1, Integer::sum) > 1)) {
            agreement.same(where, theirs, mine);
        }
    }

    /**
     * Compares the figures.
     *
     * @param theirs the record's
     * @param mine the replay's
     * @throws dev.metaprompt.InvalidInputException at the first difference, or where recorded figures contradict each
     *     other
     */
    public void compare(Results theirs, Results mine) {
        double base = room("base");
        double newRoom = room("new");
        agreement.percent(RESULTS + "base", theirs.base(), mine.base(), base);
        percent("new", theirs.newClasses(), mine.newClasses(), newRoom);
        percent("harmonicMean", theirs.harmonicMean(), mine.harmonicMean(), 2 * (base + newRoom));
        percent("macroBase", theirs.macroBase(), mine.macroBase(), macroRoom("base"));
        percent("macroNew", theirs.macroNew(), mine.macroNew(), macroRoom("new"));
        percent("multimodalBase", theirs.multimodalBase(), mine.multimodalBase(), base);
        percent("multimodalNew", theirs.multimodalNew(), mine.multimodalNew(), newRoom);
        percent("gap", theirs.gap(), mine.gap(), 2 * base);
        episodes(theirs, mine, base);
        agreement.same(RESULTS + "selectedEpoch", theirs.selectedEpoch(), mine.selectedEpoch());
        perClass("perClass", theirs.perClass(), mine.perClass());
        agreement.same(
                RESULTS + "zeroShot, length",
                theirs.zeroShot().size(),
                mine.zeroShot().size());
        for (int i = 0; i < mine.zeroShot().size(); i++) {
            zeroShot(
                    "zeroShot[" + i + "].",
                    theirs.zeroShot().get(i),
                    mine.zeroShot().get(i));
        }
        followFromEachOther(theirs);
    }

    private void zeroShot(String field, Results.ZeroShot theirs, Results.ZeroShot mine) {
        agreement.same(RESULTS + field + "template", theirs.template(), mine.template());
        agreement.percent(RESULTS + field + "base", theirs.base(), mine.base(), room("base"));
        percent(field + "new", theirs.newClasses(), mine.newClasses(), room("new"));
        percent(field + "harmonicMean", theirs.harmonicMean(), mine.harmonicMean(), 2 * (room("base") + room("new")));
        perClass(field + "perClass", theirs.perClass(), mine.perClass());
    }

    private void episodes(Results theirs, Results mine, double room) {
        agreement.same(
                RESULTS + "episodes",
                theirs.episodes().map(e -> e.count() + " episodes").orElse("nothing"),
                mine.episodes().map(e -> e.count() + " episodes").orElse("nothing"));
        theirs.episodes().ifPresent(e -> {
            Results.Episodes other = mine.episodes().orElseThrow();
            agreement.percent(RESULTS + "episodes.mean", e.mean(), other.mean(), room);
            agreement.percent(RESULTS + "episodes.halfWidth", e.halfWidth(), other.halfWidth(), room);
        });
    }

    private void perClass(String field, Map<String, Double> theirs, Map<String, Double> mine) {
        agreement.same(
                RESULTS + field + ", classes",
                List.copyOf(new java.util.TreeSet<>(theirs.keySet())),
                List.copyOf(new java.util.TreeSet<>(mine.keySet())));
        mine.forEach((name, value) -> agreement.percent(
                RESULTS + field + "." + Quoted.of(name),
                theirs.get(name),
                value,
                100.0 / images.getOrDefault(name, fewestImages())));
    }

    private void percent(String field, OptionalDouble theirs, OptionalDouble mine, double room) {
        if (theirs.isPresent() && mine.isPresent()) {
            agreement.percent(RESULTS + field, theirs.getAsDouble(), mine.getAsDouble(), room);
        } else {
            agreement.same(RESULTS + field, shown(theirs), shown(mine));
        }
    }

    private static String shown(OptionalDouble value) {
        return value.isPresent() ? String.valueOf(value.getAsDouble()) : "nothing";
    }

    private int fewestImages() {
        return images.values().stream().mapToInt(Integer::intValue).min().orElse(1);
    }

    /** One test image in percent of its split. */
    private double room(String split) {
        // A method that cannot tell new classes has no predictions of them to count.
        return 100.0 / imagesOfSplit.getOrDefault(split, imagesOfSplit.getOrDefault("base", 1));
    }

    /** One test image in the mean of the classes' own accuracies. */
    private double macroRoom(String split) {
        List<String> classes = classes(split);
        int fewest = classes.stream().mapToInt(images::get).min().orElse(1);
        return 100.0 / fewest / Math.max(1, classes.size());
    }

    private List<String> classes(String split) {
        return splitOfClass.entrySet().stream()
                .filter(e -> e.getValue().equals(split))
                .map(Map.Entry::getKey)
                .toList();
    }

    // Where a replay may lie one image apart, the record must still agree with itself.
    private void followFromEachOther(Results results) {
        Map<String, Double> shares = new LinkedHashMap<>();
        images.forEach((name, count) -> shares.put(name, 100.0 * right.get(name) / count));
        shares.forEach((name, share) ->
                follows("perClass." + Quoted.of(name), results.perClass().get(name), share, PREDICTIONS));
        follows("base", results.base(), mean(shares, "base"), PREDICTIONS);
        results.newClasses().ifPresent(value -> follows("new", value, mean(shares, "new"), PREDICTIONS));
        results.macroBase().ifPresent(value -> follows("macroBase", value, macro(shares, "base"), PREDICTIONS));
        results.macroNew().ifPresent(value -> follows("macroNew", value, macro(shares, "new"), PREDICTIONS));
        harmonic("", results.base(), results.newClasses(), results.harmonicMean());
        results.gap()
                .ifPresent(gap -> results.multimodalBase()
                        .ifPresent(multimodal ->
                                follows("gap", gap, multimodal - results.base(), "multimodalBase - base")));
        for (int i = 0; i < results.zeroShot().size(); i++) {
            Results.ZeroShot row = results.zeroShot().get(i);
            String field = "zeroShot[" + i + "].";
            follows(field + "base", row.base(), mean(row.perClass(), "base"), field + "perClass");
            if (row.newClasses().isPresent() && imagesOfSplit.containsKey("new")) {
                double expected = mean(row.perClass(), "new");
                follows(field + "new", row.newClasses().getAsDouble(), expected, field + "perClass");
            }
            harmonic(field, row.base(), row.newClasses(), row.harmonicMean());
        }
    }

    private void harmonic(String field, double base, OptionalDouble newClasses, OptionalDouble mean) {
        if (newClasses.isPresent() && mean.isPresent()) {
            double sum = base + newClasses.getAsDouble();
            double expected = sum == 0 ? 0 : 2 * base * newClasses.getAsDouble() / sum;
            follows(field + "harmonicMean", mean.getAsDouble(), expected, field + "base and " + field + "new");
        }
    }

    private void follows(String field, double value, double expected, String from) {
        agreement.follows(RESULTS + field, value, expected, from);
    }

    private double mean(Map<String, Double> shares, String split) {
        double sum = 0;
        for (String name : classes(split)) {
            sum += shares.get(name) * images.get(name);
        }
        return sum / imagesOfSplit.getOrDefault(split, 1);
    }

    private double macro(Map<String, Double> shares, String split) {
        return classes(split).stream().mapToDouble(shares::get).average().orElse(0);
    }
}
