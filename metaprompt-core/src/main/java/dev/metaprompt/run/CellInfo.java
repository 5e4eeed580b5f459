package dev.metaprompt.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which cell of which experiment a run is: the content of {@value #FILE} in its run directory, where it is one.
 *
 * @param experiment the experiment's name
 * @param experimentId digest of the experiment's plan
 * @param cell digest of all that decides the cell's result
 * @param coordinates label by axis, in the order of the axes
 */
public record CellInfo(String experiment, String experimentId, String cell, Map<String, String> coordinates) {
    /** The file's name. */
    public static final String FILE = "cell.json";

    private static final long LARGEST = 1 << 20;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** Copies the map in its order. */
    public CellInfo {
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(experimentId, "experimentId");
        Objects.requireNonNull(cell, "cell");
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
    }

    /**
     * Writes the file.
     *
     * @param folder a run directory; exists
     * @throws InvalidInputException if it cannot be written
     */
    public void write(Path folder) {
        AtomicFiles.writeText(folder.resolve(FILE), GSON.toJson(this) + "\n");
    }

    /**
     * Reads the file.
     *
     * @param folder a run directory
     * @return nothing if the run is no cell of an experiment
     * @throws InvalidInputException if the file is damaged
     */
    public static Optional<CellInfo> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!PlainFiles.isThere(file)) {
            return Optional.empty();
        }
        try {
            // Gson wraps what the constructor refuses in exceptions of no common kind.
            CellInfo info = GSON.fromJson(PlainFiles.text(file, LARGEST), CellInfo.class);
            return Optional.of(Objects.requireNonNull(info, "an empty file"));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new InvalidInputException(
                    file + ": says of no experiment what cell this is (" + Quoted.reason(e)
                            + "). Delete the file; the run itself needs it not.",
                    e);
        }
    }
}
