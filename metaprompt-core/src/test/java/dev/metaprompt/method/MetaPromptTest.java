package dev.metaprompt.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonObject;
import dev.metaprompt.Golden;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.SoftPrompt;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of the whole method on the golden model and data. */
class MetaPromptTest {
    private static final double ROUNDING = 1e-6;

    private GoldenMethod golden;

    @BeforeEach
    void open() {
        golden = new GoldenMethod();
    }

    @AfterEach
    void close() {
        golden.close();
    }

    /** Each variant with each option in which it differs from the default and that changes no parameter's name. */
    static Stream<Arguments> options() {
        JsonObject variants = Golden.json(Golden.path("method/method.json")).getAsJsonObject("variants");
        return variants.keySet().stream()
                .flatMap(variant ->
                        changed(variant, variants.getAsJsonObject(variant), variants.getAsJsonObject("default")));
    }

    private static Stream<Arguments> changed(String variant, JsonObject options, JsonObject defaults) {
        // A layer norm takes the length away again that raw features have and unit vectors have not.
        boolean lengthless = options.get("attentionNorm").getAsBoolean();
        return defaults.keySet().stream()
                .filter(option -> !option.equals("ratio") && !option.equals("prototype") && !option.endsWith("Norm"))
                .filter(option -> !(option.equals("input") && lengthless))
                .filter(option -> !defaults.get(option).equals(options.get(option)))
                .map(option -> Arguments.of(variant, option));
    }

    /** Else the golden steps would show nothing of it. */
    @ParameterizedTest
    @MethodSource("options")
    void everyOptionMattersToTheGoldenSteps(String variant, String option) {
        JsonObject variants = golden.facts.getAsJsonObject("variants");
        JsonObject other = variants.getAsJsonObject(variant).deepCopy();
        other.add(option, variants.getAsJsonObject("default").get(option));
        NDArray with = contextGradient(golden.metaPrompt(variant), variant);
        NDArray without = contextGradient(golden.metaPrompt(other, CrossAttentionOptions.Init.ZERO), variant);
        double relative = with.sub(without).abs().max().getFloat()
                / (double) with.abs().max().getFloat();
        assertTrue(relative > 1e-2, option + " changes the gradient by " + relative);
    }

    private NDArray contextGradient(MetaPrompt method, String variant) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        try (Safetensors file = Safetensors.open(GoldenMethod.file(variant))) {
            file.names().stream()
                    .filter(name -> name.startsWith("initial/"))
                    .forEach(name ->
                            parameters.put(name.substring("initial/".length()), file.read(name, golden.manager)));
        }
        NDArray context = parameters.get(ContextVectors.NAME);
        context.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(method.loss(parameters, golden.episodes()).loss());
        }
        return context.getGradient().duplicate();
    }

    @Test
    void beforeTrainingAPrototypeIsTheUnitTextFeature() {
        MetaPrompt method = golden.metaPrompt("default");
        Map<String, NDArray> parameters = method.initialParameters(golden.manager, 1);
        StepData.Episodes episodes = golden.episodes();
        NDArray text = method.textFeatures(parameters, ClassSet.BASE).orElseThrow();
        NDArray unit = method.classifier(parameters, ClassSet.BASE).orElseThrow();
        for (int t = 0; t < episodes.tasks().size(); t++) {
            Task task = episodes.tasks().get(t);
            NDArray prototypes = method.prototypes(
                            parameters,
                            GoldenMethod.rows(text, task.classes()).expandDims(0),
                            episodes.support().get(t).expandDims(0))
                    .squeeze(0);
            Golden.assertClose("task " + t, GoldenMethod.rows(unit, task.classes()), prototypes, ROUNDING);
        }
        assertEquals(0, method.loss(parameters, episodes).klDivergence().getFloat(), ROUNDING);
    }

    @Test
    void beforeTrainingAClassesPromptIsItsPlainText() {
        MetaPrompt method = golden.metaPrompt("default");
        Map<String, NDArray> parameters = method.initialParameters(golden.manager, 1);
        int[][] plain = golden.facts.getAsJsonArray("classes").asList().stream()
                .map(name -> name.getAsString().replace('_', ' '))
                .map(name -> golden.model.tokenizer().encode("a photo of a " + name + "."))
                .toArray(int[][]::new);
        Golden.assertClose(
                "text",
                golden.model.textEncoder().encode(golden.manager, plain),
                method.textFeatures(parameters, ClassSet.BASE).orElseThrow(),
                ROUNDING);
        assertTrue(method.classifier(parameters, ClassSet.NEW).isEmpty());
    }

    @Test
    void initialParametersDependOnTheSeedAlone() {
        JsonObject literal = golden.facts.getAsJsonObject("variants").getAsJsonObject("literal");
        MetaPrompt method = golden.metaPrompt(literal, CrossAttentionOptions.Init.XAVIER);
        Map<String, NDArray> first = method.initialParameters(golden.manager, 1);
        Map<String, NDArray> again = method.initialParameters(golden.manager, 1);
        Map<String, NDArray> other = method.initialParameters(golden.manager, 2);
        first.forEach((name, array) -> {
            assertArrayEquals(array.toFloatArray(), again.get(name).toFloatArray(), name);
            boolean constant = name.endsWith("bias") || name.equals(ContextVectors.NAME);
            assertEquals(
                    constant,
                    Arrays.equals(array.toFloatArray(), other.get(name).toFloatArray()),
                    name);
        });
    }

    @Test
    void randomContextVectorsAreSmallGaussians() {
        SoftPrompt random = SoftPrompt.of(golden.model.tokenizer(), 16, "random");
        NDArray context = ContextVectors.initial(golden.manager, golden.model, random, 3);
        assertArrayEquals(new long[] {16, 24}, context.getShape().getShape());
        assertEquals(0, context.mean().getFloat(), 4 * 0.02 / Math.sqrt(16 * 24));
        assertEquals(0.02, Math.sqrt(context.square().mean().getFloat()), 0.003);
        NDArray other = ContextVectors.initial(golden.manager, golden.model, random, 4);
        assertFalse(Arrays.equals(context.toFloatArray(), other.toFloatArray()));
    }
}
