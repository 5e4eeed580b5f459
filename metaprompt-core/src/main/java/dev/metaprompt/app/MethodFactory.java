package dev.metaprompt.app;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.FinalEvaluation;
import dev.metaprompt.method.ClassPrompts;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.CoOp;
import dev.metaprompt.method.LinearProbe;
import dev.metaprompt.method.MetaPrompt;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.MultimodalPrototype;
import dev.metaprompt.method.ZeroShotClip;
import dev.metaprompt.text.PromptTokens;
import dev.metaprompt.text.SoftPrompt;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The registry of methods: builds what {@code method} names. */
final class MethodFactory {
    private final Configuration config;
    private final ClipModel model;
    private final ClassSplit split;
    private final NDManager manager;

    MethodFactory(Configuration config, ClipModel model, ClassSplit split, NDManager manager) {
        this.config = config;
        this.model = model;
        this.split = split;
        this.manager = manager;
    }

    Method create() {
        String name = config.text("method");
        return switch (name) {
            case "metaprompt" -> metaPrompt();
            case "coop" -> new CoOp(model, softPrompt(), prompts());
            case "clip" -> clip(config.text("prompt.template"));
            case "linear-probe" -> new LinearProbe(model, split.base().size());
            default -> throw new IllegalStateException("no method " + name);
        };
    }

    private MetaPrompt metaPrompt() {
        int width = model.config().projection();
        MultimodalPrototype module = new MultimodalPrototype(
                OptionRecords.crossAttention(config, config.integer("crossAttention.heads")),
                OptionRecords.mlp(config),
                width);
        return new MetaPrompt(
                model, softPrompt(), prompts(), OptionRecords.prototype(config), module, OptionRecords.loss(config));
    }

    private SoftPrompt softPrompt() {
        return SoftPrompt.of(model.tokenizer(), config.integer("prompt.length"), config.text("prompt.init"));
    }

    private Map<ClassSet, ClassPrompts> prompts() {
        SoftPrompt prompt = softPrompt();
        Map<ClassSet, ClassPrompts> prompts = new EnumMap<>(ClassSet.class);
        names().forEach((set, names) -> {
            List<PromptTokens> tokens = names.stream()
                    .map(name -> prompt.tokens(model.tokenizer(), name))
                    .toList();
            prompts.put(set, new ClassPrompts(manager, model, tokens));
        });
        return prompts;
    }

    private Map<ClassSet, List<String>> names() {
        Map<ClassSet, List<String>> names = new EnumMap<>(ClassSet.class);
        names.put(ClassSet.BASE, split.base());
        if (!split.newClasses().isEmpty()) {
            names.put(ClassSet.NEW, split.newClasses());
        }
        return names;
    }

    /** The evaluation of a method beside zero-shot CLIP with the prompt's own template and the data set's usual one. */
    FinalEvaluation evaluation(Method method, String usualTemplate, EvaluationData data) {
        Map<String, Method> zeroShot = new LinkedHashMap<>();
        for (String template : List.of(config.text("prompt.template"), usualTemplate)) {
            zeroShot.computeIfAbsent(template, this::clip);
        }
        return new FinalEvaluation(
                method,
                zeroShot,
                data,
                model.logitScale(),
                config.integer("way"),
                config.integer("shot"),
                config.integer("evaluate.episodes"),
                config.seed());
    }

    private Method clip(String template) {
        return new ZeroShotClip(manager, model, template, names());
    }
}
