package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text file with an entry a line, as publishers of datasets write them; blank lines do not count.
 *
 * @param path where it lies
 * @param bytes what it holds
 * @param lines its entries without white space around them
 */
record ListFile(Path path, byte[] bytes, List<Line> lines) {
    private static final long LARGEST = 1 << 29;

    /**
     * An entry.
     *
     * @param number of the line in the file, from 1
     * @param text never blank
     */
    record Line(int number, String text) {
        /** The first word. */
        String head() {
            return text.split("\\s", 2)[0];
        }

        /** What follows the first word; may be empty. */
        String tail() {
            return text.substring(head().length()).strip();
        }
    }

    static ListFile read(Path path) {
        try {
            byte[] bytes = PlainFiles.bytesBehindLinks(path, LARGEST);
            List<Line> lines = new ArrayList<>();
            ListFile file = new ListFile(path, bytes, lines);
            int number = 0;
            for (String line : UserText.lines(UserText.of(path, bytes))) {
                number++;
                if (!line.isBlank()) {
                    lines.add(file.checked(new Line(number, line.strip())));
                }
            }
            return file;
        } catch (IOException e) {
            throw new InvalidInputException(
                    "file " + path
                            + (Files.exists(path) ? " cannot be read (" + Quoted.reason(e) + ")" : " does not exist")
                            + "; allowed is a text file with an entry a line: complete the dataset.",
                    e);
        }
    }

    private Line checked(Line line) {
        if (line.text().chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw bad(line, "holds control characters", "plain text");
        }
        return line;
    }

    /** The fault of a line. */
    InvalidInputException bad(Line line, String found, String allowed) {
        return new InvalidInputException("file " + path + ", line " + line.number() + ", " + Quoted.of(line.text())
                + ": " + found + "; allowed is " + allowed + ": correct the line.");
    }
}
