package dev.metaprompt.app;

import dev.metaprompt.Progress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Sends progress to the parent, thinned out: a tight loop may report every step without filling the socket.
 *
 * <p>The first and the last update of a piece of work are always sent, the others at most one an interval.
 */
final class LinkProgress implements Progress {
    /** Often enough for a line on a terminal to look alive. */
    static final Duration INTERVAL = Duration.ofMillis(100);

    private final Progress target;
    private final LongSupplier nanoClock;
    private String lastWhat = "";
    private long lastTotal = -1;
    private long lastSent;

    /**
     * Creates it.
     *
     * @param target hears what is left
     * @param nanoClock nanoseconds from any origin
     */
    LinkProgress(Progress target, LongSupplier nanoClock) {
        this.target = target;
        this.nanoClock = nanoClock;
    }

    @Override
    public synchronized void phase(String text) {
        lastWhat = "";
        target.phase(text);
    }

    @Override
    public synchronized void update(String what, long done, long total, String detail) {
        long now = nanoClock.getAsLong();
        boolean fresh = !what.equals(lastWhat) || total != lastTotal;
        if (fresh || done >= total || now - lastSent >= INTERVAL.toNanos()) {
            lastWhat = what;
            lastTotal = total;
            lastSent = now;
            target.update(what, done, total, detail);
        }
    }
}
