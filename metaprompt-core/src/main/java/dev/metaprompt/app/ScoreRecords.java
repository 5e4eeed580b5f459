package dev.metaprompt.app;

import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.FinalScores;
import dev.metaprompt.evaluate.Scores;
import dev.metaprompt.evaluate.SplitScores;
import dev.metaprompt.evaluate.TestSet;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Turns the scores of an evaluation into the records that the run's files hold. */
final class ScoreRecords {
    private ScoreRecords() {}

    static Results results(FinalScores scores, EvaluationData data, OptionalInt selectedEpoch) {
        SplitScores learned = scores.learned();
        List<Results.ZeroShot> zeroShot = new ArrayList<>();
        scores.zeroShot()
                .forEach((template, clip) -> zeroShot.add(new Results.ZeroShot(
                        template,
                        clip.base().accuracy(),
                        newAccuracy(clip),
                        optional(clip.harmonicMean()),
                        perClass(clip, data))));
        return new Results(
                learned.base().accuracy(),
                newAccuracy(learned),
                optional(learned.harmonicMean()),
                macro(Optional.of(learned.base()), Optional.of(data.base())),
                macro(learned.newClasses(), data.newClasses()),
                optional(scores.multimodalBase()),
                optional(scores.multimodalNew()),
                optional(scores.gap()),
                scores.episodes()
                        .map(summary -> new Results.Episodes(
                                summary.count(),
                                summary.mean(),
                                summary.halfWidth().orElse(0))),
                selectedEpoch,
                perClass(learned, data),
                zeroShot);
    }

    private static OptionalDouble newAccuracy(SplitScores scores) {
        return optional(scores.newClasses().map(Scores::accuracy));
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    private static OptionalDouble macro(Optional<Scores> scores, Optional<TestSet> images) {
        return scores.map(s -> s.perClass(images.orElseThrow().classes()).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average())
                .orElseGet(OptionalDouble::empty);
    }

    private static Map<String, Double> perClass(SplitScores scores, EvaluationData data) {
        Map<String, Double> all =
                new LinkedHashMap<>(scores.base().perClass(data.base().classes()));
        scores.newClasses()
                .ifPresent(newScores -> all.putAll(
                        newScores.perClass(data.newClasses().orElseThrow().classes())));
        return all;
    }

    /** One row a test image; the zero-shot column is that of the stronger template. */
    static List<Prediction> predictions(FinalScores scores, EvaluationData data) {
        SplitScores zeroShot = stronger(scores);
        List<Prediction> rows = new ArrayList<>();
        add(rows, "base", scores.learned().base(), zeroShot.base(), data.base());
        scores.learned()
                .newClasses()
                .ifPresent(newScores -> add(
                        rows,
                        "new",
                        newScores,
                        zeroShot.newClasses().orElseThrow(),
                        data.newClasses().orElseThrow()));
        return rows;
    }

    private static SplitScores stronger(FinalScores scores) {
        return scores.zeroShot().values().stream()
                .reduce((a, b) -> strength(b) > strength(a) ? b : a)
                .orElseThrow();
    }

    private static double strength(SplitScores scores) {
        return scores.harmonicMean().orElseGet(() -> scores.base().accuracy());
    }

    private static void add(List<Prediction> rows, String split, Scores learned, Scores zeroShot, TestSet images) {
        List<String> classes = images.classes();
        for (int i = 0; i < images.labels().length; i++) {
            rows.add(new Prediction(
                    split,
                    images.images().get(i),
                    classes.get(images.labels()[i]),
                    classes.get(learned.predicted()[i]),
                    learned.probability()[i],
                    learned.labelProbability()[i],
                    classes.get(zeroShot.predicted()[i])));
        }
    }
}
