package dev.metaprompt.text;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at the prompts of classes before anything is computed with them. A model knows a class by the tokens of its
 * prompt alone: of two with the same, one is never predicted, and figures would count that as the model's fault.
 */
public final class ClassPromptTokens {
    /** As prompts with learned context vectors end. */
    private static final String BARE = "{}.";

    private final Tokenizer tokenizer;
    private final Progress progress;

    /**
     * Creates it.
     *
     * @param tokenizer the model's
     * @param progress hears of classes that have one name by their publisher's choice
     */
    public ClassPromptTokens(Tokenizer tokenizer, Progress progress) {
        this.tokenizer = tokenizer;
        this.progress = progress;
    }

    /**
     * Requires that each class has a prompt of its own, and that the model takes all of it.
     *
     * @param classNames all classes that are told apart, whichever half they belong to
     * @param templates that are used, each with exactly one {@code {}}
     * @param repeated whether the data set's publisher gives classes one name, which underscores behind it tell apart
     * @throws InvalidInputException if two classes have the same tokens, which it names, or a prompt is too long
     */
    public void require(List<String> classNames, Collection<String> templates, boolean repeated) {
        Set<String> all = new LinkedHashSet<>(templates);
        all.add(BARE);
        List<String> same = new ArrayList<>();
        for (String template : all) {
            requireDistinct(classNames, template, repeated, same);
        }
        if (!same.isEmpty()) {
            progress.phase("warning: the model cannot tell classes of one name apart and predicts only the first: "
                    + Quoted.of(String.join(", ", new LinkedHashSet<>(same))));
        }
    }

    private void requireDistinct(List<String> classNames, String template, boolean repeated, List<String> same) {
        Map<List<Integer>, String> byTokens = new HashMap<>();
        for (String name : classNames) {
            int[] ids = PromptTemplate.tokens(tokenizer, template, name);
            String other = byTokens.putIfAbsent(read(ids), name);
            if (other == null) {
                continue;
            }
            if (!repeated || !unmarked(other).equals(unmarked(name))) {
                throw indistinct(other, name, template);
            }
            same.add(unmarked(name));
        }
    }

    /** What the feature can depend on: it is read at the first end token, which a name may spell. */
    private static List<Integer> read(int[] ids) {
        int last = ids[ids.length - 1];
        int end = 0;
        while (ids[end] != last) {
            end++;
        }
        return Arrays.stream(ids, 0, end + 1).boxed().toList();
    }

    private static String unmarked(String name) {
        return name.replaceFirst("_+$", "");
    }

    private static InvalidInputException indistinct(String one, String other, String template) {
        return new InvalidInputException("classes \"" + Quoted.of(one) + "\" and \"" + Quoted.of(other)
                + "\" have the same tokens in the prompt \"" + Quoted.of(template)
                + "\": the model cannot tell them apart and would never predict the second; allowed are names that"
                + " differ in more than upper and lower case, spaces and underscores. Rename one in its folder, list of"
                + " class names or split file, or make one class of both.");
    }
}
