package dev.metaprompt.experiment;

/** Hears how far a cell has come. Called by one thread at a time, often; returns at once. */
@FunctionalInterface
public interface CellWatcher {
    /**
     * Tells of progress.
     *
     * @param what what is being done, for example {@code training}
     * @param done units done
     * @param total units in all
     * @param detail figures of the moment; may be empty
     */
    void progress(String what, long done, long total, String detail);
}
