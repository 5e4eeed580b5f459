package dev.metaprompt;

/** Hears how a long piece of work goes on. Implementations are safe for use by several threads. */
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void phase(String text) {}

        @Override
        public void update(String what, long done, long total, String detail) {}
    };

    /**
     * A phase begins or has something to tell: one whole line for the user. A text that begins with {@code "warning: "} is
     * a warning, and shown as one.
     *
     * @param text one line without line end
     */
    void phase(String text);

    /**
     * A counted piece of work went on; called as often as convenient, the receiver thins it out.
     *
     * @param what what is counted, for example {@code "images encoded"} or {@code "epoch"}
     * @param done how many are done, 0 ≤ done ≤ total
     * @param total how many there are
     * @param detail more to show behind the count, for example the loss; may be empty
     */
    void update(String what, long done, long total, String detail);
}
