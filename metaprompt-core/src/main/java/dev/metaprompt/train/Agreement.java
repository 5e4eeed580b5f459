package dev.metaprompt.train;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.util.Objects;

/**
 * How far a record and its replay have been found to agree; the first difference ends the comparison by an exception.
 *
 * <p>Names, counts and images must be the same. Computed numbers agree within {@value #LIMIT}; while all of them were the
 * same bit for bit, figures in percent must be the same too, and from then on may lie one test image apart.
 */
public final class Agreement {
    /** Largest relative difference of a computed number. */
    static final double LIMIT = 1e-3;
    /** Smallest divisor of a relative difference: the divergence starts at 0, where a relative one means nothing. */
    static final double FLOOR = 1e-4;

    /** The same figure computed twice from the same counts. */
    private static final double ROUNDING = 1e-6;

    private final String run;
    private double largest;
    private String place = "";
    private boolean sameFigures = true;

    /**
     * Begins a comparison.
     *
     * @param run the run's id, for messages
     */
    public Agreement(String run) {
        this.run = Quoted.of(run);
    }

    /**
     * Requires two values to be the same.
     *
     * @param where file, line and field
     * @param recorded the record's
     * @param replayed the replay's
     * @throws InvalidInputException if they are not
     */
    public void same(String where, Object recorded, Object replayed) {
        if (!Objects.equals(recorded, replayed)) {
            throw difference(where, String.valueOf(recorded), String.valueOf(replayed));
        }
    }

    /** Requires a relative difference of at most {@value #LIMIT}. */
    void close(String where, double recorded, double replayed) {
        close(where, recorded, replayed, FLOOR, LIMIT);
    }

    /** Requires |replayed − recorded| / max(|recorded|, floor) to be at most a limit. */
    void close(String where, double recorded, double replayed, double floor, double limit) {
        if (Double.compare(recorded, replayed) == 0) {
            return;
        }
        double apart = Math.abs(replayed - recorded) / Math.max(Math.abs(recorded), floor);
        // An infinite or undefined value is apart from everything.
        if (!(apart <= limit)) {
            throw difference(
                    where,
                    recorded + "",
                    replayed + " (relative difference " + rounded(apart) + ", " + rounded(limit) + " is allowed)");
        }
        if (apart >= largest) {
            largest = apart;
            place = where;
        }
    }

    /** Requires the same percentage, or one within some room where numbers have differed already. */
    void percent(String where, double recorded, double replayed, double room) {
        double apart = Math.abs(replayed - recorded);
        if (!(apart <= (exact() ? 0 : room) + ROUNDING)) {
            throw difference(where, recorded + "", replayed + "");
        }
        sameFigures &= apart <= ROUNDING;
    }

    /** Requires a recorded figure to follow from others of the record. */
    void follows(String where, double recorded, double expected, String from) {
        if (!(Math.abs(recorded - expected) <= ROUNDING)) {
            throw new InvalidInputException(
                    "run " + run + " contradicts itself: " + where + " is recorded as " + recorded + ", but " + from
                            + " gives " + expected + ". The record was changed; restore it, or train the run anew.");
        }
    }

    /** Returns whether every computed number was the same bit for bit so far. */
    boolean exact() {
        return place.isEmpty();
    }

    /**
     * Returns the error for a difference.
     *
     * @param where file, line and field
     * @param recorded what the record says
     * @param replayed what the replay says
     * @return one line, to be thrown
     */
    public InvalidInputException difference(String where, String recorded, String replayed) {
        return new InvalidInputException("run " + run + " differs from its replay first in " + where + ": recorded "
                + Quoted.of(recorded) + ", replayed " + Quoted.of(replayed)
                + ". The record was changed, or what it was made with"
                + " (version, machine, images) computes otherwise; restore it, or train the run anew.");
    }

    private static String rounded(double value) {
        return String.format(java.util.Locale.ROOT, "%.1e", value);
    }

    /**
     * Says how far numbers lie apart.
     *
     * @return for example {@code largest relative difference 0 (bit for bit)}
     */
    public String numbers() {
        return exact()
                ? "largest relative difference 0 (bit for bit)"
                : "largest relative difference " + rounded(largest) + " (" + place + ")";
    }

    /**
     * Says how figures in percent compare.
     *
     * @return {@code equal} or {@code within one test image}
     */
    public String figures() {
        return sameFigures ? "equal" : "within one test image";
    }
}
