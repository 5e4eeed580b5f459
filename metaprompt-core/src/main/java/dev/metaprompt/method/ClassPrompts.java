package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.PrefixedTexts;
import dev.metaprompt.tensor.Pass;
import dev.metaprompt.text.PromptTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The prompts {@code [BOS] v_1..v_n <name>. [EOT]} of a list of classes: everything but the context vectors is looked
 * up once and kept.
 */
public final class ClassPrompts {
    private final PrefixedTexts texts;
    private final int[] all;

    /**
     * Looks the fixed parts up.
     *
     * @param manager owner of the kept embeddings
     * @param model the frozen model
     * @param prompts the tokenised prompts of C classes, all with the same context length
     */
    public ClassPrompts(NDManager manager, ClipModel model, List<PromptTokens> prompts) {
        PromptTokens first = prompts.get(0);
        int[] head = Arrays.copyOf(first.ids(), first.contextStart());
        int[][] tails = prompts.stream().map(ClassPrompts::tail).toArray(int[][]::new);
        this.texts = new PrefixedTexts(manager, model.textEncoder(), head, first.contextLength(), tails);
        this.all = IntStream.range(0, prompts.size()).toArray();
    }

    private static int[] tail(PromptTokens prompt) {
        return Arrays.copyOfRange(prompt.ids(), prompt.contextStart() + prompt.contextLength(), prompt.eot() + 1);
    }

    /** Returns the indices of all classes. */
    int[] all() {
        return all.clone();
    }

    /**
     * Encodes all classes.
     *
     * @param context context vectors [n, W]
     * @return unnormalised text features [C, D]
     */
    public NDArray encode(NDArray context) {
        return encode(context, all);
    }

    /**
     * Encodes some classes; each once.
     *
     * @param context context vectors [n, W]
     * @param classes U indices of classes, distinct
     * @return unnormalised text features [U, D]
     */
    public NDArray encode(NDArray context, int[] classes) {
        return texts.encode(context, classes);
    }

    /**
     * As {@link #encode(NDArray, int[])}, for gradients.
     *
     * @param context context vectors, a leaf that requires a gradient [n, W]
     * @param classes U indices of classes, distinct
     * @return the features with their way back
     */
    Pass pass(NDArray context, int[] classes) {
        return texts.pass(context, classes);
    }
}
