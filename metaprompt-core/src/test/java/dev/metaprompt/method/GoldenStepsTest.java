package dev.metaprompt.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonArray;
import dev.metaprompt.Golden;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.train.Sgd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three optimiser steps of every variant of the method, and of CoOp, against PyTorch. */
class GoldenStepsTest {
    private static final double TERMS = 1e-5;
    private static final double FEATURES = 1e-5;
    private static final double GRADIENT = 1e-4;
    private static final double PARAMETERS = 1e-5;
    /** A shift of all keys changes no softmax: this gradient is zero, and what both sides hold is rounding. */
    private static final String SHIFT_INVARIANT = "crossAttention.key.bias";

    private static final double ROUNDING = 1e-6;

    private GoldenMethod golden;

    static Stream<String> variants() {
        return Golden.json(Golden.path("method/method.json")).getAsJsonObject("variants").keySet().stream();
    }

    @BeforeEach
    void open() {
        golden = new GoldenMethod();
    }

    @AfterEach
    void close() {
        golden.close();
    }

    @Test
    void theClassesPromptsAreTokenisedWithPlacesForTheContext() {
        JsonArray expected = golden.facts.getAsJsonArray("promptIds");
        for (int c = 0; c < expected.size(); c++) {
            int[] name = GoldenMethod.ints(expected.get(c).getAsJsonArray());
            int[] prompt = golden.tokens.get(c).ids();
            assertEquals(name.length + 4, prompt.length);
            assertEquals(name[0], prompt[0]);
            assertArrayEquals(
                    java.util.Arrays.copyOfRange(name, 1, name.length),
                    java.util.Arrays.copyOfRange(prompt, 5, prompt.length));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void threeStepsEqualPyTorchs(String variant) {
        MetaPrompt method = golden.metaPrompt(variant);
        StepData.Episodes episodes = golden.episodes();
        try (Safetensors expected = Safetensors.open(GoldenMethod.file(variant))) {
            Map<String, NDArray> parameters = initial(expected);
            assertEquals(method.initialParameters(golden.manager, 1).keySet(), parameters.keySet());
            assertPrototypes(method, parameters, episodes, expected);
            LossTerms first = assertSteps(method, episodes, parameters, expected);
            float entropy = expected.readFloats("entropy")[0];
            if (entropy == 0) {
                assertNull(first.attentionEntropy());
            } else {
                assertEquals(entropy, first.attentionEntropy().getFloat(), TERMS);
            }
        }
    }

    @Test
    void threeStepsOfCoOpEqualPyTorchs() {
        try (Safetensors expected = Safetensors.open(GoldenMethod.file("coop"))) {
            assertSteps(golden.coOp(), golden.batch(), initial(expected), expected);
        }
    }

    // In the order of the files, which is not the method's: a name decides, not a place.
    private Map<String, NDArray> initial(Safetensors expected) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        expected.names().stream()
                .filter(name -> name.startsWith("initial/"))
                .forEach(name ->
                        parameters.put(name.substring("initial/".length()), expected.read(name, golden.manager)));
        return parameters;
    }

    private void assertPrototypes(
            MetaPrompt method, Map<String, NDArray> parameters, StepData.Episodes episodes, Safetensors expected) {
        NDArray text = method.textFeatures(parameters, ClassSet.BASE).orElseThrow();
        Golden.assertUnitClose("text", expected.read("text", golden.manager), text, FEATURES);
        NDArray prototypes = expected.read("prototypes", golden.manager);
        for (int t = 0; t < episodes.tasks().size(); t++) {
            Task task = episodes.tasks().get(t);
            NDArray actual = method.prototypes(
                            parameters,
                            GoldenMethod.rows(text, task.classes()).expandDims(0),
                            episodes.support().get(t).expandDims(0))
                    .squeeze(0);
            Golden.assertClose("prototypes", prototypes.get(t).normalize(2, -1), actual, FEATURES);
        }
    }

    private LossTerms assertSteps(Method method, StepData data, Map<String, NDArray> parameters, Safetensors expected) {
        NDArray terms = expected.read("terms", golden.manager);
        LossTerms first = null;
        try (Sgd sgd = new Sgd(parameters, fact("momentum"), fact("weightDecay"), golden.manager)) {
            for (int step = 0; step < 3; step++) {
                Map<String, NDArray> leaves = leaves(parameters);
                LossTerms actual = backward(method, leaves, data);
                assertTerms(terms.get(step).toFloatArray(), actual);
                if (step == 0) {
                    first = actual;
                    leaves.forEach((name, leaf) ->
                            assertGradient(name, expected.read("gradient/" + name, golden.manager), leaf));
                }
                leaves.forEach(
                        (name, leaf) -> sgd.step(name, parameters.get(name), leaf.getGradient(), fact("learningRate")));
            }
        }
        parameters.forEach((name, array) -> {
            NDArray after = expected.read("after3/" + name, golden.manager);
            Golden.assertClose(name + " after three steps", after, array, PARAMETERS);
            NDArray before = expected.read("initial/" + name, golden.manager);
            boolean moved = before.sub(after).abs().max().getFloat() > 2 * PARAMETERS;
            assertTrue(moved || name.equals(SHIFT_INVARIANT), name + " has hardly moved");
        });
        return first;
    }

    private double fact(String key) {
        return golden.facts.get(key).getAsDouble();
    }

    private static LossTerms backward(Method method, Map<String, NDArray> leaves, StepData data) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            LossTerms terms = method.loss(leaves, data);
            collector.backward(terms.loss());
            return terms;
        }
    }

    private static Map<String, NDArray> leaves(Map<String, NDArray> parameters) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        parameters.forEach((name, array) -> {
            NDArray leaf = array.duplicate();
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        return leaves;
    }

    private static void assertTerms(float[] expected, LossTerms actual) {
        assertEquals(expected[0], actual.loss().getFloat(), TERMS);
        if (expected.length > 1) {
            assertEquals(expected[1], actual.crossEntropy().getFloat(), TERMS);
            assertEquals(expected[2], actual.klDivergence().getFloat(), TERMS);
        }
    }

    private static void assertGradient(String name, NDArray expected, NDArray leaf) {
        if (name.equals(SHIFT_INVARIANT)) {
            Golden.assertClose(name, expected, leaf.getGradient(), ROUNDING);
        } else {
            Golden.assertRelative(name, expected, leaf.getGradient(), GRADIENT);
        }
    }
}
