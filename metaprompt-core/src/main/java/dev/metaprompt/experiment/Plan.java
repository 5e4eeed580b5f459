package dev.metaprompt.experiment;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an experiment computes: the content of {@code experiment.json} in its folder.
 *
 * @param name the experiment's name, which names its folder: {@link #NAME}
 * @param title one line for people
 * @param id SHA-256, in lower-case hexadecimal, of all else that stands here (see {@link #of}); in plans that were written
 *     before it covered all, the {@link #experimentId}
 * @param options what the user set for all cells, without places and machine; stronger than the cells' own settings
 * @param compare how its groups are compared
 * @param cells in the matrix's order, ids all different
 */
public record Plan(
        String name, String title, String id, List<Assignment> options, Comparison compare, List<Cell> cells) {
    /** What an experiment may be called: the name of a folder on every system. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]{0,99}");

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Copies the lists; refuses a name that is no folder's and an id that is no digest, for plans come from elsewhere. */
    public Plan {
        Objects.requireNonNull(title, "title");
        requireName(name);
        requireId(id);
        Objects.requireNonNull(compare, "compare");
        options = List.copyOf(options);
        cells = List.copyOf(cells);
    }

    /**
     * Makes a plan, whose id follows from all else.
     *
     * @param name the experiment's name
     * @param title one line for people
     * @param options what the user set for all cells
     * @param compare how its groups are compared
     * @param cells in the matrix's order
     * @return the plan
     */
    public static Plan of(String name, String title, List<Assignment> options, Comparison compare, List<Cell> cells) {
        Plan draft = new Plan(name, title, "0".repeat(64), options, compare, cells);
        return new Plan(name, title, PlanFile.digest(draft), options, compare, cells);
    }

    /**
     * Returns what the experiment is known by: the same matrix on the same data and model has the same one, whatever its
     * title and wherever its settings were written.
     *
     * @return 64 lower-case hexadecimal digits: SHA-256, twice, of the name and the cells' ids in order
     */
    public String experimentId() {
        String all = name + "\n" + cells.stream().map(Cell::id).collect(Collectors.joining("\n"));
        return Sha256.twice(all.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Checks a name that comes from elsewhere.
     *
     * @param name the name of an experiment
     * @return the name
     * @throws IllegalArgumentException if no experiment can have it
     */
    public static String requireName(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("an experiment cannot be called \"" + Quoted.of(name)
                    + "\"; allowed are letters, digits, \".\", \"_\" and \"-\"");
        }
        return name;
    }

    /**
     * Checks an id that comes from elsewhere.
     *
     * @param id the id of a plan
     * @return the id
     * @throws IllegalArgumentException if it is no digest
     */
    public static String requireId(String id) {
        if (id == null || !DIGEST.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "\"" + Quoted.of(id) + "\" is the id of no plan; allowed are 64 hexadecimal digits");
        }
        return id;
    }

    /**
     * Returns this plan, fetched by name and id, if it is what was asked for.
     *
     * @param asked the name that was asked for
     * @param askedId the id that was asked for
     * @param label where it was found, for the message
     * @return this
     * @throws InvalidInputException if name or id are others, or the id is not the digest of what stands here
     */
    public Plan requireAsked(String asked, String askedId, String label) {
        boolean whole = id.equals(PlanFile.digest(this)) || id.equals(experimentId());
        if (!name.equals(asked) || !id.equals(askedId) || !whole) {
            throw new InvalidInputException(label + ": holds "
                    + (whole ? "the plan " + name + " " + id : "a plan that was changed after it was written")
                    + ", not " + Quoted.of(asked) + " " + Quoted.of(askedId)
                    + ". Run the experiment again, which writes it.");
        }
        return this;
    }
}
