package dev.metaprompt.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Golden;
import dev.metaprompt.RandomStream;
import dev.metaprompt.method.CrossAttentionOptions.Init;
import dev.metaprompt.method.CrossAttentionOptions.Input;
import dev.metaprompt.method.CrossAttentionOptions.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold of prototypes whatever the numbers are. */
class MultimodalPrototypeTest {
    private static final int TASKS = 2;
    private static final int WAY = 3;
    private static final int SHOT = 4;
    private static final int HEADS = 6;
    private static final int WIDTH = 12;
    private static final long SEED = 5;
    private static final double ROUNDING = 1e-6;
    private static final MlpOptions RESIDUAL = new MlpOptions(4, true, false);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"CLASS,UNIT,false", "TASK,UNIT,false", "CLASS,RAW,true", "TASK,RAW,true"})
    void withTheDefaultInitialValuesAPrototypeIsTheUnitTextFeature(Scope scope, Input input, boolean norm) {
        MultimodalPrototype module =
                new MultimodalPrototype(attention(scope, norm, Init.ZERO, input), new MlpOptions(2, true, norm), WIDTH);
        NDArray text = random("text", TASKS, WAY, WIDTH);
        NDArray support = random("support", TASKS, WAY, SHOT, WIDTH);
        NDArray prototypes = module.forward(initial(module), text, support).prototypes();
        Golden.assertClose("prototypes", text.normalize(2, -1), prototypes, ROUNDING);
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void theOrderOfAClassesSupportsDoesNotMatter(Scope scope) {
        MultimodalPrototype module = module(scope);
        NDArray text = random("text", TASKS, WAY, WIDTH);
        NDArray support = random("support", TASKS, WAY, SHOT, WIDTH);
        NDArray order = manager.create(new int[] {2, 0, 3, 1}).toType(DataType.INT64, false);
        NDArray permuted = support.transpose(2, 0, 1, 3).get(order).transpose(1, 2, 0, 3);
        assertTrue(permuted.sub(support).abs().max().getFloat() > 0.1);
        Golden.assertClose(
                "prototypes", prototypes(module, text, support), prototypes(module, text, permuted), ROUNDING * 4);
        Golden.assertClose(
                "means", MultimodalPrototype.mean(text, support), MultimodalPrototype.mean(text, permuted), ROUNDING);
    }

    @Test
    void aClassLooksAtItsOwnSupportsUnlessTheScopeIsTheTask() {
        NDArray text = random("text", TASKS, WAY, WIDTH);
        NDArray support = random("support", TASKS, WAY, SHOT, WIDTH);
        float[] others = support.toFloatArray();
        int last = WAY - 1;
        for (int i = last * SHOT * WIDTH; i < WAY * SHOT * WIDTH; i++) {
            others[i] = -others[i];
        }
        NDArray changed = manager.create(others, support.getShape());
        float own = changeOfFirstClass(module(Scope.CLASS), text, support, changed);
        float all = changeOfFirstClass(module(Scope.TASK), text, support, changed);
        assertEquals(0, own);
        assertTrue(all > 1e-3, "change " + all);
    }

    private float changeOfFirstClass(MultimodalPrototype module, NDArray text, NDArray support, NDArray changed) {
        NDArray difference = prototypes(module, text, support).sub(prototypes(module, text, changed));
        return difference.get("0, 0").abs().max().getFloat();
    }

    @ParameterizedTest
    @CsvSource({"CLASS,UNIT", "CLASS,RAW", "TASK,UNIT", "TASK,RAW"})
    void theEntropyOfTheAttentionIsBetweenZeroAndThatOfAUniformOne(Scope scope, Input input) {
        MultimodalPrototype module =
                new MultimodalPrototype(attention(scope, false, Init.XAVIER, input), RESIDUAL, WIDTH);
        double uniform = Math.log(scope == Scope.CLASS ? SHOT : WAY * SHOT);
        NDArray text = random("text", TASKS, WAY, WIDTH);
        NDArray support = random("support", TASKS, WAY, SHOT, WIDTH);
        float entropy = module.forward(initial(module), text, support)
                .attentionEntropy()
                .getFloat();
        assertTrue(entropy > 0 && entropy < uniform, entropy + " of " + uniform);
        NDArray equal = support.mul(0).add(1);
        assertEquals(
                uniform,
                module.forward(initial(module), text, equal).attentionEntropy().getFloat(),
                ROUNDING * 4);
        // So sharp that all weight is on one support: 0 · log 0 must be 0.
        NDArray sharp = support.mul(input == Input.RAW ? 1e4 : 1);
        float least =
                module.forward(initial(module), text, sharp).attentionEntropy().getFloat();
        assertTrue(least >= 0 && least < uniform, "entropy " + least);
    }

    @Test
    void theDefaultInitialValuesAreXavierUniformWithZeroOutputs() {
        MultimodalPrototype module = new MultimodalPrototype(
                attention(Scope.CLASS, true, Init.ZERO, Input.UNIT), new MlpOptions(4, true, true), WIDTH);
        Map<String, NDArray> initial = initial(module);
        assertEquals(18, initial.size());
        initial.forEach((name, array) -> {
            if (name.contains("orm.weight")) {
                assertConstant(name, 1, array);
            } else if (name.endsWith("bias") || name.contains("output")) {
                assertConstant(name, 0, array);
            } else {
                assertXavier(name, array);
            }
        });
    }

    @Test
    void theLiteralPresetsInitialValuesAreXavierUniformEverywhere() {
        MultimodalPrototype module = new MultimodalPrototype(
                attention(Scope.CLASS, false, Init.XAVIER, Input.RAW), new MlpOptions(4, false, false), WIDTH);
        initial(module).forEach((name, array) -> {
            if (name.endsWith("bias")) {
                assertConstant(name, 0, array);
            } else {
                assertXavier(name, array);
            }
        });
    }

    @Test
    void withoutTheResidualTheMlpsOutputIsNeverZero() {
        MultimodalPrototype module = new MultimodalPrototype(
                attention(Scope.CLASS, false, Init.ZERO, Input.UNIT), new MlpOptions(4, false, false), WIDTH);
        Map<String, NDArray> initial = initial(module);
        assertConstant("Wo", 0, initial.get("crossAttention.output.weight"));
        assertXavier("W2", initial.get("mlp.output.weight"));
    }

    private static void assertConstant(String name, float value, NDArray array) {
        assertEquals(0, array.sub(value).abs().max().getFloat(), name);
    }

    private static void assertXavier(String name, NDArray weight) {
        Shape shape = weight.getShape();
        double bound = Math.sqrt(6.0 / (shape.get(0) + shape.get(1)));
        float largest = weight.abs().max().getFloat();
        double deviation = Math.sqrt(weight.square().mean().getFloat());
        assertTrue(largest <= bound && largest > 0.9 * bound, name + ": largest " + largest + " of " + bound);
        assertEquals(bound / Math.sqrt(3), deviation, 0.15 * bound, name);
    }

    @Test
    void aMissingParameterIsNotReplaced() {
        MultimodalPrototype module = module(Scope.CLASS);
        Map<String, NDArray> parameters = initial(module);
        parameters.remove("mlp.hidden.weight");
        NDArray text = random("text", TASKS, WAY, WIDTH);
        NDArray support = random("support", TASKS, WAY, SHOT, WIDTH);
        assertThrows(RuntimeException.class, () -> module.forward(parameters, text, support));
    }

    private static MultimodalPrototype module(Scope scope) {
        return new MultimodalPrototype(attention(scope, false, Init.XAVIER, Input.UNIT), RESIDUAL, WIDTH);
    }

    private static CrossAttentionOptions attention(Scope scope, boolean norm, Init init, Input input) {
        return new CrossAttentionOptions(HEADS, scope, norm, init, input);
    }

    private Map<String, NDArray> initial(MultimodalPrototype module) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        module.addInitial(parameters, manager, SEED);
        return parameters;
    }

    private NDArray prototypes(MultimodalPrototype module, NDArray text, NDArray support) {
        return module.forward(initial(module), text, support).prototypes();
    }

    private NDArray random(String purpose, long... shape) {
        RandomStream random = RandomStream.of(SEED, purpose);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        return manager.create(values, new Shape(shape));
    }
}
