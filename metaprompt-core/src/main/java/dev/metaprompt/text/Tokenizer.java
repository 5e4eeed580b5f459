package dev.metaprompt.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Turns text into a model's token ids, as the fast tokenizer of its folder does. */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final int contextLength;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int contextLength) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
    }

    /**
     * Opens a tokenizer.
     *
     * @param place a {@code tokenizer.json}, or a folder that holds one
     * @param contextLength the longest sequence, begin and end included
     * @return the tokenizer; close it
     * @throws InvalidInputException if the folder has no tokenizer or it cannot be read
     */
    public static Tokenizer open(Path modelFolder, int contextLength) {
        Path file = modelFolder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    modelFolder + " has no tokenizer.json. Copy the tokenizer.json of the model's own folder there.");
        }
        try {
            return new Tokenizer(
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optMaxLength(contextLength)
                            .optTruncation(true)
                            .optPadding(false)
                            .build(),
                    contextLength);
        } catch (IOException | RuntimeException e) {
            throw new InvalidInputException(
                    file + " cannot be read as a tokenizer: " + e.getMessage() + ". Fetch it again.", e);
        }
    }

    /**
     * Encodes a text.
     *
     * @param text any text
     * @return begin token, the text's tokens, end token; cut so that the end token is the last at most at
     *     {@link #contextLength()}
     */
    public int[] encode(String text) {
        return Arrays.stream(tokenizer.encode(text).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /**
     * Returns the longest sequence.
     *
     * @return tokens, begin and end included
     */
    public int contextLength() {
        return contextLength;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
