package dev.metaprompt.evaluate;

import java.util.Optional;

/**
 * What a run is evaluated on.
 *
 * @param base test images of base classes
 * @param newClasses test images of new classes, if there are new classes
 * @param validation validation images of base classes, if the split has any
 * @param baseSupport the few-shot training set, centre crops
 * @param newSupport as many training images of new classes; never trained on
 */
public record EvaluationData(
        TestSet base,
        Optional<TestSet> newClasses,
        Optional<TestSet> validation,
        SupportSet baseSupport,
        Optional<SupportSet> newSupport) {}
