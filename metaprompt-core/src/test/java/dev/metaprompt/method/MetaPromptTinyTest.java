package dev.metaprompt.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.SharedData;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.PromptTokens;
import dev.metaprompt.text.SoftPrompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Compares one meta-iteration with PyTorch: text features, prototypes, loss terms and every gradient. */
class MetaPromptTinyTest {
    private static final float TOLERANCE = 1e-4f;
    /** A shift of all keys changes no softmax: this gradient is zero, and what both sides hold is rounding. */
    private static final String SHIFT_INVARIANT = "crossAttention.key.bias";

    private static final float ROUNDING = 1e-6f;

    @Test
    void oneMetaIterationEqualsPyTorch() throws Exception {
        Path folder = SharedData.require("clip-tiny-a");
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("vectors/method.json")))
                .getAsJsonObject();
        try (ClipModel model = ClipModel.open(new ModelFolder("tiny", folder), folder, Device.cpu(), DataType.FLOAT32);
                NDManager manager = NDManager.newBaseManager();
                Safetensors expected = Safetensors.open(folder.resolve("vectors/method.safetensors"))) {
            MetaPrompt method = method(json, model, manager);
            Map<String, NDArray> parameters = initial(expected, manager);
            StepData.Episodes data = data(expected, manager);
            LossTerms terms;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                terms = method.loss(parameters, data);
                collector.backward(terms.loss());
            }
            NDArray means = expected.read("terms", manager).mean(new int[] {0});
            assertEquals(means.getFloat(0), terms.loss().getFloat(), TOLERANCE);
            assertEquals(means.getFloat(1), terms.crossEntropy().getFloat(), TOLERANCE);
            assertEquals(means.getFloat(2), terms.klDivergence().getFloat(), TOLERANCE);
            parameters.forEach((name, array) -> {
                NDArray golden = expected.read("gradient/" + name, manager);
                if (name.equals(SHIFT_INVARIANT)) {
                    assertTrue(golden.sub(array.getGradient()).abs().max().getFloat() < ROUNDING, name);
                } else {
                    assertRelative(name, golden, array.getGradient());
                }
            });
        }
    }

    private static MetaPrompt method(JsonObject json, ClipModel model, NDManager manager) {
        SoftPrompt prompt = SoftPrompt.of(model.tokenizer(), 4, "a photo of a");
        List<PromptTokens> prompts = new ArrayList<>();
        for (JsonElement name : json.getAsJsonArray("classNames")) {
            prompts.add(prompt.tokens(model.tokenizer(), name.getAsString()));
        }
        int width = model.config().projection();
        MultimodalPrototype module = new MultimodalPrototype(
                new CrossAttentionOptions(
                        json.get("heads").getAsInt(),
                        CrossAttentionOptions.Scope.CLASS,
                        json.get("crossAttentionNorm").getAsBoolean(),
                        CrossAttentionOptions.Init.ZERO,
                        CrossAttentionOptions.Input.UNIT),
                new MlpOptions(
                        4,
                        json.get("mlpResidual").getAsBoolean(),
                        json.get("mlpNorm").getAsBoolean()),
                width);
        return new MetaPrompt(
                model,
                prompt,
                Map.of(ClassSet.BASE, new ClassPrompts(manager, model, prompts)),
                PrototypeKind.ATTENTION,
                module,
                new LossOptions(
                        json.get("klWeight").getAsDouble(),
                        LossOptions.Direction.MM_TEXT,
                        LossOptions.Reduction.BATCH,
                        false));
    }

    private static Map<String, NDArray> initial(Safetensors expected, NDManager manager) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (String name : expected.names()) {
            if (name.startsWith("initial/")) {
                NDArray array = expected.read(name, manager);
                array.setRequiresGradient(true);
                parameters.put(name.substring("initial/".length()), array);
            }
        }
        return parameters;
    }

    private static StepData.Episodes data(Safetensors expected, NDManager manager) {
        int[] classes = expected.readInts("episode/classes");
        NDArray support = expected.read("episode/support", manager);
        NDArray query = expected.read("episode/query", manager);
        int way = (int) support.getShape().get(1);
        List<Task> tasks = new ArrayList<>();
        for (int t = 0; t < support.getShape().get(0); t++) {
            int[] indices = new int[way];
            for (int i = 0; i < way; i++) {
                indices[i] = classes[t * way + i];
            }
            tasks.add(new Task(indices, new int[0][], new int[0][]));
        }
        return new StepData.Episodes(tasks, support, query);
    }

    private static void assertRelative(String name, NDArray expected, NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape(), name);
        float scale = expected.abs().max().getFloat();
        float difference = expected.sub(actual).abs().max().getFloat();
        assertTrue(difference <= TOLERANCE * scale, name + ": largest difference " + difference + " of " + scale);
    }
}
