package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.episode.Task;
import dev.metaprompt.method.ClassPrompts;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.CoOp;
import dev.metaprompt.method.CrossAttentionOptions;
import dev.metaprompt.method.LossOptions;
import dev.metaprompt.method.LossTerms;
import dev.metaprompt.method.MetaPrompt;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.MlpOptions;
import dev.metaprompt.method.MultimodalPrototype;
import dev.metaprompt.method.PrototypeKind;
import dev.metaprompt.method.StepData;
import dev.metaprompt.text.SoftPrompt;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many classes are encoded some at a time; neither the loss nor a gradient may notice. */
class GradientsTest {
    private static final List<String> NAMES =
            List.of("banded", "blotchy", "braided", "polka-dotted", "bumpy", "chequered", "cobwebbed");

    @TempDir
    private static Path cache;

    private static ClipModel model;
    private static NDManager manager;
    private static Map<ClassSet, ClassPrompts> prompts;
    private static SoftPrompt prompt;

    @BeforeAll
    static void open() {
        ModelFolder folder = Models.find(Models.NANO_CLIP, cache, cache);
        model = ClipModel.open(folder, folder.path(), Device.cpu(), DataType.FLOAT32);
        manager = NDManager.newBaseManager();
        prompt = SoftPrompt.of(model.tokenizer(), 4, "a photo of a");
        var tokens = NAMES.stream()
                .map(name -> prompt.tokens(model.tokenizer(), name))
                .toList();
        prompts = Map.of(ClassSet.BASE, new ClassPrompts(manager, model, tokens));
    }

    @AfterAll
    static void close() {
        manager.close();
        model.close();
    }

    private static NDArray features(long... shape) {
        return manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT32);
    }

    private record Differentiated(float loss, Map<String, float[]> gradients) {}

    private static Differentiated differentiate(Method method, StepData data, int classesAtOnce) {
        Map<String, NDArray> parameters = method.initialParameters(manager, 3);
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        parameters.forEach((name, array) -> {
            NDArray leaf = array.duplicate();
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        LossTerms terms = Gradients.of(method, parameters, leaves, data, classesAtOnce);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        leaves.forEach((name, leaf) -> gradients.put(name, leaf.getGradient().toFloatArray()));
        return new Differentiated(terms.loss().getFloat(), gradients);
    }

    private static void assertSame(Method method, StepData data, int classesAtOnce) {
        Differentiated whole = differentiate(method, data, NAMES.size());
        Differentiated parts = differentiate(method, data, classesAtOnce);
        assertEquals(whole.loss, parts.loss, 1e-5f);
        whole.gradients.forEach((name, expected) -> {
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(expected, parts.gradients.get(name), 1e-5f * Math.max(1, largest), name);
        });
        float[] context = whole.gradients.get("prompt.context");
        assertTrue(context[0] != 0 && context[context.length - 1] != 0, "no gradient reached the context vectors");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void miniBatches(int classesAtOnce) {
        NDArray images = features(5, model.config().projection());
        assertSame(
                new CoOp(model, prompt, prompts), new StepData.Batch(new int[] {0, 6, 3, 3, 5}, images), classesAtOnce);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void episodes(int classesAtOnce) {
        int d = model.config().projection();
        MultimodalPrototype module = new MultimodalPrototype(
                new CrossAttentionOptions(
                        2,
                        CrossAttentionOptions.Scope.CLASS,
                        false,
                        CrossAttentionOptions.Init.XAVIER,
                        CrossAttentionOptions.Input.UNIT),
                new MlpOptions(2, true, false),
                d);
        LossOptions loss = new LossOptions(0.2, LossOptions.Direction.MM_TEXT, LossOptions.Reduction.BATCH, false);
        MetaPrompt method = new MetaPrompt(model, prompt, prompts, PrototypeKind.ATTENTION, module, loss);
        int[][] none = {{0, 1}, {0, 1}, {0, 1}};
        List<Task> tasks =
                List.of(new Task(new int[] {6, 0, 2}, none, none), new Task(new int[] {1, 0, 5}, none, none));
        StepData data = new StepData.Episodes(tasks, features(2, 3, 2, d), features(2, 6, d));
        assertSame(method, data, classesAtOnce);
    }
}
