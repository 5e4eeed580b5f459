package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.text.PromptTokens;
import java.util.Arrays;
import java.util.List;

/**
 * The prompts {@code [BOS] v_1..v_n <name>. [EOT]} of a list of classes: everything but the context vectors is looked
 * up once and kept.
 */
public final class ClassPrompts {
    private final ClipModel model;
    private final int contextLength;
    private final int[] ends;
    private final NDArray before;
    private final NDArray after;

    /**
     * Looks the fixed parts up.
     *
     * @param manager owner of the kept embeddings
     * @param model the frozen model
     * @param prompts the tokenised prompts of C classes, all with the same context length
     */
    public ClassPrompts(NDManager manager, ClipModel model, List<PromptTokens> prompts) {
        this.model = model;
        PromptTokens first = prompts.get(0);
        this.contextLength = first.contextLength();
        int[][] ids = prompts.stream().map(PromptTokens::ids).toArray(int[][]::new);
        this.ends = prompts.stream().mapToInt(PromptTokens::eot).toArray();
        NDArray embeddings = model.textEncoder().embed(manager, ids);
        int start = first.contextStart();
        this.before = embeddings.get(":, 0:" + start + ", :").duplicate();
        this.after = embeddings.get(":, " + (start + contextLength) + ":, :").duplicate();
        before.attach(manager);
        after.attach(manager);
        embeddings.close();
    }

    /**
     * Returns the number of classes.
     *
     * @return C
     */
    public int size() {
        return ends.length;
    }

    /**
     * Encodes all classes.
     *
     * @param context context vectors [n, W]
     * @return unnormalised text features [C, D]
     */
    public NDArray encode(NDArray context) {
        return encode(context, before, after, ends);
    }

    /**
     * Encodes some classes; each once.
     *
     * @param context context vectors [n, W]
     * @param classes U indices of classes, distinct
     * @return unnormalised text features [U, D]
     */
    public NDArray encode(NDArray context, int[] classes) {
        try (NDArray index = context.getManager().create(classes).toType(DataType.INT64, false)) {
            int[] someEnds = Arrays.stream(classes).map(c -> ends[c]).toArray();
            return encode(context, before.get(index), after.get(index), someEnds);
        }
    }

    private NDArray encode(NDArray context, NDArray head, NDArray tail, int[] someEnds) {
        long classes = head.getShape().get(0);
        NDArray middle = context.expandDims(0).repeat(0, classes);
        NDArray embeddings = ai.djl.ndarray.NDArrays.concat(new NDList(head, middle, tail), 1);
        return model.textEncoder().encode(embeddings, someEnds);
    }
}
