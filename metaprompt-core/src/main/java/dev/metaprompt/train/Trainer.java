package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.episode.Task;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.method.ContextVectors;
import dev.metaprompt.method.LossTerms;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.StepData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One optimiser step: plan, features, loss, gradient, update. */
public final class Trainer {
    // ViT-B/16's text tower holds about 2.5 MB a class of two-token names for the backward pass.
    private static final int CLASSES_AT_ONCE = 256;

    private final Method method;
    private final TrainingFeatures features;
    private final int shots;
    private final Sgd optimiser;

    /**
     * Creates the trainer; it owns nothing.
     *
     * @param method what is trained
     * @param features the training images' features
     * @param shots training images a class
     * @param optimiser steps the parameters
     */
    public Trainer(Method method, TrainingFeatures features, int shots, Sgd optimiser) {
        this.method = method;
        this.features = features;
        this.shots = shots;
        this.optimiser = optimiser;
    }

    /**
     * What a step tells.
     *
     * @param terms the terms that are recorded
     * @param attentionEntropy mean over tasks in nats; {@code null} where there is none
     */
    public record StepResult(Map<String, Double> terms, Double attentionEntropy) {
        /**
         * Returns what was differentiated.
         *
         * @return the loss before the step
         */
        public double loss() {
            return terms.get("loss");
        }
    }

    /**
     * Takes one step.
     *
     * @param parameters the trainable tensors; changed in place
     * @param plan what the step uses
     * @param learningRate lr
     * @return the loss and its terms
     * @throws InvalidInputException if the loss is not finite
     */
    public StepResult step(Map<String, NDArray> parameters, StepPlan plan, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Map<String, NDArray> leaves = leaves(parameters);
            StepData data = data(plan);
            LossTerms terms = Gradients.of(method, parameters, leaves, data, CLASSES_AT_ONCE);
            StepResult result = read(terms);
            if (!Double.isFinite(result.loss())) {
                throw new InvalidInputException("the loss became " + result.loss()
                        + ". Lower train.learningRate, or check that the images are what they should be.");
            }
            leaves.forEach(
                    (name, leaf) -> optimiser.step(name, parameters.get(name), leaf.getGradient(), learningRate));
            return result;
        }
    }

    // Fresh leaves every step, on the parameters' own memory: no gradient is left over.
    private static Map<String, NDArray> leaves(Map<String, NDArray> parameters) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        parameters.forEach((name, array) -> {
            NDArray leaf = array.stopGradient();
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        return leaves;
    }

    private StepData data(StepPlan plan) {
        NDArray rows = features.get(plan.images(), plan.views());
        long width = rows.getShape().get(1);
        if (plan.tasks().isEmpty()) {
            int[] labels = Arrays.stream(plan.images()).map(i -> i / shots).toArray();
            return new StepData.Batch(labels, rows);
        }
        List<Task> tasks = plan.tasks();
        long count = tasks.size();
        long way = tasks.get(0).classes().length;
        long shot = tasks.get(0).support()[0].length;
        long query = tasks.get(0).query()[0].length;
        NDArray byTask = rows.reshape(count, way * (shot + query), width);
        NDArray support = byTask.get(":, 0:" + way * shot + ", :").reshape(count, way, shot, width);
        NDArray queries = byTask.get(":, " + way * shot + ":, :");
        return new StepData.Episodes(tasks, support, queries);
    }

    private static StepResult read(LossTerms terms) {
        NDList values = new NDList(terms.loss());
        boolean divergence = terms.klDivergence() != null;
        if (divergence) {
            values.add(terms.crossEntropy());
            values.add(terms.klDivergence());
        }
        if (terms.attentionEntropy() != null) {
            values.add(terms.attentionEntropy());
        }
        float[] scalars = NDArrays.stack(values).toFloatArray();
        Map<String, Double> recorded = new LinkedHashMap<>();
        recorded.put("loss", (double) scalars[0]);
        if (divergence) {
            recorded.put("crossEntropy", (double) scalars[1]);
            recorded.put("klDivergence", (double) scalars[2]);
        }
        Double entropy = terms.attentionEntropy() == null ? null : (double) scalars[scalars.length - 1];
        return new StepResult(recorded, entropy);
    }

    /** Returns copies that outlive the steps. */
    static Map<String, NDArray> copy(Map<String, NDArray> parameters, NDManager owner) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        parameters.forEach((name, array) -> {
            NDArray copy = array.duplicate();
            copy.attach(owner);
            copies.put(name, copy);
        });
        return copies;
    }

    static NDArray context(Map<String, NDArray> parameters) {
        return parameters.get(ContextVectors.NAME);
    }
}
