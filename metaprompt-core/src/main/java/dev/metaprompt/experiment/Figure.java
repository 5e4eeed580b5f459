package dev.metaprompt.experiment;

import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.Summary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A figure of a run; accuracies in percent, gaps and spreads in points, else as it says. */
public enum Figure {
    /** Accuracy on base classes. */
    BASE("base", results -> OptionalDouble.of(results.base())),
    /** Accuracy on new classes. */
    NEW("new", Results::newClasses),
    /** Their harmonic mean. */
    HARMONIC_MEAN("harmonicMean", Results::harmonicMean),
    /** Accuracy of the multi-modal prototypes on base classes. */
    MULTIMODAL_BASE("multimodalBase", Results::multimodalBase),
    /** Accuracy of the multi-modal prototypes on new classes. */
    MULTIMODAL_NEW("multimodalNew", Results::multimodalNew),
    /** Multi-modal minus text accuracy on base classes. */
    GAP("gap", Results::gap),
    /** The gap's size, whichever is higher. */
    ABSOLUTE_GAP("absoluteGap", results -> mapped(results.gap(), Math::abs)),
    /** Standard deviation of the accuracy over test episodes. */
    EPISODE_SPREAD("episodeSpread", Figure::episodeSpread),
    /** Zero-shot CLIP's accuracy on base classes, with the template of the highest harmonic mean. */
    ZERO_SHOT_BASE(
            "zeroShotBase",
            results ->
                    strongest(results).map(row -> OptionalDouble.of(row.base())).orElse(OptionalDouble.empty())),
    /** Zero-shot CLIP's accuracy on new classes, with the template of the highest harmonic mean. */
    ZERO_SHOT_NEW(
            "zeroShotNew",
            results -> strongest(results).map(Results.ZeroShot::newClasses).orElse(OptionalDouble.empty())),
    /** Zero-shot CLIP's harmonic mean, of the template that has the highest. */
    ZERO_SHOT_HARMONIC_MEAN(
            "zeroShotHarmonicMean",
            results -> strongest(results).map(Results.ZeroShot::harmonicMean).orElse(OptionalDouble.empty())),
    /** The gap's size, mean over the epochs of training. */
    EPOCH_GAP(RunFigures::epochGap, "epochGap"),
    /** How many learned numbers inference uses. */
    PROMPT_VALUES(RunFigures::promptValues, "promptValues");

    private final String word;
    private final Function<RunFigures, OptionalDouble> reader;

    Figure(String word, Function<Results, OptionalDouble> reader) {
        this(run -> reader.apply(run.results()), word);
    }

    Figure(Function<RunFigures, OptionalDouble> reader, String word) {
        this.word = word;
        this.reader = reader;
    }

    /**
     * Returns the figure's name in files.
     *
     * @return for example {@code harmonicMean}
     */
    public String word() {
        return word;
    }

    /**
     * Finds a figure by its name in files.
     *
     * @param word for example {@code harmonicMean}
     * @return nothing if there is none of that name
     */
    public static Optional<Figure> of(String word) {
        return Arrays.stream(values())
                .filter(figure -> figure.word.equals(word))
                .findFirst();
    }

    /**
     * Reads the figure.
     *
     * @param run a run's figures
     * @return absent where the run has none
     */
    public OptionalDouble of(RunFigures run) {
        return reader.apply(run);
    }

    private static OptionalDouble mapped(OptionalDouble value, Function<Double, Double> change) {
        return value.isPresent() ? OptionalDouble.of(change.apply(value.getAsDouble())) : value;
    }

    private static OptionalDouble episodeSpread(Results results) {
        return results.episodes()
                .filter(episodes -> episodes.count() > 1)
                .map(Figure::spread)
                .orElse(OptionalDouble.empty());
    }

    // A record states the 95 % t interval over episodes, from which this undoes the division by √n.
    private static OptionalDouble spread(Results.Episodes episodes) {
        double errors = Summary.quantile(episodes.count() - 1);
        return OptionalDouble.of(episodes.halfWidth() * Math.sqrt(episodes.count()) / errors);
    }

    private static Optional<Results.ZeroShot> strongest(Results results) {
        return results.zeroShot().stream()
                .max(Comparator.comparingDouble(row -> row.harmonicMean().orElse(row.base())));
    }
}
