package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The matrices that come with this version: the very files of the folder {@code experiments}. */
public final class BuiltInMatrices {
    /** Their names. */
    public static final List<String> NAMES = List.of(
            "n-way", "baselines", "kl", "shots", "ablation", "augment", "paper", "paper-dtd", "eleven", "smoke");

    private BuiltInMatrices() {}

    /**
     * Reads a matrix.
     *
     * @param name one of {@link #NAMES}
     * @param origin where the user named it
     * @return the matrix
     * @throws InvalidInputException if there is none of that name
     */
    public static Matrix open(String name, String origin) {
        if (!NAMES.contains(name)) {
            String nearest = NAMES.stream()
                    .min(Comparator.comparing(known -> EditDistance.of(known, Quoted.of(name))))
                    .orElseThrow();
            throw new InvalidInputException("experiment is " + Messages.shown(name) + " (" + origin + "), but neither a"
                    + " built-in matrix nor a .yaml file; did you mean " + nearest + "? Built in are "
                    + String.join(", ", NAMES) + ".");
        }
        return MatrixFile.read(name + ".yaml", name + ".yaml", BuiltInMatrices::read);
    }

    /**
     * Reads one of the files.
     *
     * @param file its name
     * @return its text
     * @throws IOException if there is none
     */
    static String read(String file) throws IOException {
        try (InputStream in =
                file.contains("/") ? null : BuiltInMatrices.class.getResourceAsStream("matrices/" + file)) {
            if (in == null) {
                throw new IOException("there is no built-in file of that name");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
