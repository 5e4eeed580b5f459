package dev.metaprompt.plugin;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.maven.plugin.logging.Log;

/**
 * Shows a goal's events: one line a phase; a live line on a terminal, elsewhere a plain line now and then; the result,
 * which is all that is left when Maven is quiet.
 */
final class GoalConsole implements ChildEvents {
    /** How often a plain line says where the work is. */
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);

    /** Begins a phase's text that is no phase but a warning: the core's words. */
    private static final String WARNING = "warning: ";

    private static final String ERASE_LINE = "\r\u001b[K";
    private final Log log;
    private final PrintStream out;
    private final boolean live;
    private final LongSupplier nanoClock;
    private final ProgressLine line = new ProgressLine();
    private long lastPlain;
    private boolean drawn;
    private String phase = "";

    /**
     * Creates it.
     *
     * @param log Maven's
     * @param out the terminal, or what stands for it
     * @param live true to draw a live line on {@code out}
     * @param nanoClock nanoseconds from any origin
     */
    GoalConsole(Log log, PrintStream out, boolean live, LongSupplier nanoClock) {
        this.log = new SafeLog(log);
        this.out = out;
        this.live = live && log.isInfoEnabled();
        this.nanoClock = nanoClock;
    }

    /**
     * Tells whether a live line makes sense.
     *
     * @param interactive false in Maven's batch mode
     * @param terminal true if standard input and output are one
     * @param term the variable TERM, or null
     */
    static boolean wantsLiveLine(boolean interactive, boolean terminal, String term) {
        return interactive && terminal && !"dumb".equals(term);
    }

    @Override
    public synchronized void phase(String text) {
        erase();
        if (text.startsWith(WARNING)) {
            log.warn(text.substring(WARNING.length()));
            return;
        }
        line.clear();
        phase = text;
        log.info(text);
    }

    @Override
    public synchronized void update(String what, long done, long total, String detail) {
        long now = nanoClock.getAsLong();
        if (line.update(what, done, total, detail, now)) {
            lastPlain = now;
        }
        if (live) {
            erase();
            out.print(ConsoleText.line(line.text()));
            out.flush();
            drawn = true;
        } else if (now - lastPlain >= PLAIN_INTERVAL.toNanos()) {
            lastPlain = now;
            log.info(line.text());
        }
    }

    @Override
    public synchronized void result(List<String> lines) {
        erase();
        line.clear();
        for (String text : lines) {
            if (log.isInfoEnabled()) {
                log.info(text);
            } else {
                ConsoleText.lines(text).forEach(out::println);
            }
        }
    }

    /** Removes the live line. */
    synchronized void close() {
        erase();
    }

    private void erase() {
        if (drawn) {
            out.print(ERASE_LINE);
            out.flush();
            drawn = false;
        }
    }

    /** Returns what was going on last, for a message about a crash. */
    synchronized String inProgress() {
        return line.active() ? line.text() : phase;
    }
}
