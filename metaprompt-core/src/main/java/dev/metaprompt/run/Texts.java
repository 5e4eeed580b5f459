package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the text files of a run directory. */
final class Texts {
    /** What one array of characters can hold; the lists of a long training are large. */
    private static final long LARGEST = Integer.MAX_VALUE - 16;

    private Texts() {}

    static String read(Path file) {
        if (!PlainFiles.isThere(file)) {
            throw new InvalidInputException(
                    file + ": there is no such file. Name a run directory that has it, or train a new run.");
        }
        try {
            return PlainFiles.text(file, LARGEST);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read as UTF-8 text (" + Quoted.reason(e) + "). Use another run.", e);
        }
    }
}
