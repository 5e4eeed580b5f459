package dev.metaprompt.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.Golden;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.PromptTokens;
import dev.metaprompt.text.SoftPrompt;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The model, data and methods of the golden meta-iterations. */
final class GoldenMethod implements AutoCloseable {
    final JsonObject facts = Golden.json(Golden.path("method/method.json"));
    final NDManager manager = NDManager.newBaseManager();
    final ClipModel model;
    final SoftPrompt prompt;
    final List<PromptTokens> tokens;
    private final ClassPrompts prompts;

    GoldenMethod() {
        Path folder = Golden.path("clip-quick");
        model = ClipModel.open(new ModelFolder("golden", folder), folder, Device.cpu(), DataType.FLOAT32);
        prompt = SoftPrompt.of(model.tokenizer(), 4, facts.get("init").getAsString());
        tokens = facts.getAsJsonArray("classes").asList().stream()
                .map(name -> prompt.tokens(model.tokenizer(), name.getAsString()))
                .toList();
        prompts = new ClassPrompts(manager, model, tokens);
    }

    static Path file(String name) {
        return Golden.path("method/" + name + ".safetensors");
    }

    /** The largest divisor of the projection width, 16, that is at most 8. */
    private static final int HEADS = 8;

    MetaPrompt metaPrompt(String variant) {
        JsonObject options = facts.getAsJsonObject("variants").getAsJsonObject(variant);
        return metaPrompt(options, CrossAttentionOptions.Init.ZERO);
    }

    MetaPrompt metaPrompt(JsonObject options, CrossAttentionOptions.Init init) {
        CrossAttentionOptions attention = new CrossAttentionOptions(
                HEADS,
                constant(CrossAttentionOptions.Scope.class, options, "scope"),
                options.get("attentionNorm").getAsBoolean(),
                init,
                constant(CrossAttentionOptions.Input.class, options, "input"));
        MlpOptions mlp = new MlpOptions(
                options.get("ratio").getAsInt(),
                options.get("mlpResidual").getAsBoolean(),
                options.get("mlpNorm").getAsBoolean());
        LossOptions loss = new LossOptions(
                options.get("klWeight").getAsDouble(),
                constant(LossOptions.Direction.class, options, "klDirection"),
                constant(LossOptions.Reduction.class, options, "klReduction"),
                options.get("detachMultimodal").getAsBoolean());
        return new MetaPrompt(
                model,
                prompt,
                Map.of(ClassSet.BASE, prompts),
                constant(PrototypeKind.class, options, "prototype"),
                new MultimodalPrototype(attention, mlp, model.config().projection()),
                loss);
    }

    CoOp coOp() {
        return new CoOp(model, prompt, Map.of(ClassSet.BASE, prompts));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonObject options, String key) {
        return Enum.valueOf(
                type, options.get(key).getAsString().replace('-', '_').toUpperCase(Locale.ROOT));
    }

    StepData.Episodes episodes() {
        try (Safetensors inputs = Safetensors.open(file("inputs"))) {
            List<Task> tasks = facts.getAsJsonArray("episodes").asList().stream()
                    .map(classes -> new Task(ints(classes.getAsJsonArray()), new int[0][], new int[0][]))
                    .toList();
            return new StepData.Episodes(tasks, inputs.read("support", manager), inputs.read("query", manager));
        }
    }

    StepData.Batch batch() {
        try (Safetensors inputs = Safetensors.open(file("inputs"))) {
            return new StepData.Batch(ints(facts.getAsJsonArray("labels")), inputs.read("batch", manager));
        }
    }

    static int[] ints(JsonArray json) {
        return json.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    }

    /** Returns the text features of a task's classes. */
    static NDArray rows(NDArray text, int[] classes) {
        try (NDArray index = text.getManager().create(classes)) {
            return text.get(index.toType(DataType.INT64, false));
        }
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
