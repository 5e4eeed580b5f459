package dev.metaprompt.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import dev.metaprompt.method.LossTerms;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.StepData;
import dev.metaprompt.method.TextMethod;
import dev.metaprompt.tensor.Pass;
import java.util.Arrays;
import java.util.Map;

/**
 * Computes gradients of a step's loss. The graph through the text encoder grows with the classes: above a limit it is
 * built for some classes at a time. The features of all classes but the last part's are computed without a graph, the
 * loss gives its gradient with respect to them, and each part of the classes but the last is encoded once more to carry
 * its rows of that gradient on. The sum over the parts is the whole gradient, up to rounding.
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
                        ? inParts(collector, text, parameters, leaves, data, classes, classesAtOnce)
                        : whole(collector, text, leaves, data, classes);
            }
            LossTerms terms = method.loss(leaves, data);
            collector.backward(terms.loss());
            return terms;
        }
    }

    private static LossTerms whole(
            GradientCollector collector, TextMethod method, Map<String, NDArray> leaves, StepData data, int[] classes) {
        Pass pass = method.pass(leaves, classes);
        LossTerms terms = method.loss(leaves, pass.result(), data);
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
            int[] classes,
            int classesAtOnce) {
        int last = (classes.length - 1) / classesAtOnce * classesAtOnce;
        NDList features = features(method, parameters, Arrays.copyOf(classes, last), classesAtOnce);
        Pass held = method.pass(leaves, Arrays.copyOfRange(classes, last, classes.length));
        features.add(held.result().stopGradient());
        NDArray text = NDArrays.concat(features, 0);
        features.close();
        text.setRequiresGradient(true);
        LossTerms terms = method.loss(leaves, text, data);
        collector.backward(terms.loss());
        NDArray gradient = text.getGradient();
        carry(collector, held, gradient.get(last + ":"));
        for (int start = 0; start < last; start += classesAtOnce) {
            int end = start + classesAtOnce;
            try (NDScope part = new NDScope()) {
                part.suppressNotUsedWarning();
                Pass pass = method.pass(leaves, Arrays.copyOfRange(classes, start, end));
                carry(collector, pass, gradient.get(start + ":" + end));
            }
        }
        return terms;
    }

    private static void carry(GradientCollector collector, Pass pass, NDArray gradient) {
        collector.backward(pass.result().mul(gradient).sum());
        pass.back(collector);
    }

    // whole parts of the classes
    private static NDList features(
            TextMethod method, Map<String, NDArray> parameters, int[] classes, int classesAtOnce) {
        NDList parts = new NDList();
        for (int start = 0; start < classes.length; start += classesAtOnce) {
            try (NDScope part = new NDScope()) {
                part.suppressNotUsedWarning();
                NDArray rows = method.encode(parameters, Arrays.copyOfRange(classes, start, start + classesAtOnce));
                NDScope.unregister(rows);
                parts.add(rows);
            }
        }
        return parts;
    }
}
