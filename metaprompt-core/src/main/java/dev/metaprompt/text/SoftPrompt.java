package dev.metaprompt.text;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.util.Arrays;
import java.util.Optional;

/**
 * Number and initialisation of the context vectors.
 *
 * @param length n
 * @param init the init text; empty for random vectors
 * @param initIds the init text's token ids without begin and end
 */
public record SoftPrompt(int length, String init, Optional<int[]> initIds) {
    private static final String RESERVED = "X";

    /**
     * Creates a soft prompt.
     *
     * @param tokenizer the model's tokenizer
     * @param length n, at least 1
     * @param init init text of exactly n tokens, or {@code random}
     * @return the soft prompt
     * @throws InvalidInputException if the init text has another number of tokens
     */
    public static SoftPrompt of(Tokenizer tokenizer, int length, String init) {
        if (init.equals("random")) {
            return new SoftPrompt(length, "", Optional.empty());
        }
        int[] withEnds = tokenizer.whole(init);
        int count = withEnds.length - 2;
        if (count != length) {
            throw new InvalidInputException("prompt.init is \"" + Quoted.of(init) + "\", which has " + count
                    + " tokens; prompt.length is " + length + ". Set prompt.length=" + count
                    + ", choose a text of " + length + " tokens, or use prompt.init=random.");
        }
        return new SoftPrompt(length, init, Optional.of(Arrays.copyOfRange(withEnds, 1, withEnds.length - 1)));
    }

    /**
     * Tokenises a class's prompt as CoOp does: prefix, a space, the name, a full stop.
     *
     * @param tokenizer the model's tokenizer
     * @param className the data set's name
     * @return the tokens
     * @throws InvalidInputException if the prompt is longer than the model's context
     */
    public PromptTokens tokens(Tokenizer tokenizer, String className) {
        int[] name = tokenizer.whole(PromptTemplate.className(className) + ".");
        int total = name.length + length;
        if (total > tokenizer.contextLength()) {
            throw new InvalidInputException("class name \"" + Quoted.of(className) + "\" has " + (name.length - 2)
                    + " tokens; with prompt.length " + length + " its prompt takes " + total + " of the model's "
                    + tokenizer.contextLength() + ". Shorten the name or prompt.length.");
        }
        int[] ids = new int[total];
        int[] reserved = initIds.orElseGet(() -> reserved(tokenizer));
        ids[0] = name[0];
        System.arraycopy(reserved, 0, ids, 1, length);
        System.arraycopy(name, 1, ids, 1 + length, name.length - 1);
        return new PromptTokens(ids, 1, length, end(ids, 1 + length));
    }

    // A class name may spell the end token; the feature is read at the first.
    private static int end(int[] ids, int from) {
        int end = from;
        while (ids[end] != ids[ids.length - 1]) {
            end++;
        }
        return end;
    }

    private int[] reserved(Tokenizer tokenizer) {
        int[] ids = new int[length];
        Arrays.fill(ids, tokenizer.encode(RESERVED)[1]);
        return ids;
    }
}
