package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import dev.metaprompt.clip.ModelArrays;
import dev.metaprompt.method.ClassSet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients pass through the text tower, and the engine computes none for what is frozen. */
class FrozenWeightsTest {
    @TempDir
    private static Path cache;

    private static NanoTraining open(String method) {
        return method.equals("coop") ? NanoTraining.ofCoOp(cache) : NanoTraining.ofMetaPrompt(cache);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaprompt", "coop"})
    void stepsLeaveNoGradientAndNoGraphOutsideTheTrainedTensors(String method) {
        try (NanoTraining training = open(method)) {
            Map<String, NDArray> frozen = ModelArrays.text(training.model);
            assertTrue(frozen.size() > 40, frozen.keySet().toString());
            Map<String, float[]> before = values(frozen);
            float[] context = training.parameters.get("prompt.context").toFloatArray();
            for (int step = 0; step < 3; step++) {
                training.step(step);
                requireNoGradient(frozen);
                requireNoGradient(training.parameters);
                requireNoGradient(training.optimiser.buffers());
            }
            values(frozen).forEach((name, after) -> assertArrayEquals(before.get(name), after, name));
            assertFalse(
                    Arrays.equals(
                            context, training.parameters.get("prompt.context").toFloatArray()),
                    "nothing was trained");
        }
    }

    /** What the test above looks at would show a weight that was left trainable. */
    @Test
    void aWeightThatIsNotFrozenWouldBeSeen() {
        try (NanoTraining training = NanoTraining.ofCoOp(cache)) {
            NDArray weight = ModelArrays.text(training.model).get("projection");
            weight.setRequiresGradient(true);
            NDArray context = training.parameters.get("prompt.context").duplicate();
            context.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(
                        training.prompts.get(ClassSet.BASE).encode(context).sum());
            }
            assertTrue(weight.hasGradient());
            assertEquals(weight.getShape(), weight.getGradient().getShape());
            assertTrue(weight.getGradient().abs().sum().getFloat() > 0);
        }
    }

    private static Map<String, float[]> values(Map<String, NDArray> arrays) {
        return arrays.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().toFloatArray()));
    }

    // An array that requires no gradient and was not computed from one that does is given none by the engine.
    private static void requireNoGradient(Map<String, NDArray> arrays) {
        arrays.forEach((name, array) -> assertFalse(array.hasGradient(), name));
    }
}
