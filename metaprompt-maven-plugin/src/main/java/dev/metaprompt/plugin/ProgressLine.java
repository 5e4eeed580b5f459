package dev.metaprompt.plugin;

import java.time.Duration;
import java.util.Locale;

/**
 * Follows one piece of work after the other and words where it is: count, rate, time left.
 *
 * <p>The rate is that since the first update of the piece, so that a resumed run is not credited with what an earlier
 * one did.
 */
final class ProgressLine {
    private String what = "";
    private long total = -1;
    private long done;
    private String detail = "";
    private long firstDone;
    private long firstNanos;
    private long lastNanos;

    /** Forgets the piece of work. */
    void clear() {
        what = "";
        total = -1;
    }

    /**
     * Takes an update in.
     *
     * @param nanos the time, in nanoseconds from any origin
     * @return true if this is the first update of a piece of work
     */
    boolean update(String newWhat, long newDone, long newTotal, String newDetail, long nanos) {
        boolean fresh = !newWhat.equals(what) || newTotal != total || newDone < done;
        if (fresh) {
            firstDone = newDone;
            firstNanos = nanos;
        }
        what = newWhat;
        done = newDone;
        total = newTotal;
        detail = newDetail;
        lastNanos = nanos;
        return fresh;
    }

    /** Tells whether anything is counted at the moment. */
    boolean active() {
        return total >= 0;
    }

    /** Returns for example {@code epoch 37/100, 1.9/s, 33 s left, loss 0.832}. */
    String text() {
        if (!active()) {
            return "";
        }
        StringBuilder line =
                new StringBuilder(what).append(' ').append(done).append('/').append(total);
        double rate = rate();
        if (rate > 0) {
            line.append(", ").append(rateText(rate));
            if (done < total) {
                line.append(", ").append(timeText((total - done) / rate)).append(" left");
            }
        }
        return detail.isEmpty()
                ? line.toString()
                : line.append(", ").append(detail).toString();
    }

    private double rate() {
        long nanos = lastNanos - firstNanos;
        return nanos <= 0 || done <= firstDone ? 0 : (done - firstDone) / (nanos * 1e-9);
    }

    /** Slow work is worded as time each: a tenth of an epoch a second says little. */
    private static String rateText(double rate) {
        if (rate < 0.5) {
            return timeText(1 / rate) + " each";
        }
        return String.format(Locale.ROOT, rate < 10 ? "%.1f/s" : "%.0f/s", rate);
    }

    static String timeText(double seconds) {
        Duration d = Duration.ofSeconds((long) Math.ceil(seconds));
        if (d.toHours() > 0) {
            return d.toHours() + " h " + d.toMinutesPart() + " min";
        }
        if (d.toMinutes() > 0) {
            return d.toMinutes() + " min " + d.toSecondsPart() + " s";
        }
        return d.toSeconds() + " s";
    }
}
