package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** The tokens of the texts that {@code encode} is given. */
final class TextLines {
    private final Tokenizer tokenizer;
    private final boolean truncate;

    /**
     * Creates it.
     *
     * @param truncate whether texts that are too long are cut; they are refused otherwise
     */
    TextLines(Tokenizer tokenizer, boolean truncate) {
        this.tokenizer = tokenizer;
        this.truncate = truncate;
    }

    /** Encodes all lines of a file, before anything else is computed. */
    int[][] ids(Path file, List<String> lines, Progress progress) {
        int[][] ids = new int[lines.size()][];
        int tooLong = 0;
        int first = 0;
        int tokensOfFirst = 0;
        for (int i = 0; i < ids.length; i++) {
            int[] whole = tokenizer.whole(lines.get(i));
            // Of what does not fit no more is held than is used: a text may have many times the tokens that do.
            ids[i] = tokenizer.cut(whole);
            if (whole.length > tokenizer.contextLength() && tooLong++ == 0) {
                first = i;
                tokensOfFirst = whole.length;
            }
        }
        if (tooLong == 0) {
            return ids;
        }
        if (truncate) {
            progress.phase("warning: " + tooLong + " of " + ids.length + " texts are cut to the model's "
                    + tokenizer.contextLength() + " tokens, the first in line " + (first + 1));
            return ids;
        }
        throw new InvalidInputException("texts is " + Quoted.path(file) + ", line " + (first + 1) + ", \""
                + Quoted.of(lines.get(first)) + "\": it " + tokenizer.tooLong(tokensOfFirst)
                + (tooLong == 1 ? "" : "; " + tooLong + " of " + ids.length + " texts are too long")
                + ". Shorten it, or have such texts cut with -Dmetaprompt.encode.truncate=true.");
    }
}
