package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.Optional;

/** How images become train, val and test: the option {@code dataset.split}. */
public sealed interface SplitChoice {
    /** The dataset's own: CoOp's split file, else its publisher's lists, else a random split of class folders. */
    record Own() implements SplitChoice {}

    /**
     * A split file.
     *
     * @param file in CoOp's format
     */
    record File(Path file) implements SplitChoice {}

    /**
     * One of the splits that DTD's publisher made.
     *
     * @param number from 1 to 10
     */
    record Official(int number) implements SplitChoice {}

    /**
     * A split of class folders, 50 : 20 : 30 in each class.
     *
     * @param seed of the split; not the run's, so that runs of several seeds share their test images
     */
    record Random(long seed) implements SplitChoice {}

    /**
     * Reads the option.
     *
     * @param value a file, {@code official:<1 to 10>} or {@code random:<seed>}; empty for the dataset's own
     * @param baseDirectory where a relative path starts
     * @return the choice
     * @throws InvalidInputException if a number is missing or out of range
     */
    static SplitChoice parse(Optional<String> value, Path baseDirectory) {
        if (value.isEmpty()) {
            return new Own();
        }
        String text = value.get();
        if (text.matches("official:([1-9]|10)")) {
            return new Official(Integer.parseInt(text.substring(text.indexOf(':') + 1)));
        }
        if (text.matches("random:\\d{1,15}")) {
            return new Random(Long.parseLong(text.substring(text.indexOf(':') + 1)));
        }
        if (text.startsWith("official:") || text.startsWith("random:")) {
            throw new InvalidInputException("dataset.split is " + Quoted.of(text)
                    + "; allowed is a split file, official:<1 to 10> or random:<seed>: for example official:1.");
        }
        return new File(baseDirectory.resolve(text).normalize());
    }
}
