package dev.metaprompt.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import dev.metaprompt.clip.TextPass;
import dev.metaprompt.method.LossTerms;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.StepData;
import dev.metaprompt.method.TextMethod;
import java.util.Arrays;
import java.util.Map;

/**
 * Computes gradients of a step's loss. The graph through the text encoder grows with the classes: above a limit it is
 * built for some classes at a time. The features of all classes are computed without a graph, the loss gives its
 * gradient with respect to them, and each part of the classes is encoded once more to carry its rows of that gradient
 * on. The sum over the parts is the whole gradient, up to rounding.
 */
final class Gradients {
    private Gradients() {}

    /**
     * Computes the loss and leaves its gradient in the leaves.
     *
     * @param method what is trained
     * @param parameters the trainable tensors
     * @param leaves copies of them that require a gradient
     * @param data the step's data
     * @param classesAtOnce classes whose graph may be held at a time, at least 1
     * @return the terms
     */
    static LossTerms of(
            Method method,
            Map<String, NDArray> parameters,
            Map<String, NDArray> leaves,
            StepData data,
            int classesAtOnce) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            if (method instanceof TextMethod text) {
                int[] classes = text.textClasses(data);
                return classes.length > classesAtOnce
                        ? inParts(collector, text, parameters, leaves, data, classesAtOnce)
                        : whole(collector, text, leaves, data, classes);
            }
            LossTerms terms = method.loss(leaves, data);
            collector.backward(terms.loss());
            return terms;
        }
    }

    private static LossTerms whole(
            GradientCollector collector, TextMethod method, Map<String, NDArray> leaves, StepData data, int[] classes) {
        TextPass pass = method.pass(leaves, classes);
        LossTerms terms = method.loss(leaves, pass.features(), data);
        collector.backward(terms.loss());
        pass.back(collector);
        return terms;
    }

    private static LossTerms inParts(
            GradientCollector collector,
            TextMethod method,
            Map<String, NDArray> parameters,
            Map<String, NDArray> leaves,
            StepData data,
            int classesAtOnce) {
        int[] classes = method.textClasses(data);
        NDArray text = features(method, parameters, classes, classesAtOnce);
        text.setRequiresGradient(true);
        LossTerms terms = method.loss(leaves, text, data);
        collector.backward(terms.loss());
        NDArray gradient = text.getGradient();
        for (int start = 0; start < classes.length; start += classesAtOnce) {
            int end = Math.min(classes.length, start + classesAtOnce);
            try (NDScope part = new NDScope()) {
                part.suppressNotUsedWarning();
                TextPass pass = method.pass(leaves, Arrays.copyOfRange(classes, start, end));
                collector.backward(
                        pass.features().mul(gradient.get(start + ":" + end)).sum());
                pass.back(collector);
            }
        }
        return terms;
    }

    private static NDArray features(
            TextMethod method, Map<String, NDArray> parameters, int[] classes, int classesAtOnce) {
        NDList parts = new NDList();
        for (int start = 0; start < classes.length; start += classesAtOnce) {
            int end = Math.min(classes.length, start + classesAtOnce);
            try (NDScope part = new NDScope()) {
                part.suppressNotUsedWarning();
                NDArray rows = method.encode(parameters, Arrays.copyOfRange(classes, start, end));
                NDScope.unregister(rows);
                parts.add(rows);
            }
        }
        NDArray all = NDArrays.concat(parts, 0);
        parts.close();
        return all;
    }
}
