package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.text.PromptTemplate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CLIP with a hand-written template: nothing is trained, eq. (1). */
public final class ZeroShotClip implements Method {
    private final Map<ClassSet, NDArray> classifiers = new EnumMap<>(ClassSet.class);

    /**
     * Encodes the class names in the template.
     *
     * @param manager owner of the kept text features
     * @param model the frozen model
     * @param template with one {@code {}} for the class name
     * @param names class names of both halves; a half without classes may be left out
     */
    public ZeroShotClip(NDManager manager, ClipModel model, String template, Map<ClassSet, List<String>> names) {
        names.forEach((set, list) -> {
            int[][] ids = list.stream()
                    .map(name -> PromptTemplate.tokens(model.tokenizer(), template, name))
                    .toArray(int[][]::new);
            try (NDManager scope = manager.newSubManager()) {
                NDArray features = model.textEncoder().encode(scope, ids).normalize(2, -1);
                features.attach(manager);
                classifiers.put(set, features);
            }
        });
    }

    @Override
    public Sampling sampling() {
        return Sampling.NONE;
    }

    @Override
    public Map<String, NDArray> initialParameters(NDManager manager, long seed) {
        return Map.of();
    }

    @Override
    public LossTerms loss(Map<String, NDArray> parameters, StepData data) {
        throw new UnsupportedOperationException("zero-shot CLIP is not trained");
    }

    @Override
    public Optional<NDArray> classifier(Map<String, NDArray> parameters, ClassSet classes) {
        return Optional.ofNullable(classifiers.get(classes)).map(NDArray::duplicate);
    }
}
