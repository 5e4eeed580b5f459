package dev.metaprompt.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.metaprompt.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Turns text into a model's token ids, as the fast tokenizer of its folder does. */
public final class Tokenizer implements AutoCloseable {
    private static final String FILE_NAME = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;
    private final int contextLength;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int contextLength) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
    }

    /**
     * Opens a tokenizer.
     *
     * @param place a {@code tokenizer.json}, or a folder that holds one or CLIP's {@code vocab.json} and
     *     {@code merges.txt}
     * @param contextLength the longest sequence, begin and end included
     * @return the tokenizer; close it
     * @throws InvalidInputException if the folder has no tokenizer or it cannot be read
     */
    public static Tokenizer open(Path place, int contextLength) {
        if (!Files.isRegularFile(place.resolve(FILE_NAME)) && ClipVocabularyFiles.in(place)) {
            return ofVocabulary(place, contextLength);
        }
        Path file = file(place);
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
                    file + " cannot be read as a tokenizer: " + firstLine(e) + ". Fetch it again.", e);
        }
    }

    private static Tokenizer ofVocabulary(Path folder, int contextLength) {
        Map<String, String> options =
                Map.of("maxLength", String.valueOf(contextLength), "truncation", "true", "padding", "false");
        try (InputStream json = new ByteArrayInputStream(
                ClipVocabularyFiles.tokenizerJson(folder).getBytes(StandardCharsets.UTF_8))) {
            return new Tokenizer(HuggingFaceTokenizer.newInstance(json, options), contextLength);
        } catch (InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new InvalidInputException(
                    folder.resolve(ClipVocabularyFiles.VOCABULARY) + " and " + ClipVocabularyFiles.MERGES
                            + " cannot be read as a tokenizer: " + firstLine(e) + ". Fetch them again.",
                    e);
        }
    }

    private static Path file(Path place) {
        Path file = Files.isDirectory(place) ? place.resolve(FILE_NAME) : place;
        if (Files.isRegularFile(file)) {
            return file;
        }
        String what = Files.isDirectory(place)
                ? " has no " + FILE_NAME + ", nor vocab.json with merges.txt"
                : " does not exist";
        throw new InvalidInputException(place + what + ". Copy the " + FILE_NAME
                + " that belongs to the model there, or name its place as tokenizer.");
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
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
