package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.method.ClassPrompts;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.CoOp;
import dev.metaprompt.method.CrossAttentionOptions;
import dev.metaprompt.method.LossOptions;
import dev.metaprompt.method.MetaPrompt;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.MlpOptions;
import dev.metaprompt.method.MultimodalPrototype;
import dev.metaprompt.method.PrototypeKind;
import dev.metaprompt.text.SoftPrompt;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Makes the methods with the options that a user who sets none gets. */
final class Methods {
    private static final int MOST_HEADS = 8;
    private static final int FOUR = 4;

    private Methods() {}

    static Method create(ClipModel model, NDManager manager, WorkSpec spec, List<String> names) {
        SoftPrompt prompt = softPrompt(model, spec.context());
        Map<ClassSet, ClassPrompts> prompts = new EnumMap<>(ClassSet.class);
        prompts.put(ClassSet.BASE, prompts(model, manager, prompt, names.subList(0, spec.classes())));
        if (spec.testImages() > 0) {
            List<String> others = names.subList(spec.classes(), 2 * spec.classes());
            prompts.put(ClassSet.NEW, prompts(model, manager, prompt, others));
        }
        return spec.text() ? new CoOp(model, prompt, prompts) : metaPrompt(model, prompt, prompts);
    }

    private static SoftPrompt softPrompt(ClipModel model, int length) {
        String init = length == FOUR ? "a photo of a" : "random";
        boolean known = length == FOUR && model.tokenizer().encode(init).length == FOUR + 2;
        return SoftPrompt.of(model.tokenizer(), length, known ? init : "random");
    }

    private static ClassPrompts prompts(ClipModel model, NDManager manager, SoftPrompt prompt, List<String> names) {
        return new ClassPrompts(
                manager,
                model,
                names.stream()
                        .map(name -> prompt.tokens(model.tokenizer(), name))
                        .toList());
    }

    private static MetaPrompt metaPrompt(ClipModel model, SoftPrompt prompt, Map<ClassSet, ClassPrompts> prompts) {
        int width = model.config().projection();
        CrossAttentionOptions attention = new CrossAttentionOptions(
                heads(width),
                CrossAttentionOptions.Scope.CLASS,
                false,
                CrossAttentionOptions.Init.ZERO,
                CrossAttentionOptions.Input.UNIT);
        MultimodalPrototype module = new MultimodalPrototype(attention, new MlpOptions(FOUR, true, false), width);
        LossOptions loss = new LossOptions(0.2, LossOptions.Direction.MM_TEXT, LossOptions.Reduction.BATCH, false);
        return new MetaPrompt(model, prompt, prompts, PrototypeKind.ATTENTION, module, loss);
    }

    private static int heads(int width) {
        int heads = MOST_HEADS;
        while (width % heads != 0) {
            heads--;
        }
        return heads;
    }
}
