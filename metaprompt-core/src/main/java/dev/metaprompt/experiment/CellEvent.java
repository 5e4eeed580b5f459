package dev.metaprompt.experiment;

/**
 * What a process that computes cells says: one line of JSON on its standard output, behind {@value #MARK}, which other
 * output lacks.
 *
 * @param what what is being done; null in the last event of a cell
 * @param done units done
 * @param total units in all
 * @param detail figures of the moment
 * @param end how the cell ended; null in all events but the last of a cell
 */
public record CellEvent(String what, long done, long total, String detail, CellEnd end) {
    /** Begins every line that is an event. */
    public static final String MARK = "@cell ";

    /**
     * Makes the event that tells of progress.
     *
     * @param what what is being done
     * @param done units done
     * @param total units in all
     * @param detail figures of the moment
     * @return the event
     */
    public static CellEvent progress(String what, long done, long total, String detail) {
        return new CellEvent(what, done, total, detail, null);
    }

    /**
     * Makes the last event of a cell.
     *
     * @param end how it ended
     * @return the event
     */
    public static CellEvent end(CellEnd end) {
        return new CellEvent(null, 0, 0, null, end);
    }
}
