package dev.metaprompt.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The figures of a run; accuracies in percent, 0 to 100.
 *
 * <p>Zero-shot inference with the learned prompt gives {@code base}, {@code newClasses} and {@code harmonicMean}; without
 * new classes the last two are absent.
 *
 * @param base accuracy on test images of base classes among base classes
 * @param newClasses accuracy on test images of new classes among new classes ({@code new} in the file)
 * @param harmonicMean of {@code base} and {@code newClasses}
 * @param macroBase mean of the base classes' own accuracies
 * @param macroNew mean of the new classes' own accuracies
 * @param multimodalBase accuracy of the multi-modal prototypes on base classes
 * @param multimodalNew accuracy of the multi-modal prototypes on new classes, given labelled supports
 * @param gap {@code multimodalBase − base}, in points
 * @param episodes accuracy over test episodes
 * @param selectedEpoch the epoch whose tensors were kept, where it need not be the last
 * @param perClass accuracy by class name, base classes first
 * @param zeroShot zero-shot CLIP with plain templates
 */
public record Results(
        double base,
        OptionalDouble newClasses,
        OptionalDouble harmonicMean,
        OptionalDouble macroBase,
        OptionalDouble macroNew,
        OptionalDouble multimodalBase,
        OptionalDouble multimodalNew,
        OptionalDouble gap,
        Optional<Episodes> episodes,
        OptionalInt selectedEpoch,
        Map<String, Double> perClass,
        List<ZeroShot> zeroShot) {
    /** Checks the ranges and copies the collections in their order. */
    public Results {
        percent("base", base);
        newClasses.ifPresent(value -> percent("new", value));
        harmonicMean.ifPresent(value -> percent("harmonicMean", value));
        macroBase.ifPresent(value -> percent("macroBase", value));
        macroNew.ifPresent(value -> percent("macroNew", value));
        multimodalBase.ifPresent(value -> percent("multimodalBase", value));
        multimodalNew.ifPresent(value -> percent("multimodalNew", value));
        Objects.requireNonNull(gap, "gap");
        Objects.requireNonNull(episodes, "episodes");
        Objects.requireNonNull(selectedEpoch, "selectedEpoch");
        perClass = RunRecord.inOrder(perClass);
        zeroShot = List.copyOf(zeroShot);
    }

    /** Refuses what is no accuracy in percent. */
    static void percent(String name, double value) {
        if (!(value >= 0 && value <= 100)) {
            throw new IllegalArgumentException(name + " is " + value + ", not 0 to 100 percent");
        }
    }

    /**
     * Zero-shot CLIP with one plain template.
     *
     * @param template for example <code>a photo of a {}.</code>
     * @param base accuracy on base classes
     * @param newClasses accuracy on new classes ({@code new} in the file)
     * @param harmonicMean of both
     * @param perClass accuracy by class name, base classes first
     */
    public record ZeroShot(
            String template,
            double base,
            OptionalDouble newClasses,
            OptionalDouble harmonicMean,
            Map<String, Double> perClass) {
        /** Checks the ranges and copies the map in its order. */
        public ZeroShot {
            percent("base", base);
            newClasses.ifPresent(value -> percent("new", value));
            harmonicMean.ifPresent(value -> percent("harmonicMean", value));
            perClass = RunRecord.inOrder(perClass);
        }
    }

    /**
     * N-way K-shot accuracy over test episodes.
     *
     * @param count how many episodes
     * @param mean mean accuracy
     * @param halfWidth half the width of its 95 % interval, in points
     */
    public record Episodes(int count, double mean, double halfWidth) {}
}
