package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the text files of a run directory. */
final class Texts {
    private Texts() {}

    static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    file + ": there is no such file. Name a run directory that has it, or train a new run.");
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read as UTF-8 text (" + e.getMessage() + "). Use another run.", e);
        }
    }
}
