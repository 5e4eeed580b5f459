package dev.metaprompt.experiment;

import dev.metaprompt.ModelReading;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One training of an experiment.
 *
 * @param number its place in the plan, from 0
 * @param id SHA-256, in lower-case hexadecimal, of all that decides its result: the resolved configuration without
 *     places and machine, the model's weights, the data by their lists
 * @param folder the name of its run directory below the experiment's folder
 * @param queue {@code gpu} or {@code cpu}: the kind of machine that computes it
 * @param coordinates label by axis, in the order of the axes
 * @param settings what the matrix sets for it; of two for one key the later one counts
 * @param content SHA-256, in lower-case hexadecimal, of what the images hold that it uses, as in its run's record; empty
 *     where that is not known, as in plans of older versions
 * @param reading what is read from the model's configuration and preprocessing files, see {@link ModelReading}; empty as
 *     above
 */
public record Cell(
        int number,
        String id,
        String folder,
        String queue,
        Map<String, String> coordinates,
        List<Assignment> settings,
        String content,
        String reading) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_NAME = 255;

    /** Copies the collections; refuses a folder that would lie elsewhere, for plans come from files. */
    public Cell {
        Objects.requireNonNull(queue, "queue");
        if (number < 0 || !DIGEST.matcher(id).matches()) {
            throw new IllegalArgumentException("no cell: number " + number + ", id " + Quoted.of(id));
        }
        if (folder.isEmpty() || folder.length() > LONGEST_NAME || folder.startsWith(".") || !isName(folder)) {
            throw new IllegalArgumentException("cell " + number + " has no name of a folder: " + Quoted.of(folder));
        }
        content = content == null ? "" : content;
        if (!content.isEmpty() && !DIGEST.matcher(content).matches()) {
            throw new IllegalArgumentException("cell " + number + " has no digest of images: " + Quoted.of(content));
        }
        reading = reading == null ? "" : reading;
        if (!reading.isEmpty() && !ModelReading.isReading(reading)) {
            throw new IllegalArgumentException(
                    "cell " + number + " has no digest of the model's files: " + Quoted.of(reading));
        }
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
        settings = List.copyOf(settings);
    }

    /**
     * Describes a cell of which nobody knows what its images hold and what is read from the model's files.
     *
     * @param number as above
     * @param id as above
     * @param folder as above
     * @param queue as above
     * @param coordinates as above
     * @param settings as above
     */
    public Cell(
            int number,
            String id,
            String folder,
            String queue,
            Map<String, String> coordinates,
            List<Assignment> settings) {
        this(number, id, folder, queue, coordinates, settings, "", "");
    }

    /**
     * Returns how the cell is named.
     *
     * @return for example {@code method=coop seed=1}; the folder's name for the only cell of a matrix without axes
     */
    public String label() {
        return coordinates.isEmpty() ? folder : label(coordinates);
    }

    /** Returns labels by axis as a person reads them. */
    static String label(Map<String, String> coordinates) {
        return coordinates.entrySet().stream()
                .map(place -> place.getKey() + "=" + place.getValue())
                .collect(Collectors.joining(" "));
    }

    private static boolean isName(String folder) {
        return Inside.faultOfOnePart(folder).isEmpty() && folder.indexOf(':') < 0;
    }
}
